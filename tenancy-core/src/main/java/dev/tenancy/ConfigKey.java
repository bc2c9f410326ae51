package dev.tenancy;

import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A setting that is read once, at start: its name, and how its text is read.
 *
 * @param <T> the type of its values
 * @param name starts with {@code tenancy.}; lower-case letters and digits, in parts that dots and hyphens separate
 * @param allowed what is allowed, in words that complete "allowed: …"
 * @param parser reads the text, trimmed and not blank; throws {@link RuntimeException} for a bad one
 * @param required whether the start fails without it
 * @since 0.1
 */
public record ConfigKey<T>(String name, String allowed, Function<String, T> parser, boolean required) {

    /** What each key starts with. */
    static final String PREFIX = "tenancy.";

    private static final Pattern NAME = Pattern.compile("tenancy(\\.[a-z0-9]+(-[a-z0-9]+)*)+");

    /**
     * Declares a setting.
     *
     * @throws IllegalArgumentException if the name is not in the form of a key
     */
    public ConfigKey {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "'" + name + "' is not the name of a key; allowed: tenancy., then lower-case"
                            + " letters and digits, in parts that dots and hyphens separate");
        }
    }

    /**
     * {@return a key that may be left out}
     *
     * @param <T> the type of its values
     * @param name starts with {@code tenancy.}
     * @param allowed what is allowed, in words that complete "allowed: …"
     * @param parser reads the text, trimmed and not blank; throws {@link RuntimeException} for a bad one
     */
    public static <T> ConfigKey<T> of(String name, String allowed, Function<String, T> parser) {
        return new ConfigKey<>(name, allowed, parser, false);
    }

    /**
     * {@return a key that may be left out and whose text is its value}
     *
     * @param name starts with {@code tenancy.}
     * @param allowed what is allowed, in words that complete "allowed: …"
     */
    public static ConfigKey<String> text(String name, String allowed) {
        return of(name, allowed, text -> text);
    }

    /** {@return this key, not to be left out} */
    public ConfigKey<T> asRequired() {
        return new ConfigKey<>(name, allowed, parser, true);
    }

    /** {@return the name of the environment variable: {@code TENANCY_JWT_JWKS_URI} for {@code tenancy.jwt.jwks-uri}} */
    String variable() {
        return name.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
    }

    /**
     * Whether a key is meant for this library: its first part is {@code tenancy}, in any case, or that with one letter
     * too many, missing, wrong, or two neighbours swapped.
     */
    static boolean isMeant(String key) {
        String right = PREFIX.substring(0, PREFIX.length() - 1);
        String typed = key.split("\\.", 2)[0].toLowerCase(Locale.ROOT);
        int shorter = Math.min(right.length(), typed.length());
        int same = 0;
        while (same < shorter && right.charAt(same) == typed.charAt(same)) {
            same++;
        }
        int sameAtEnd = 0;
        while (sameAtEnd < shorter - same
                && right.charAt(right.length() - 1 - sameAtEnd) == typed.charAt(typed.length() - 1 - sameAtEnd)) {
            sameAtEnd++;
        }
        String differs = right.substring(same, right.length() - sameAtEnd);
        String instead = typed.substring(same, typed.length() - sameAtEnd);
        return (differs.length() <= 1 && instead.length() <= 1)
                || (differs.length() == 2
                        && new StringBuilder(instead).reverse().toString().equals(differs));
    }
}
