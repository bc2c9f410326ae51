package dev.tenancy;

import java.util.Locale;
import java.util.function.Function;

/**
 * A setting that is read once, at start: its name, and how its text is read.
 *
 * @param <T> the type of its values
 * @param name starts with {@code tenancy.}; lower case, with dots and hyphens
 * @param allowed what is allowed, in words that complete "allowed: …"
 * @param parser reads the text, trimmed and not blank; throws {@link RuntimeException} for a bad one
 * @param required whether the start fails without it
 * @since 0.1
 */
public record ConfigKey<T>(String name, String allowed, Function<String, T> parser, boolean required) {

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
}
