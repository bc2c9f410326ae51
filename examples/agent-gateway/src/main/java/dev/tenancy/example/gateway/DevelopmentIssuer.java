package dev.tenancy.example.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.tenancy.CredentialSource;
import dev.tenancy.jwt.JwtTenantResolver;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Mints tokens for whoever asks, on this machine only, with keys that live as long as the process. */
final class DevelopmentIssuer {
    private static final String ISSUER = "https://development-issuer.invalid";
    private static final String AUDIENCE = "agent-gateway";
    private static final long DEFAULT_SECONDS = 300;

    private final RSAKey rsa;
    private final ECKey ec;

    private DevelopmentIssuer(RSAKey rsa, ECKey ec) {
        this.rsa = rsa;
        this.ec = ec;
    }

    static DevelopmentIssuer create() {
        try {
            return new DevelopmentIssuer(
                    new RSAKeyGenerator(2048).keyID("dev-rsa").generate(),
                    new ECKeyGenerator(Curve.P_256).keyID("dev-ec").generate());
        } catch (JOSEException failure) {
            throw new IllegalStateException("the development issuer has no keys", failure);
        }
    }

    /** What accepts its tokens, wherever they may stand. */
    JwtTenantResolver resolver(List<CredentialSource> sources) {
        JwtTenantResolver.Builder tokens =
                JwtTenantResolver.builder().issuer(ISSUER).audience(AUDIENCE).keySet(keySet());
        sources.forEach(tokens::source);
        return tokens.build();
    }

    void addTo(RoutesConfig routes) {
        routes.post("/dev/token", this::mint);
        routes.get(
                "/dev/jwks.json",
                ctx -> ctx.contentType("application/jwk-set+json").result(keySet().toString()));
    }

    /** A token as a good client would have it. */
    String token(String tenant, String subject, Duration lifetime) {
        return sign(claims(tenant, subject, lifetime.toSeconds()), JWSAlgorithm.RS256.getName());
    }

    private JWKSet keySet() {
        return new JWKSet(List.of(rsa, ec)).toPublicJWKSet();
    }

    private void mint(Context ctx) {
        if (!isLoopback(ctx.ip())) {
            throw new MalformedRequestException("Tokens are minted for this machine only.");
        }
        Body body = Body.of(ctx);
        long expiresIn = body.integer("expiresIn", Integer.MIN_VALUE, Integer.MAX_VALUE, DEFAULT_SECONDS);
        Map<String, @Nullable Object> claims = claims(
                body.optionalText("tenant").orElse(null),
                body.optionalText("subject").orElse("u1"),
                expiresIn);
        body.object("claims").properties().forEach(given -> claims.put(given.getKey(), valueOf(given.getValue())));
        ctx.json(Map.of("token", sign(claims, body.optionalText("alg").orElse(JWSAlgorithm.RS256.getName()))));
    }

    private static Map<String, @Nullable Object> claims(@Nullable String tenant, String subject, long expiresIn) {
        long now = Instant.now().getEpochSecond();
        Map<String, @Nullable Object> claims = new LinkedHashMap<>();
        claims.put("iss", ISSUER);
        claims.put("aud", AUDIENCE);
        claims.put("sub", subject);
        claims.put("org_id", tenant);
        claims.put("iat", now);
        claims.put("exp", now + expiresIn);
        return claims;
    }

    private static @Nullable Object valueOf(JsonNode claim) {
        return Json.MAPPER.convertValue(claim, Object.class);
    }

    /** A claim that is null is left out. */
    private String sign(Map<String, @Nullable Object> claims, String algorithm) {
        claims.values().removeIf(value -> value == null);
        try {
            JWSSigner signer = switch (algorithm) {
                case "RS256" -> new RSASSASigner(rsa);
                case "ES256" -> new ECDSASigner(ec);
                default -> throw new MalformedRequestException("alg is neither RS256 nor ES256.");
            };
            JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.parse(algorithm))
                    .keyID(algorithm.equals("RS256") ? rsa.getKeyID() : ec.getKeyID())
                    .type(JOSEObjectType.JWT)
                    .build();
            JWSObject token = new JWSObject(header, new Payload(Json.text(claims)));
            token.sign(signer);
            return token.serialize();
        } catch (JOSEException failure) {
            throw new IllegalStateException("the token cannot be signed", failure);
        }
    }

    private static boolean isLoopback(String address) {
        try {
            return InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException notAnAddress) {
            return false;
        }
    }
}
