package dev.tenancy;

import java.util.function.Function;

/**
 * A setting that a module keeps per tenant, and how its text is read. A module declares each of its settings once, as a
 * constant; two are the same setting only if they are the same object.
 *
 * @param <T> the type of its values
 * @since 0.1
 */
public final class TenantSetting<T> {
    private final String name;
    private final Function<String, T> parser;

    private TenantSetting(String name, Function<String, T> parser) {
        this.name = name;
        this.parser = parser;
    }

    /**
     * {@return a setting}
     *
     * @param <T> the type of its values
     * @param name as the catalog has it, such as {@code rate-limit}
     * @param parser reads its text; throws a {@link RuntimeException} for a bad one, whose message says what is allowed
     */
    public static <T> TenantSetting<T> of(String name, Function<String, T> parser) {
        return new TenantSetting<>(name, parser);
    }

    /** {@return the name in the catalog} */
    public String name() {
        return name;
    }

    T parse(TenantId tenant, String text) {
        try {
            return parser.apply(text);
        } catch (RuntimeException bad) {
            throw new UnavailableException(
                    "setting '" + name + "' of tenant " + tenant + " cannot be used: " + bad.getMessage(), bad);
        }
    }
}
