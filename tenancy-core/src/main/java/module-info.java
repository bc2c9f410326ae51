/** Who is the tenant: resolvers, catalog, context and guards. */
module dev.tenancy.core {
    requires static transitive org.jspecify;
    requires com.github.benmanes.caffeine;
    requires java.sql;
    requires org.slf4j;
    requires static context.propagation;
    requires static jakarta.servlet;
    requires static micrometer.core;
    requires static org.junit.jupiter.api;

    exports dev.tenancy;
    exports dev.tenancy.event;
    exports dev.tenancy.resolver;

    uses dev.tenancy.TenantResolver;
    uses dev.tenancy.TenantResolverFactory;

    provides dev.tenancy.TenantResolverFactory with
            dev.tenancy.internal.resolver.ApiKeyResolverFactory,
            dev.tenancy.internal.resolver.FixedResolverFactory,
            dev.tenancy.internal.resolver.HeaderResolverFactory;
}
