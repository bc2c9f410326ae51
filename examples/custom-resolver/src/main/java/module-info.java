/** A resolver of one's own. */
module dev.tenancy.example.resolver {
    requires static org.jspecify;
    requires dev.tenancy.core;

    provides dev.tenancy.TenantResolverFactory with
            dev.tenancy.example.resolver.SignedHeaderResolverFactory;
}
