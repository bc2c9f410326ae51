/** Who is the tenant: resolvers, catalog, context and guards. */
module dev.tenancy.core {
    requires static transitive org.jspecify;
    requires java.sql;
    requires org.slf4j;

    exports dev.tenancy;
    exports dev.tenancy.resolver;

    uses dev.tenancy.TenantResolver;
    uses dev.tenancy.TenantResolverFactory;

    provides dev.tenancy.TenantResolverFactory with
            dev.tenancy.internal.resolver.ApiKeyResolverFactory,
            dev.tenancy.internal.resolver.FixedResolverFactory,
            dev.tenancy.internal.resolver.HeaderResolverFactory;
}
