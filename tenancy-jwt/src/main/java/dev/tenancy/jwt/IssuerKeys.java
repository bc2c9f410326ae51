package dev.tenancy.jwt;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jose.util.health.HealthStatus;
import java.net.MalformedURLException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The public keys of one issuer, from a key set on the web or in hand. */
final class IssuerKeys implements JWKSource<SecurityContext> {
    private static final int TIMEOUT_MILLIS = 2_000;
    private static final int MAX_KEY_SET_BYTES = 512 * 1024;
    private static final long CACHED_MILLIS = 5 * 60_000;
    private static final long MIN_MILLIS_BETWEEN_READS = 10_000;

    /** RFC 7518 section 3.3. */
    private static final int MIN_RSA_BITS = 2048;

    private static final JWKSelector ANY_KEY = new JWKSelector(new JWKMatcher.Builder().build());

    /** Addresses only, and the one name that stands for them: any other name may lead elsewhere tomorrow. */
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]");

    private final JWKSource<SecurityContext> source;
    private final AtomicBoolean lastReadFailed;

    private IssuerKeys(JWKSource<SecurityContext> source, AtomicBoolean lastReadFailed) {
        this.source = source;
        this.lastReadFailed = lastReadFailed;
    }

    /** Keys in hand, without their private parts. */
    static IssuerKeys inHand(JWKSet set) {
        IssuerKeys keys = new IssuerKeys(new ImmutableJWKSet<>(set.toPublicJWKSet()), new AtomicBoolean());
        if (!keys.present()) {
            throw new IllegalArgumentException("keySet has no key for RS256 (2048 bits or more) or ES256");
        }
        return keys;
    }

    /** Keys on the web: cached, and read again, not too often, when a key is not among them. */
    static IssuerKeys at(URI uri) {
        requireTrustworthy(uri);
        AtomicBoolean lastReadFailed = new AtomicBoolean();
        try {
            return new IssuerKeys(
                    JWKSourceBuilder.<SecurityContext>create(
                                    uri.toURL(),
                                    new DefaultResourceRetriever(TIMEOUT_MILLIS, TIMEOUT_MILLIS, MAX_KEY_SET_BYTES))
                            .cache(CACHED_MILLIS, TIMEOUT_MILLIS)
                            .refreshAheadCache(false)
                            .rateLimited(MIN_MILLIS_BETWEEN_READS)
                            .retrying(true)
                            .healthReporting(
                                    report -> lastReadFailed.set(report.getHealthStatus() == HealthStatus.NOT_HEALTHY))
                            .build(),
                    lastReadFailed);
        } catch (MalformedURLException bad) {
            throw new IllegalArgumentException("jwksUri is not a URL", bad);
        }
    }

    @Override
    public List<JWK> get(JWKSelector selector, @Nullable SecurityContext context) throws KeySourceException {
        try {
            List<JWK> matching = usable(source.get(selector, context));
            if (matching.isEmpty() && !present()) {
                throw new KeySourceException("the issuer's key set has no key that can be used");
            }
            return matching;
        } catch (RateLimitReachedException notReadAgain) {
            if (lastReadFailed.get() || !present()) {
                throw notReadAgain;
            }
            return List.of();
        }
    }

    private boolean present() {
        try {
            return !usable(source.get(ANY_KEY, null)).isEmpty();
        } catch (KeySourceException none) {
            return false;
        }
    }

    private static List<JWK> usable(List<JWK> keys) {
        return keys.stream()
                .filter(key -> key instanceof AsymmetricJWK && (!(key instanceof RSAKey) || key.size() >= MIN_RSA_BITS))
                .toList();
    }

    private static void requireTrustworthy(URI uri) {
        String host = uri.getHost();
        boolean https = "https".equalsIgnoreCase(uri.getScheme());
        boolean loopback = "http".equalsIgnoreCase(uri.getScheme())
                && host != null
                && LOOPBACK.matcher(host).matches();
        if (host == null || host.isBlank() || uri.getUserInfo() != null || !(https || loopback)) {
            throw new IllegalArgumentException(
                    "jwksUri is bad; allowed: https with a host name, or http with localhost,"
                            + " 127.x.x.x or [::1], and no user in it");
        }
    }
}
