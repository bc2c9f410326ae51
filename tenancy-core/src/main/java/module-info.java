/** Who is the tenant: resolvers, catalog, context and guards. */
module dev.tenancy.core {
    requires static transitive org.jspecify;
    requires com.github.benmanes.caffeine;
    requires java.naming;
    requires java.sql;
    requires org.slf4j;
    requires static context.propagation;
    requires static jakarta.servlet;
    requires static micrometer.core;
    requires static org.junit.jupiter.api;

    exports dev.tenancy;
    exports dev.tenancy.catalog;
    exports dev.tenancy.event;
    exports dev.tenancy.micrometer;
    exports dev.tenancy.resolver;
    exports dev.tenancy.resource;
    exports dev.tenancy.servlet;
    exports dev.tenancy.testing;
    exports dev.tenancy.ticket;

    uses dev.tenancy.TenantResolver;
    uses dev.tenancy.TenantResolverFactory;

    provides dev.tenancy.TenantResolverFactory with
            dev.tenancy.internal.resolver.ApiKeyResolverFactory,
            dev.tenancy.internal.resolver.ClientCertificateResolverFactory,
            dev.tenancy.internal.resolver.CookieResolverFactory,
            dev.tenancy.internal.resolver.FixedResolverFactory,
            dev.tenancy.internal.resolver.HeaderResolverFactory,
            dev.tenancy.internal.resolver.HostResolverFactory,
            dev.tenancy.internal.resolver.PathResolverFactory,
            dev.tenancy.internal.resolver.PrincipalResolverFactory,
            dev.tenancy.internal.resolver.TicketResolverFactory;
}
