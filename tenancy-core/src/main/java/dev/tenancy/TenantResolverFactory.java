package dev.tenancy;

import java.util.Set;

/**
 * Makes a resolver that has settings. Found by {@link java.util.ServiceLoader}, made active by
 * {@code tenancy.resolvers}.
 *
 * @since 0.1
 */
public interface TenantResolverFactory {

    /**
     * {@return the name of the resolver that it makes; lower-case letters and digits, in parts that hyphens separate}
     */
    String name();

    /**
     * {@return the settings that it reads; no others are known to {@link TenancyConfig}}
     *
     * <p>Two factories may read one setting if they share the {@link ConfigKey} object.
     */
    Set<ConfigKey<?>> keys();

    /**
     * {@return a new resolver made from {@code config}}
     *
     * <p>One that is {@link AutoCloseable} belongs to who loads it: it is closed at once if the start fails.
     *
     * @throws TenancyConfigException if a setting is missing, bad or does not fit the others; best with all faults
     */
    TenantResolver create(TenancyConfig config);
}
