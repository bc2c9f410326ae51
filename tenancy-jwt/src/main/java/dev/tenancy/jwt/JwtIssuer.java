package dev.tenancy.jwt;

import com.nimbusds.jose.jwk.JWKSet;
import dev.tenancy.TenancyConfigException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An issuer whose tokens are believed: where its keys are, what its tokens must say, and which tenants it may speak
 * for.
 *
 * <p>Immutable and thread-safe.
 *
 * @since 0.1
 */
public final class JwtIssuer {
    private final TokenRules rules;
    private final IssuerKeysSource keys;
    private final KeyTimes keyTimes;

    private JwtIssuer(TokenRules rules, IssuerKeysSource keys, KeyTimes keyTimes) {
        this.rules = rules;
        this.keys = keys;
        this.keyTimes = keyTimes;
    }

    /**
     * {@return a builder of an issuer}
     *
     * @param issuer what {@code iss} must be, character by character
     */
    public static Builder builder(String issuer) {
        return new Builder().issuer(issuer);
    }

    /** {@return a builder of whoever has the keys: what {@code iss} says does not count} */
    public static Builder builderOfAnyIssuer() {
        return new Builder().anyIssuer();
    }

    /** What {@code iss} must be, or null if it does not count. */
    @Nullable
    String issuer() {
        return rules.issuer();
    }

    /** What its tokens must say. */
    TokenRules rules() {
        return rules;
    }

    IssuerKeysSource keys() {
        return keys;
    }

    KeyTimes keyTimes() {
        return keyTimes;
    }

    /** {@return the issuer and its tenants} */
    @Override
    public String toString() {
        return "JwtIssuer[" + (issuer() == null ? "any" : issuer()) + ", " + rules.tenants() + "]";
    }

    /**
     * Collects what is known of an issuer. An audience, or that any will do, and keys are required. Not thread-safe.
     *
     * @since 0.1
     */
    public static final class Builder {
        private final Set<String> audiences = new LinkedHashSet<>();
        private final Map<ClaimPath, String> requiredClaims = new LinkedHashMap<>();
        private @Nullable String issuer;
        private boolean anyIssuer;
        private boolean anyAudience;
        private @Nullable IssuerKeysSource keys;
        private KeyTimes keyTimes = KeyTimes.DEFAULT;
        private Set<SignatureAlgorithm> algorithms = EnumSet.of(SignatureAlgorithm.RS256, SignatureAlgorithm.ES256);
        private boolean accessTokensOnly;
        private ClaimPath tenantClaim = ClaimPath.of("org_id");
        private ClaimPath subjectClaim = ClaimPath.of("sub");
        private @Nullable ClaimPath readableTenantsClaim;
        private IssuerTenants tenants = IssuerTenants.any();

        Builder() {}

        Builder issuer(String value) {
            this.issuer = value;
            return this;
        }

        Builder anyIssuer() {
            this.anyIssuer = true;
            return this;
        }

        /** Adds an audience: {@code aud} must be, or contain, one of those that were added. */
        public Builder audience(String value) {
            audiences.add(value);
            return this;
        }

        /**
         * Lets tokens in whatever {@code aud} says: also those that a client sent to another service, which can then
         * use them here. For issuers that write no {@code aud}, together with {@link #requiredClaim}.
         */
        public Builder anyAudience() {
            this.anyAudience = true;
            return this;
        }

        /**
         * Takes the keys from where the issuer's metadata say they are (OpenID Connect Discovery 1.0); the issuer must
         * be a URL: https, or http with {@code localhost}, {@code 127.x.x.x} or {@code [::1]}.
         */
        public Builder discovery() {
            this.keys = new IssuerKeysSource.Discovery();
            return this;
        }

        /**
         * Takes the keys from a key set on the web.
         *
         * @param uri https, or http with {@code localhost}, {@code 127.x.x.x} or {@code [::1]}
         */
        public Builder jwksUri(URI uri) {
            this.keys = new IssuerKeysSource.Web(uri);
            return this;
        }

        /** Takes the keys from a key set in a file, which is read again as one on the web is. */
        public Builder jwksFile(Path file) {
            this.keys = new IssuerKeysSource.InFile(file);
            return this;
        }

        /** Takes the keys from a key set in hand; private parts are not kept. */
        public Builder keySet(JWKSet set) {
            this.keys = new IssuerKeysSource.InHand(set);
            return this;
        }

