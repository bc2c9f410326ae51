package dev.tenancy.jwt.internal;

import dev.tenancy.ConfigKey;
import dev.tenancy.CredentialSource;
import dev.tenancy.TenantId;
import dev.tenancy.jwt.ClaimPath;
import dev.tenancy.jwt.IssuerTenants;
import dev.tenancy.jwt.SignatureAlgorithm;
import java.net.URI;
import java.nio.file.Path;
import java.security.Provider;
import java.security.Security;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** The settings of the resolver, and how their texts are read. */
final class JwtKeys {

    /** Says that a claim does not count. */
    static final String ANY = "*";

    static final ConfigKey<String> ISSUER = ConfigKey.text(
            "tenancy.jwt.issuer", "what iss must be; * for whatever it is, with a key set or file of its own");
    static final ConfigKey<Map<String, IssuerTenants>> ISSUERS = ConfigKey.of(
            "tenancy.jwt.issuers",
            "several issuers, each with tenants that no other one has: <issuer>=<tenants>, separated by ';', the"
                    + " tenants as for tenancy.jwt.tenants",
            text -> assignments(text, issuer -> issuer, JwtKeys::tenants));
    static final ConfigKey<IssuerTenants> TENANTS = ConfigKey.of(
            "tenancy.jwt.tenants",
            "tenant ids separated by commas; or a prefix and *, for all that start with it; or a prefix and +, which is"
                    + " put before what a token says",
            JwtKeys::tenants);
    static final ConfigKey<List<String>> AUDIENCE = ConfigKey.of(
                    "tenancy.jwt.audience",
                    "what aud must contain, one of several separated by commas; * for whatever it is, which lets tokens"
                            + " for other services in",
                    JwtKeys::list)
            .asRequired();
    static final ConfigKey<URI> JWKS_URI = ConfigKey.of(
            "tenancy.jwt.jwks-uri",
            "the URL of the issuer's key set: https, or http on the loopback address",
            URI::create);
    static final ConfigKey<Path> JWKS_FILE =
            ConfigKey.of("tenancy.jwt.jwks-file", "the path of a file with the issuer's key set", Path::of);
    static final ConfigKey<List<SignatureAlgorithm>> ALGORITHMS = ConfigKey.of(
            "tenancy.jwt.algorithms",
            "some of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, separated by commas",
            text -> list(text).stream().map(SignatureAlgorithm::valueOf).toList());
    static final ConfigKey<Boolean> ACCESS_TOKENS_ONLY =
            ConfigKey.of("tenancy.jwt.access-tokens-only", "true (typ must be at+jwt) or false", JwtKeys::bool);
    static final ConfigKey<ClaimPath> TENANT_CLAIM =
            path("tenancy.jwt.tenant-claim", "the path to the claim that names the tenant", "org_id if not set");
    static final ConfigKey<ClaimPath> SUBJECT_CLAIM =
            path("tenancy.jwt.subject-claim", "the path to the claim that names the subject", "sub if not set");
    static final ConfigKey<ClaimPath> READABLE_TENANTS_CLAIM = path(
            "tenancy.jwt.readable-tenants-claim",
            "the path to the claim that names tenants which may be read as well",
            "none if not set");
    static final ConfigKey<Map<ClaimPath, String>> REQUIRED_CLAIMS = ConfigKey.of(
            "tenancy.jwt.required-claims",
            "<path>=<text>, several separated by ';': what claims must be",
            text -> assignments(text, ClaimPath::of, required -> required));
    static final ConfigKey<Duration> CLOCK_SKEW =
            duration("tenancy.jwt.clock-skew", "how far clocks may be apart, PT0S to PT5M; PT30S if not set");
    static final ConfigKey<Duration> KEY_LIFETIME = duration(
            "tenancy.jwt.key-lifetime", "how long keys are used after they were read, PT1S to PT24H; PT5M if not set");
    static final ConfigKey<Duration> KEY_OUTAGE_TOLERANCE = duration(
            "tenancy.jwt.key-outage-tolerance",
            "how long keys are used beyond that while they cannot be read, PT0S to PT168H; PT1H if not set");
    static final ConfigKey<Duration> KEY_REFRESH_PAUSE = duration(
            "tenancy.jwt.key-refresh-pause",
            "the time between two reads of keys that unknown key ids or failures cause, PT1S to PT1H; PT10S"
                    + " if not set");
    static final ConfigKey<Duration> KEY_SERVER_TIMEOUT = duration(
            "tenancy.jwt.key-server-timeout",
            "the time in which the key server has to answer, PT0.05S to PT30S; PT2S if not set");
    static final ConfigKey<Integer> CACHE_SIZE = ConfigKey.of(
            "tenancy.jwt.cache-size",
            "how many verified tokens are remembered, 1 to 10000000; none if not set",
            Integer::valueOf);
    static final ConfigKey<Duration> CACHE_TIME = duration(
            "tenancy.jwt.cache-time", "for how long a verified token is remembered, PT1S to PT24H; PT5M if not set");
    static final ConfigKey<Provider> PROVIDER =
            ConfigKey.of("tenancy.jwt.provider", "the name of an installed JCA provider", Security::getProvider);
    static final ConfigKey<CredentialSource> HEADER = ConfigKey.of(
            "tenancy.jwt.header",
            "the name of the header field that has the token; Authorization: Bearer if not set",
            CredentialSource::header);
    static final ConfigKey<CredentialSource> COOKIE = ConfigKey.of(
            "tenancy.jwt.cookie", "the name of a cookie that may have the token as well", CredentialSource::cookie);
    static final ConfigKey<String> QUERY_PARAMETER =
            ConfigKey.text("tenancy.jwt.query-parameter", "the name of a query parameter; letters, digits and . _ ~ -");
    static final ConfigKey<List<String>> QUERY_PATHS = ConfigKey.of(
            "tenancy.jwt.query-paths",
            "paths on which the query parameter is read, separated by commas; /* at the end for all beneath",
            JwtKeys::list);

