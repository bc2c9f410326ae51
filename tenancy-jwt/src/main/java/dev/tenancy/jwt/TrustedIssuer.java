package dev.tenancy.jwt;

import dev.tenancy.InvalidTenantIdException;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import java.security.GeneralSecurityException;
import java.security.ProviderException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Verifies tokens that say they are of one issuer: first the signature, then what they claim. */
final class TrustedIssuer {

    /** OpenID Connect Core section 2: no more than 255 characters. */
    private static final Pattern SUBJECT = Pattern.compile("\\P{Cc}{1,255}");

    private static final int MAX_READABLE_TENANTS = 256;

    private final TokenRules rules;
    private final IssuerKeys keys;
    private final String resolver;
    private final Duration skew;
    private final Clock clock;

    TrustedIssuer(TokenRules rules, IssuerKeys keys, String resolver, Duration skew, Clock clock) {
        this.rules = rules;
        this.keys = keys;
        this.resolver = resolver;
        this.skew = skew;
        this.clock = clock;
    }

    IssuerKeys keys() {
        return keys;
    }

    /**
     * A token that is good now.
     *
     * @param with the keys that it was verified with
     */
    record Verified(VerifiedToken token, TokenTimes times, KeySet with) {}

    Verified verify(CompactJws jws) throws RefusedException, KeysUnavailableException {
        TokenHeader header = TokenHeader.of(jws.header(), rules.algorithms(), rules.accessTokensOnly());
        KeySet with = requireSignature(jws, header);
        Map<String, @Nullable Object> claims = jws.claims();
        if (rules.issuer() != null && !rules.issuer().equals(claims.get("iss"))) {
            throw new RefusedException("it is of another issuer, or of none");
        }
        requireAudience(claims);
        TokenTimes times = TokenTimes.of(claims);
        times.check(clock.millis(), skew);
        requireClaims(claims);
        VerifiedToken token = new VerifiedToken(
                identity(claims),
                text(claims, "iss"),
                text(claims, "jti"),
                Optional.ofNullable(times.issued()).map(Instant::ofEpochMilli),
                Instant.ofEpochMilli(times.expires()));
        return new Verified(token, times, with);
    }

    private KeySet requireSignature(CompactJws jws, TokenHeader header)
            throws RefusedException, KeysUnavailableException {
        KeySet known = keys.current();
        List<VerificationKey> candidates = known.candidates(header.keyId(), header.algorithm());
        if (candidates.isEmpty()) {
            known = keys.beyond(known);
            candidates = known.candidates(header.keyId(), header.algorithm());
        }
        if (candidates.isEmpty()) {
            throw new RefusedException("its issuer has no such key for its algorithm");
        }
        try {
            for (VerificationKey key : candidates) {
                if (jws.isSignedBy(key, header.algorithm())) {
                    return known;
                }
            }
        } catch (GeneralSecurityException | ProviderException failure) {
            throw new KeysUnavailableException(
                    "the cryptographic provider fails: " + failure.getClass().getSimpleName());
        }
        throw new RefusedException("its signature is wrong");
    }

    private void requireAudience(Map<String, @Nullable Object> claims) throws RefusedException {
        Set<String> audiences = rules.audiences();
        Object audience = claims.get("aud");
        boolean isForUs = audience instanceof List<?> several
                ? several.stream().allMatch(String.class::isInstance)
                        && several.stream().anyMatch(audiences::contains)
                : audience instanceof String && audiences.contains(audience);
        if (!audiences.isEmpty() && !isForUs) {
            throw new RefusedException("it is for another audience, or for none");
        }
    }

    private void requireClaims(Map<String, @Nullable Object> claims) throws RefusedException {
        for (Map.Entry<ClaimPath, String> required : rules.requiredClaims().entrySet()) {
            if (!required.getKey().textIn(claims).equals(Optional.of(required.getValue()))) {
                throw new RefusedException("claim " + required.getKey() + " is not what it must be");
            }
        }
    }

    private TenantIdentity identity(Map<String, @Nullable Object> claims) throws RefusedException {
        ClaimPath path = rules.tenantClaim();
        String named = path.textIn(claims)
                .orElseThrow(
                        () -> new RefusedException("claim " + path + " is missing, blank, over-long or not one text"));
        TenantIdentity.Builder identity = TenantIdentity.builder(tenant(path, named), resolver);
        subject(claims).ifPresent(identity::subject);
        return identity.readableTenants(readableTenants(claims))
                .attributes(withoutNulls(claims))
                .build();
    }

    /** Whoever compares the token's text with an id elsewhere must see the same tenant. */
    private TenantId tenant(ClaimPath path, String named) throws RefusedException {
        if (!named.equals(named.strip())) {
            throw new RefusedException("claim " + path + " has white space around a tenant id");
        }
        try {
            return rules.tenants().tenant(named);
        } catch (InvalidTenantIdException invalid) {
            throw new RefusedException("claim " + path + " is not a tenant id: " + invalid.fault());
        }
    }

    private Optional<String> subject(Map<String, @Nullable Object> claims) throws RefusedException {
        ClaimPath path = rules.subjectClaim();
        Object value = path.valueIn(claims);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof String text && SUBJECT.matcher(text).matches()) {
            return Optional.of(text);
        }
        throw new RefusedException(
                "claim " + path + " is not text, empty, longer than 255 characters or has a control character");
    }

    private Set<TenantId> readableTenants(Map<String, @Nullable Object> claims) throws RefusedException {
        Set<TenantId> readable = new LinkedHashSet<>();
        ClaimPath path = rules.readableTenantsClaim();
        if (path != null) {
            List<String> texts = path.textsIn(claims)
                    .filter(all -> all.size() <= MAX_READABLE_TENANTS)
                    .orElseThrow(() -> new RefusedException(
                            "claim " + path + " is not an array of at most " + MAX_READABLE_TENANTS + " texts"));
            for (String text : texts) {
                readable.add(tenant(path, text));
            }
        }
        return readable;
    }

    private static Optional<String> text(Map<String, @Nullable Object> claims, String name) {
        return claims.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    private static Map<String, Object> withoutNulls(Map<?, ?> claims) {
        Map<String, Object> present = new LinkedHashMap<>();
        claims.forEach((name, value) -> {
            if (value != null) {
                present.put((String) name, withoutNulls(value));
            }
        });
        return present;
    }

    private static Object withoutNulls(Object value) {
        if (value instanceof Map<?, ?> object) {
            return withoutNulls(object);
        }
        if (value instanceof List<?> array) {
            List<Object> present = new ArrayList<>();
            array.forEach(element -> {
                if (element != null) {
                    present.add(withoutNulls(element));
                }
            });
            return present;
        }
        return value;
    }
}
