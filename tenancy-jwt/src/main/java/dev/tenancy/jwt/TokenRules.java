package dev.tenancy.jwt;

import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the tokens of an issuer must say, and where they say it.
 *
 * @param issuer what {@code iss} must be, or null if it does not count
 * @param audiences one of these must be in {@code aud}; empty if it does not count
 * @param algorithms what they may be signed with; at least one
 * @param accessTokensOnly whether {@code typ} must be {@code at+jwt}
 * @param readableTenantsClaim null if no claim names any
 * @param requiredClaims the text that must be at a path
 */
record TokenRules(
        @Nullable String issuer,
        Set<String> audiences,
        Set<SignatureAlgorithm> algorithms,
        boolean accessTokensOnly,
        ClaimPath tenantClaim,
        ClaimPath subjectClaim,
        @Nullable ClaimPath readableTenantsClaim,
        Map<ClaimPath, String> requiredClaims,
        IssuerTenants tenants) {
    TokenRules {
        audiences = Set.copyOf(audiences);
        algorithms = Collections.unmodifiableSet(EnumSet.copyOf(algorithms));
        requiredClaims = Collections.unmodifiableMap(new LinkedHashMap<>(requiredClaims));
    }
}
