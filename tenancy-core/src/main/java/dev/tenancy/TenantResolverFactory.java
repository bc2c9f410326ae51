package dev.tenancy;

import java.util.Set;

/**
 * Makes a resolver that has settings. Found by {@link java.util.ServiceLoader}, made active by
 * {@code tenancy.resolvers}.
 *
 * @since 0.1
 */
public interface TenantResolverFactory {

    /** {@return the name of the resolver that it makes} */
    String name();

    /** {@return the settings that it reads; no others are known to {@link TenancyConfig}} */
    Set<ConfigKey<?>> keys();

    /**
     * {@return a resolver made from {@code config}}
     *
     * @throws TenancyConfigException if a setting is missing or does not fit the others
     */
    TenantResolver create(TenancyConfig config);
}