        /**
         * Sets how long keys are used after they were read, 1 second to 24 hours; 5 minutes if not said. They are read
         * again after four fifths of it, and nobody waits for that.
         */
        public Builder keyLifetime(Duration lifetime) {
            this.keyTimes = keyTimes.withLifetime(lifetime);
            return this;
        }

        /** Sets how long keys are used beyond that while they cannot be read, 0 to 7 days; 1 hour if not said. */
        public Builder keyOutageTolerance(Duration tolerance) {
            this.keyTimes = keyTimes.withOutage(tolerance);
            return this;
        }

        /**
         * Sets the time between two reads that tokens with unknown key ids cause, and between two that fail, 1 second
         * to 1 hour; 10 seconds if not said. While there are no keys at all it is a second.
         */
        public Builder keyRefreshPause(Duration pause) {
            this.keyTimes = keyTimes.withPause(pause);
            return this;
        }

        /**
         * Sets the time in which the key server has to answer, 50 milliseconds to 30 seconds; 2 seconds if not said.
         */
        public Builder keyServerTimeout(Duration timeout) {
            this.keyTimes = keyTimes.withTimeout(timeout);
            return this;
        }

        /** Sets with what tokens may be signed; {@code RS256} and {@code ES256} if not said. */
        public Builder algorithms(Collection<SignatureAlgorithm> allowed) {
            Set<SignatureAlgorithm> copy = EnumSet.noneOf(SignatureAlgorithm.class);
            copy.addAll(allowed);
            this.algorithms = copy;
            return this;
        }

        /** Lets tokens in only if their {@code typ} is {@code at+jwt} (RFC 9068); else it may be that, JWT or none. */
        public Builder accessTokensOnly() {
            this.accessTokensOnly = true;
            return this;
        }

        /** Sets which claim names the tenant; {@code org_id} if not said. */
        public Builder tenantClaim(ClaimPath path) {
            this.tenantClaim = path;
            return this;
        }

        /** Sets which claim names the subject, if it is there; {@code sub} if not said. */
        public Builder subjectClaim(ClaimPath path) {
            this.subjectClaim = path;
            return this;
        }

        /** Sets which claim, a string or an array of them, names tenants that may be read as well; none if not said. */
        public Builder readableTenantsClaim(ClaimPath path) {
            this.readableTenantsClaim = path;
            return this;
        }

        /** Lets tokens in only if they have this text, or an array with nothing but it, at {@code path}. */
        public Builder requiredClaim(ClaimPath path, String text) {
            requiredClaims.put(path, text);
            return this;
        }

        /** Sets for which tenants the issuer may speak; any if not said, which only one issuer may. */
        public Builder tenants(IssuerTenants allowed) {
            this.tenants = allowed;
            return this;
        }

        /**
         * {@return the issuer}
         *
         * @throws TenancyConfigException if something is missing or bad; names all faults
         */
        public JwtIssuer build() {
            List<String> faults = faults();
            if (keys == null || !faults.isEmpty()) {
                throw new TenancyConfigException(faults);
            }
            TokenRules rules = new TokenRules(
                    issuer,
                    audiences,
                    algorithms,
                    accessTokensOnly,
                    tenantClaim,
                    subjectClaim,
                    readableTenantsClaim,
                    requiredClaims,
                    tenants);
            return new JwtIssuer(rules, keys, keyTimes);
        }

        /** What {@link #build} would say. */
        List<String> faults() {
            List<String> faults = new ArrayList<>(keyTimes.faults());
            if (!anyIssuer && (issuer == null || issuer.isBlank())) {
                faults.add("issuer is not set");
            }
            if (!anyAudience && (audiences.isEmpty() || audiences.stream().anyMatch(String::isBlank))) {
                faults.add("audience is not set, or blank");
            }
            if (anyAudience && !audiences.isEmpty()) {
                faults.add("audience is set, and any is allowed; one of both belongs there");
            }
            if (algorithms.isEmpty()) {
                faults.add("algorithms is empty; allowed: at least one of " + EnumSet.allOf(SignatureAlgorithm.class));
            }
            if (keys == null) {
                faults.add("there are no keys; set jwksUri, discovery, jwksFile or keySet");
            } else {
                keys.faultOf(issuer).ifPresent(faults::add);
            }
            return faults;
        }
    }
}
