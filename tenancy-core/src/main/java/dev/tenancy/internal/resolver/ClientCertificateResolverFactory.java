package dev.tenancy.internal.resolver;

import dev.tenancy.ConfigKey;
import dev.tenancy.TenancyConfig;
import dev.tenancy.TenantResolver;
import dev.tenancy.TenantResolverFactory;
import dev.tenancy.resolver.ClientCertificateTenantResolver;
import java.util.Set;

/** Makes the {@link ClientCertificateTenantResolver}. */
public final class ClientCertificateResolverFactory implements TenantResolverFactory {
    private static final ConfigKey<String> ATTRIBUTE = ConfigKey.text(
            "tenancy.client-certificate.attribute",
            "the attribute of the subject that names the tenant: CN, L, ST, O, OU, C, STREET, DC or UID");
    private static final ConfigKey<String> TENANTS = ConfigKey.text(
            "tenancy.client-certificate.tenants",
            "a subject, '=', a tenant id without '='; several separated by ';', no subject twice");

    @Override
    public String name() {
        return ClientCertificateTenantResolver.NAME;
    }

    @Override
    public Set<ConfigKey<?>> keys() {
        return Set.of(ATTRIBUTE, TENANTS);
    }

    @Override
    public TenantResolver create(TenancyConfig config) {
        ClientCertificateTenantResolver.Builder builder = ClientCertificateTenantResolver.builder();
        Faults faults = new Faults(config);
        faults.read(ATTRIBUTE, builder::attribute);
        faults.read(TENANTS, tenants -> Assignments.splitAtLast(tenants, builder::tenant));
        return faults.unlessAny("tenancy.client-certificate", builder::build);
    }
}
