package dev.tenancy.jwt;

import com.nimbusds.jose.jwk.JWKSet;
import dev.tenancy.CredentialSource;
import dev.tenancy.Resolution;
import dev.tenancy.TenancyConfigException;
import dev.tenancy.TenantRequest;
import dev.tenancy.TenantResolver;
import java.net.URI;
import java.security.Provider;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Proves a tenant by a signed JSON Web Token, in {@code Authorization: Bearer} if no other place is said.
 *
 * <p>Only algorithms that are allowed are accepted, RS256 and ES256 unless more are, whatever the token or a key set
 * says (RFC 8725 section 3.1), only keys of the issuer, and no token that brings a key along. A credential that is no
 * JWS in compact form (RFC 7515 section 7.1) is {@link Resolution.Unrecognized}; one that is, and is wrong in any way,
 * is {@link Resolution.Rejected}, and so is an encrypted token; a key server that cannot be reached is
 * {@link Resolution.Unavailable}. Immutable and thread-safe.
 *
 * @since 0.1
 */
public final class JwtTenantResolver implements TenantResolver {

    /** The name of this resolver in {@code tenancy.resolvers}, and unless another is set. */
    public static final String NAME = "jwt";

    private final String name;
    private final Set<CredentialSource> sources;
    private final TokenVerifier verifier;

    private JwtTenantResolver(Builder builder, TokenVerifier verifier) {
        this.name = builder.name;
        this.sources = builder.sources.isEmpty() ? Set.of(CredentialSource.bearer()) : Set.copyOf(builder.sources);
        this.verifier = verifier;
    }

    /** {@return a builder of a resolver for tokens of one issuer, or of several} */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Set<CredentialSource> sources() {
        return sources;
    }

    @Override
    public Resolution resolve(TenantRequest request) {
        return CredentialSource.resolveOneOf(sources, request, verifier::resolve);
    }

    /** {@return its name} */
    @Override
    public String toString() {
        return "JwtTenantResolver[" + name + "]";
    }

    /**
     * Collects the settings. Required is an issuer: either one that is described here, by {@link #issuer(String)},
     * {@link #audience}, and {@link #jwksUri} or {@link #keySet}; or one or several {@link JwtIssuer}s. Not
     * thread-safe.
     *
     * @since 0.1
     */
    public static final class Builder {
        private final Set<CredentialSource> sources = new LinkedHashSet<>();
        private final List<JwtIssuer> issuers = new ArrayList<>();
        private final ResolverParts parts = new ResolverParts();
        private final JwtIssuer.Builder described = new JwtIssuer.Builder();
        private boolean isDescribed;
        private String name = NAME;

        private Builder() {}

        /** Adds a place where a token is looked for; {@code Authorization: Bearer} if none is said. */
        public Builder source(CredentialSource place) {
            sources.add(place);
            return this;
        }

        /** Sets the resolver's name, for chains with two of a kind: lower case, with hyphens. */
        public Builder name(String value) {
            this.name = value;
            return this;
        }

        /**
         * Adds an issuer. Where there are several, each must be limited to {@link JwtIssuer.Builder#tenants tenants}
         * that no other one may speak for.
         */
        public Builder issuer(JwtIssuer trusted) {
            issuers.add(trusted);
            return this;
        }

        /** Sets what {@code iss} must be, for the issuer that is described here. */
        public Builder issuer(String value) {
            described().issuer(value);
            return this;
        }

        /** Adds what {@code aud} may be, or contain, for the issuer that is described here. */
        public Builder audience(String value) {
            described().audience(value);
            return this;
        }

        /**
         * Takes the keys of the issuer that is described here from a key set on the web, as
         * {@link JwtIssuer.Builder#jwksUri} does.
         *
         * @param uri https, or http with {@code localhost}, {@code 127.x.x.x} or {@code [::1]}
         */
        public Builder jwksUri(URI uri) {
            described().jwksUri(uri);
            return this;
        }

        /** Takes the keys of the issuer that is described here from a key set in hand. */
        public Builder keySet(JWKSet set) {
            described().keySet(set);
            return this;
        }

        /** Sets which claim names the tenant, for the issuer that is described here; {@code org_id} if not said. */
        public Builder tenantClaim(ClaimPath path) {
            described().tenantClaim(path);
            return this;
        }

        private JwtIssuer.Builder described() {
            isDescribed = true;
            return described;
        }

        /** Sets how far the clocks of issuers and server may be apart: 0 to 5 minutes; 30 seconds if not said. */
        public Builder clockSkew(Duration skew) {
            parts.skew = skew;
            return this;
        }

        /** Sets the clock, for tokens and for how old keys are; that of the system if not said. */
        public Builder clock(Clock value) {
            parts.clock = value;
            return this;
        }

        /**
         * Remembers tokens that were verified, so that a token is verified once and not with each request: by their
         * SHA-256, until they expire, and as long as the keys of their issuer stay the same. Not done if not said.
         *
         * @param maximumSize how many, 1 to 10,000,000
         * @param maximumAge for how long at most, 1 second to 24 hours
         */
        public Builder cache(int maximumSize, Duration maximumAge) {
            parts.cacheSize = maximumSize;
            parts.cacheAge = maximumAge;
            return this;
        }

        /** Asks whether a token is revoked, for each request, also if the token is remembered; nobody if not said. */
        public Builder revocation(RevocationCheck check) {
            parts.revocation = check;
            return this;
        }

        /**
         * Takes all cryptography that tokens are verified with from one JCA provider, a FIPS module say; from those
         * that are installed if not said. It has to have SHA-256 and what the allowed algorithms need.
         */
        public Builder provider(Provider value) {
            parts.provider = value;
            return this;
        }

        /**
         * {@return the resolver}
         *
         * @throws TenancyConfigException if something is missing or bad; names all faults
         */
        public JwtTenantResolver build() {
            List<String> faults = parts.faults(name);
            List<JwtIssuer> all = new ArrayList<>(issuers);
            if (isDescribed || issuers.isEmpty()) {
                List<String> inDescription = described.faults();
                faults.addAll(inDescription);
                if (inDescription.isEmpty()) {
                    all.add(described.build());
                }
            }
            return new JwtTenantResolver(this, parts.verifierOf(all, name, faults));
        }
    }
}
