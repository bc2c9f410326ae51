/** The token proves: JSON Web Tokens verified with approved algorithms only. */
module dev.tenancy.jwt {
    requires static transitive org.jspecify;
    requires transitive dev.tenancy.core;
    requires transitive com.nimbusds.jose.jwt;
    requires com.github.benmanes.caffeine;
    requires java.net.http;
    requires org.slf4j;

    exports dev.tenancy.jwt;

    provides dev.tenancy.TenantResolverFactory with
            dev.tenancy.jwt.internal.JwtResolverFactory;
}