    static final Set<ConfigKey<?>> ALL = Set.of(
            ISSUER,
            ISSUERS,
            TENANTS,
            AUDIENCE,
            JWKS_URI,
            JWKS_FILE,
            ALGORITHMS,
            ACCESS_TOKENS_ONLY,
            TENANT_CLAIM,
            SUBJECT_CLAIM,
            READABLE_TENANTS_CLAIM,
            REQUIRED_CLAIMS,
            CLOCK_SKEW,
            KEY_LIFETIME,
            KEY_OUTAGE_TOLERANCE,
            KEY_REFRESH_PAUSE,
            KEY_SERVER_TIMEOUT,
            CACHE_SIZE,
            CACHE_TIME,
            PROVIDER,
            HEADER,
            COOKIE,
            QUERY_PARAMETER,
            QUERY_PATHS);

    private JwtKeys() {}

    private static ConfigKey<ClaimPath> path(String name, String what, String otherwise) {
        return ConfigKey.of(
                name,
                what + ", names separated by dots, those that have dots in double quotes; " + otherwise,
                ClaimPath::of);
    }

    private static ConfigKey<Duration> duration(String name, String what) {
        return ConfigKey.of(name, what + " (ISO 8601)", Duration::parse);
    }

    private static List<String> list(String text) {
        List<String> parts = Stream.of(text.split(",", -1)).map(String::strip).toList();
        if (parts.stream().anyMatch(String::isEmpty)) {
            throw new IllegalArgumentException("an empty part");
        }
        return parts;
    }

    private static boolean bool(String text) {
        if (!text.equals("true") && !text.equals("false")) {
            throw new IllegalArgumentException("neither true nor false");
        }
        return text.equals("true");
    }

    /** No id has a star, and one that ends with a plus is not to be named here. */
    private static IssuerTenants tenants(String text) {
        String prefix = text.substring(0, text.length() - 1);
        if (text.endsWith("*")) {
            return IssuerTenants.withPrefix(prefix);
        }
        if (text.endsWith("+")) {
            return IssuerTenants.inNamespace(prefix);
        }
        return IssuerTenants.only(list(text).stream().map(TenantId::of).toList());
    }

    private static <K, V> Map<K, V> assignments(String text, Function<String, K> key, Function<String, V> value) {
        Map<K, V> assigned = new LinkedHashMap<>();
        for (String entry : text.split(";", -1)) {
            int equals = entry.indexOf('=');
            String name = entry.substring(0, Math.max(equals, 0)).strip();
            String assignedText = entry.substring(equals + 1).strip();
            if (name.isEmpty() || assignedText.isEmpty()) {
                throw new IllegalArgumentException("not <name>=<value>");
            }
            if (assigned.put(key.apply(name), value.apply(assignedText)) != null) {
                throw new IllegalArgumentException("a name twice");
            }
        }
        return assigned;
    }
}
