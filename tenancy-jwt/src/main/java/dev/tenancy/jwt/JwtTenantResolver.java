package dev.tenancy.jwt;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.JWTClaimsSet;
import dev.tenancy.CredentialSource;
import dev.tenancy.InvalidTenantIdException;
import dev.tenancy.Resolution;
import dev.tenancy.TenancyConfigException;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.TenantRequest;
import dev.tenancy.TenantResolver;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Proves a tenant by a signed JSON Web Token, in {@code Authorization: Bearer} if no other place is said.
 *
 * <p>Only RS256 and ES256 are accepted, whatever the token or a key set says (RFC 8725 section 3.1), only keys of the
 * configured issuer, and no token that brings a key along. A credential that is no JWS in compact form (RFC 7515
 * section 7.1) is {@link Resolution.Unrecognized}; a key server that cannot be reached is
 * {@link Resolution.Unavailable}. Immutable and thread-safe.
 *
 * @since 0.1
 */
public final class JwtTenantResolver implements TenantResolver {

    /** The name of this resolver in {@code tenancy.resolvers}. */
    public static final String NAME = "jwt";

    /** OpenID Connect Core section 2: no more than 255 characters. */
    private static final Pattern SUBJECT = Pattern.compile("\\P{Cntrl}{1,255}");

    private final Set<CredentialSource> sources;
    private final TokenVerifier verifier;
    private final ClaimPath tenantClaim;

    private JwtTenantResolver(Builder builder, TokenVerifier verifier) {
        this.sources = builder.sources.isEmpty() ? Set.of(CredentialSource.bearer()) : Set.copyOf(builder.sources);
        this.verifier = verifier;
        this.tenantClaim = builder.tenantClaim;
    }

    /** {@return a builder of a resolver for tokens of one issuer} */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<CredentialSource> sources() {
        return sources;
    }

    @Override
    public Resolution resolve(TenantRequest request) {
        return CredentialSource.resolveOneOf(sources, request, token -> verifier.verify(token, this::identityOf));
    }

    private Resolution identityOf(JWTClaimsSet claims) {
        Optional<String> tenant = tenantClaim.textIn(claims.getClaims());
        if (tenant.isEmpty()) {
            return Resolution.rejected("claim " + tenantClaim + " is missing, blank or not one text");
        }
        try {
            TenantIdentity.Builder identity = TenantIdentity.builder(TenantId.of(tenant.get()), NAME);
            String subject = claims.getSubject();
            if (subject != null && !SUBJECT.matcher(subject).matches()) {
                return Resolution.rejected("claim sub is empty, longer than 255 characters or has a control character");
            }
            if (subject != null) {
                identity.subject(subject);
            }
            return Resolution.resolved(identity.attributes(withoutNulls(claims)).build());
        } catch (InvalidTenantIdException invalid) {
            return Resolution.rejected("claim " + tenantClaim + " is not a tenant id: " + invalid.fault());
        }
    }

    private static Map<String, Object> withoutNulls(JWTClaimsSet claims) {
        Map<String, Object> attributes = new HashMap<>(claims.toJSONObject());
        attributes.values().removeIf(value -> value == null);
        return attributes;
    }

    /**
     * Collects the settings. Issuer, audience and keys are required. Not thread-safe.
     *
     * @since 0.1
     */
    public static final class Builder {
        private static final Duration MAX_SKEW = Duration.ofMinutes(5);

        private final List<String> faults = new ArrayList<>();
        private final Set<CredentialSource> sources = new LinkedHashSet<>();
        private @Nullable String issuer;
        private @Nullable String audience;
        private @Nullable Supplier<IssuerKeys> keys;
        private ClaimPath tenantClaim = ClaimPath.of("org_id");
        private Duration clockSkew = Duration.ofSeconds(30);
        private Clock clock = Clock.systemUTC();

        private Builder() {}

        /** Adds a place where a token is looked for; {@code Authorization: Bearer} if none is said. */
        public Builder source(CredentialSource place) {
            sources.add(place);
            return this;
        }

        /** Sets what {@code iss} must be. */
        public Builder issuer(String value) {
            this.issuer = value;
            return this;
        }

        /** Sets what {@code aud} must be, or contain. */
        public Builder audience(String value) {
            this.audience = value;
            return this;
        }

        /**
         * Takes the issuer's keys from a key set on the web, cached for five minutes, and read again when a key is not
         * in it (twice in ten seconds at the most).
         *
         * @param uri https, or http with {@code localhost}, {@code 127.x.x.x} or {@code [::1]}
         */
        public Builder jwksUri(URI uri) {
            this.keys = () -> IssuerKeys.at(uri);
            return this;
        }

        /** Takes the issuer's keys from a key set in hand. */
        public Builder keySet(JWKSet set) {
            this.keys = () -> IssuerKeys.inHand(set);
            return this;
        }

        /** Sets which claim names the tenant; {@code org_id} if not said. */
        public Builder tenantClaim(ClaimPath path) {
            this.tenantClaim = path;
            return this;
        }

        /** Sets how far the clocks of issuer and server may be apart: 0 to 5 minutes; 30 seconds if not said. */
        public Builder clockSkew(Duration skew) {
            if (skew.isNegative() || skew.compareTo(MAX_SKEW) > 0) {
                faults.add("clockSkew is " + skew + "; allowed: 0 to " + MAX_SKEW);
            }
            this.clockSkew = skew;
            return this;
        }

        /** Sets the clock; that of the system if not said. */
        public Builder clock(Clock value) {
            this.clock = value;
            return this;
        }

        /**
         * {@return the resolver}
         *
         * @throws TenancyConfigException if something is missing or bad; names all faults
         */
        public JwtTenantResolver build() {
            List<String> all = new ArrayList<>(faults);
            if (issuer == null || issuer.isBlank()) {
                all.add("issuer is not set");
            }
            if (audience == null || audience.isBlank()) {
                all.add("audience is not set");
            }
            IssuerKeys made = makeKeys(all);
            if (issuer == null || audience == null || made == null || !all.isEmpty()) {
                throw new TenancyConfigException(all);
            }
            ClaimsCheck claims = new ClaimsCheck(issuer, audience, clockSkew, clock);
            return new JwtTenantResolver(this, new TokenVerifier(made, claims));
        }

        private @Nullable IssuerKeys makeKeys(List<String> all) {
            if (keys == null) {
                all.add("there are no keys; set jwksUri or keySet");
                return null;
            }
            try {
                return keys.get();
            } catch (IllegalArgumentException bad) {
                all.add(String.valueOf(bad.getMessage()));
                return null;
            }
        }
    }
}
