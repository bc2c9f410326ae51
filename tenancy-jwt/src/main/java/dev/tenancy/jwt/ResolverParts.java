package dev.tenancy.jwt;

import dev.tenancy.TenancyConfigException;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the issuers of a resolver share, and how all of it is put together. */
final class ResolverParts {
    private static final Duration MAX_SKEW = Duration.ofMinutes(5);
    private static final int MAX_CACHE_SIZE = 10_000_000;
    private static final Duration MIN_CACHE_AGE = Duration.ofSeconds(1);
    private static final Duration MAX_CACHE_AGE = Duration.ofHours(24);
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(?:-[a-z0-9]+)*");

    Duration skew = Duration.ofSeconds(30);
    Clock clock = Clock.systemUTC();
    RevocationCheck revocation = token -> false;
    int cacheSize;

    @Nullable
    Duration cacheAge;

    @Nullable
    Provider provider;

    /** What is wrong with them, or with the name of the resolver. */
    List<String> faults(String name) {
        List<String> faults = new ArrayList<>();
        if (!NAME.matcher(name).matches()) {
            faults.add("the name of a resolver is bad; allowed: lower-case letters and digits, first a letter, with"
                    + " single hyphens between them");
        }
        if (skew.isNegative() || skew.compareTo(MAX_SKEW) > 0) {
            faults.add("clockSkew is " + skew + "; allowed: 0 to " + MAX_SKEW);
        }
        if (cacheAge != null && (cacheSize < 1 || cacheSize > MAX_CACHE_SIZE)) {
            faults.add("the size of the cache is " + cacheSize + "; allowed: 1 to " + MAX_CACHE_SIZE);
        }
        if (cacheAge != null && (cacheAge.compareTo(MIN_CACHE_AGE) < 0 || cacheAge.compareTo(MAX_CACHE_AGE) > 0)) {
            faults.add(
                    "the age of cached tokens is " + cacheAge + "; allowed: " + MIN_CACHE_AGE + " to " + MAX_CACHE_AGE);
        }
        return faults;
    }

    /**
     * What verifies the tokens of {@code issuers}.
     *
     * @throws TenancyConfigException if there are faults already, or more are found; names all
     */
    TokenVerifier verifierOf(List<JwtIssuer> issuers, String resolver, List<String> faults) {
        Jca jca = new Jca(provider);
        addFaultsOfProvider(jca, issuers, faults);
        addFaultsOfSeveral(issuers, faults);
        requireNone(faults);
        Map<String, TrustedIssuer> byName = new HashMap<>();
        TrustedIssuer anyIssuer = null;
        for (JwtIssuer issuer : issuers) {
            try {
                IssuerKeys keys = issuer.keys().open(issuer, jca, clock);
                TrustedIssuer trusted = new TrustedIssuer(issuer.rules(), keys, resolver, skew, clock);
                if (issuer.issuer() == null) {
                    anyIssuer = trusted;
                } else {
                    byName.put(issuer.issuer(), trusted);
                }
            } catch (IllegalArgumentException bad) {
                faults.add(String.valueOf(bad.getMessage()));
            }
        }
        requireNone(faults);
        TokenCache cache = cacheAge == null ? null : new TokenCache(cacheSize, cacheAge, jca, skew, clock);
        return new TokenVerifier(byName, anyIssuer, cache, revocation);
    }

    private static void requireNone(List<String> faults) {
        if (!faults.isEmpty()) {
            throw new TenancyConfigException(faults);
        }
    }

    private void addFaultsOfProvider(Jca jca, List<JwtIssuer> issuers, List<String> faults) {
        Set<SignatureAlgorithm> needed = EnumSet.noneOf(SignatureAlgorithm.class);
        issuers.forEach(issuer -> needed.addAll(issuer.rules().algorithms()));
        try {
            jca.sha256();
            for (SignatureAlgorithm algorithm : needed) {
                jca.signature(algorithm);
            }
        } catch (GeneralSecurityException lacking) {
            faults.add("the cryptographic provider has not SHA-256 and all of " + needed + ": " + lacking.getMessage());
        }
    }

    private static void addFaultsOfSeveral(List<JwtIssuer> issuers, List<String> faults) {
        List<JwtIssuer> before = new ArrayList<>();
        for (JwtIssuer issuer : issuers) {
            before.forEach(other -> addFaultsOfBoth(other, issuer, faults));
            before.add(issuer);
        }
    }

    private static void addFaultsOfBoth(JwtIssuer one, JwtIssuer other, List<String> faults) {
        if (one.issuer() == null || other.issuer() == null) {
            faults.add("there are several issuers, and for one of them iss does not count; allowed: one that is alone");
        } else if (one.issuer().equals(other.issuer())) {
            faults.add("issuer " + one.issuer() + " is there twice");
        } else if (one.rules().tenants().overlaps(other.rules().tenants())) {
            faults.add("issuers " + one.issuer() + " and " + other.issuer()
                    + " may speak for the same tenant; allowed: tenants that no other issuer has");
        }
    }
}
