package dev.tenancy.internal.resolver;

import dev.tenancy.ConfigKey;
import dev.tenancy.TenancyConfig;
import dev.tenancy.TenantResolver;
import dev.tenancy.TenantResolverFactory;
import dev.tenancy.resolver.HostTenantResolver;
import java.util.List;
import java.util.Set;

/** Makes the {@link HostTenantResolver}. */
public final class HostResolverFactory implements TenantResolverFactory {
    private static final ConfigKey<List<String>> SUFFIX = ConfigKey.of(
            "tenancy.host.suffix",
            "domain names in ASCII under which each tenant has a host, separated by commas",
            Assignments::list);
    private static final ConfigKey<String> TENANTS =
            ConfigKey.text("tenancy.host.tenants", "a host, '=', a tenant id; several separated by ';', no host twice");
    private static final ConfigKey<List<String>> NEUTRAL =
            ConfigKey.of("tenancy.host.neutral", "hosts that name nobody, separated by commas", Assignments::list);

    @Override
    public String name() {
        return HostTenantResolver.NAME;
    }

    @Override
    public Set<ConfigKey<?>> keys() {
        return Set.of(SUFFIX, TENANTS, NEUTRAL);
    }

    @Override
    public TenantResolver create(TenancyConfig config) {
        HostTenantResolver.Builder builder = HostTenantResolver.builder();
        Faults faults = new Faults(config);
        faults.read(SUFFIX, suffixes -> suffixes.forEach(builder::suffix));
        faults.read(TENANTS, tenants -> Assignments.splitAtFirst(tenants, builder::tenant));
        faults.read(NEUTRAL, hosts -> hosts.forEach(builder::neutral));
        return faults.unlessAny("tenancy.host", builder::build);
    }
}
