package dev.tenancy.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.tenancy.CredentialSource;
import dev.tenancy.InvalidTenantIdException;
import dev.tenancy.Resolution;
import dev.tenancy.TenancyConfigException;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.TenantRequest;
import dev.tenancy.TenantResolver;
import java.net.InetAddress;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.UnknownHostException;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Proves a tenant by a signed JSON Web Token in {@code Authorization: Bearer}.
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

    private static final Set<JWSAlgorithm> APPROVED = Set.of(JWSAlgorithm.RS256, JWSAlgorithm.ES256);

    /** More than any HTTP server takes in one header field by default. */
    private static final int MAX_TOKEN_LENGTH = 16 * 1024;

    private static final JWKSelector ANY_KEY = new JWKSelector(new JWKMatcher.Builder().build());

    private static final Pattern THREE_PARTS = Pattern.compile("([A-Za-z0-9_-]+)\\.[A-Za-z0-9_-]*\\.[A-Za-z0-9_-]*");

    private final CredentialSource source = CredentialSource.bearer();
    private final JWKSource<SecurityContext> keys;
    private final DefaultJWTProcessor<SecurityContext> processor;
    private final ClaimPath tenantClaim;

    private JwtTenantResolver(
            JWKSource<SecurityContext> keys, DefaultJWTProcessor<SecurityContext> processor, ClaimPath tenantClaim) {
        this.keys = keys;
        this.processor = processor;
        this.tenantClaim = tenantClaim;
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
        return Set.of(source);
    }

    @Override
    public Resolution resolve(TenantRequest request) {
        return source.resolve(request, this::verify);
    }

    private Resolution verify(String token) {
        if (token.length() > MAX_TOKEN_LENGTH) {
            return Resolution.rejected("the token has more than " + MAX_TOKEN_LENGTH + " characters");
        }
        if (!isCompactJws(token)) {
            return Resolution.unrecognized();
        }
        try {
            SignedJWT jwt = SignedJWT.parse(token);
            if (bringsKeyOrExtension(jwt.getHeader())) {
                return Resolution.rejected("the token's header has jwk, jku, x5u, x5c or crit");
            }
            return identityOf(processor.process(jwt, null));
        } catch (ParseException malformed) {
            return Resolution.rejected("the token is not a JSON Web Token that is signed");
        } catch (RateLimitReachedException notAskedAgain) {
            return hasKeys()
                    ? Resolution.rejected("the token's key is not in the key set, which was read a moment ago")
                    : Resolution.unavailable(notAskedAgain);
        } catch (KeySourceException unreachable) {
            return Resolution.unavailable(unreachable);
        } catch (BadJOSEException refused) {
            return Resolution.rejected("the token is refused: " + refused.getMessage());
        } catch (JOSEException failure) {
            return Resolution.rejected("the token's signature cannot be checked");
        }
    }

    private boolean hasKeys() {
        try {
            return !keys.get(ANY_KEY, null).isEmpty();
        } catch (KeySourceException none) {
            return false;
        }
    }

    private static boolean isCompactJws(String token) {
        var parts = THREE_PARTS.matcher(token);
        if (!parts.matches()) {
            return false;
        }
        try {
            JSONObjectUtils.parse(new Base64URL(parts.group(1)).decodeToString());
            return true;
        } catch (ParseException notJson) {
            return false;
        }
    }

    private static boolean bringsKeyOrExtension(JWSHeader header) {
        return header.getJWK() != null
                || header.getJWKURL() != null
                || header.getX509CertURL() != null
                || header.getX509CertChain() != null
                || header.getCriticalParams() != null;
    }

    private Resolution identityOf(JWTClaimsSet claims) {
        Optional<String> tenant = tenantClaim.textIn(claims.getClaims());
        if (tenant.isEmpty()) {
            return Resolution.rejected("claim " + tenantClaim + " is missing, blank or not one text");
        }
        try {
            TenantIdentity.Builder identity = TenantIdentity.builder(TenantId.of(tenant.get()), NAME);
            if (claims.getSubject() != null) {
                identity.subject(claims.getSubject());
            }
            return Resolution.resolved(identity.attributes(withoutNulls(claims)).build());
        } catch (InvalidTenantIdException invalid) {
            return Resolution.rejected("claim " + tenantClaim + " is not a tenant id: " + invalid.fault());
        }
    }

    private static Map<String, Object> withoutNulls(JWTClaimsSet claims) {
        Map<String, Object> attributes = new HashMap<>(claims.getClaims());
        attributes.values().removeIf(value -> value == null);
        return attributes;
    }

    /**
     * Collects the settings. Issuer, audience and keys are required. Not thread-safe.
     *
     * @since 0.1
     */
    public static final class Builder {
        private static final int TIMEOUT_MILLIS = 2_000;
        private static final long MIN_MILLIS_BETWEEN_READS = 10_000;
        private static final int MAX_KEY_SET_BYTES = 512 * 1024;
        private static final Duration MAX_SKEW = Duration.ofMinutes(5);

        private final List<String> faults = new ArrayList<>();
        private @Nullable String issuer;
        private @Nullable String audience;
        private @Nullable JWKSource<SecurityContext> keys;
        private ClaimPath tenantClaim = ClaimPath.of("org_id");
        private Duration clockSkew = Duration.ofSeconds(30);
        private Clock clock = Clock.systemUTC();

        private Builder() {}

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
         * Takes the issuer's keys from a key set on the web, cached, and read again when a key is not in it (at most
         * twice in ten seconds).
         *
         * @param uri https, or http on the loopback address
         */
        public Builder jwksUri(URI uri) {
            try {
                if (!isHttps(uri) && !isLoopback(uri)) {
                    faults.add("jwksUri is neither https nor on the loopback address");
                } else {
                    this.keys = JWKSourceBuilder.<SecurityContext>create(
                                    uri.toURL(),
                                    new DefaultResourceRetriever(TIMEOUT_MILLIS, TIMEOUT_MILLIS, MAX_KEY_SET_BYTES))
                            .retrying(true)
                            .rateLimited(MIN_MILLIS_BETWEEN_READS)
                            .build();
                }
            } catch (MalformedURLException | IllegalArgumentException bad) {
                faults.add("jwksUri is not a URL");
            }
            return this;
        }

        /** Takes the issuer's keys from a key set in hand. */
        public Builder keySet(JWKSet set) {
            this.keys = new ImmutableJWKSet<>(set.toPublicJWKSet());
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
            if (keys == null && faults.isEmpty()) {
                all.add("there are no keys; set jwksUri or keySet");
            }
            if (issuer == null || audience == null || keys == null || !all.isEmpty()) {
                throw new TenancyConfigException(all);
            }
            DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
            processor.setJWSTypeVerifier(
                    new DefaultJOSEObjectTypeVerifier<>(JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null));
            processor.setJWSKeySelector(new JWSVerificationKeySelector<>(APPROVED, keys));
            processor.setJWTClaimsSetVerifier(new ClaimsCheck(issuer, audience, clockSkew, clock));
            return new JwtTenantResolver(keys, processor, tenantClaim);
        }

        private static boolean isHttps(URI uri) {
            return "https".equalsIgnoreCase(uri.getScheme());
        }

        private static boolean isLoopback(URI uri) {
            try {
                return "http".equalsIgnoreCase(uri.getScheme())
                        && InetAddress.getByName(uri.getHost()).isLoopbackAddress();
            } catch (UnknownHostException unknown) {
                return false;
            }
        }
    }
}
