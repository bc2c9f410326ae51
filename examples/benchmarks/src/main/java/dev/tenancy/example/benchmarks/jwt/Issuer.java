package dev.tenancy.example.benchmarks.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.tenancy.TenantResolver;
import dev.tenancy.jwt.JwtTenantResolver;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;

/** An issuer with one key, and those who trust it: both want the same issuer, audience, algorithm and times. */
final class Issuer {
    private static final String NAME = "https://issuer.example";
    private static final String AUDIENCE = "https://api.example";
    private static final String KEY_ID = "2026-11";
    private static final int RSA_BITS = 2048;

    private final JWSAlgorithm algorithm;
    private final JWKSet keys;
    private final String token;

    private Issuer(JWSAlgorithm algorithm, JWK key, JWSSigner signer) throws JOSEException {
        this.algorithm = algorithm;
        this.keys = new JWKSet(key.toPublicJWK());
        this.token = token(algorithm, signer);
    }

    static Issuer rs256() {
        try {
            RSAKey key = new RSAKeyGenerator(RSA_BITS).keyID(KEY_ID).generate();
            return new Issuer(JWSAlgorithm.RS256, key, new RSASSASigner(key));
        } catch (JOSEException failure) {
            throw new IllegalStateException("no RSA key can be made", failure);
        }
    }

    static Issuer es256() {
        try {
            ECKey key = new ECKeyGenerator(Curve.P_256).keyID(KEY_ID).generate();
            return new Issuer(JWSAlgorithm.ES256, key, new ECDSASigner(key));
        } catch (JOSEException failure) {
            throw new IllegalStateException("no P-256 key can be made", failure);
        }
    }

    /** {@return a token with the claims of an ordinary access token, good for longer than a benchmark runs} */
    String token() {
        return token;
    }

    private static String token(JWSAlgorithm algorithm, JWSSigner signer) throws JOSEException {
        Instant now = Instant.now();
        SignedJWT signed = new SignedJWT(
                new JWSHeader.Builder(algorithm).keyID(KEY_ID).build(),
                new JWTClaimsSet.Builder()
                        .issuer(NAME)
                        .audience(AUDIENCE)
                        .subject("auth0|5f7c8ec7c33c6c004bbafe82")
                        .issueTime(Date.from(now))
                        .expirationTime(Date.from(now.plus(Duration.ofHours(6))))
                        .claim("org_id", "org_9ybsU1dN2dKfDkBi")
                        .claim("scope", "openid profile email read:agents write:agents")
                        .claim("azp", "my_client_id")
                        .claim("permissions", List.of("read:agents", "write:agents"))
                        .build());
        signed.sign(signer);
        return signed.serialize();
    }

    TenantResolver resolver(boolean remembering) {
        JwtTenantResolver.Builder builder =
                JwtTenantResolver.builder().issuer(NAME).audience(AUDIENCE).keySet(keys);
        return (remembering ? builder.cache(10_000, Duration.ofHours(1)) : builder).build();
    }

    DefaultJWTProcessor<SecurityContext> processor() {
        DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(algorithm, new ImmutableJWKSet<>(keys)));
        processor.setJWTClaimsSetVerifier(new DefaultJWTClaimsVerifier<>(
                AUDIENCE, new JWTClaimsSet.Builder().issuer(NAME).build(), Set.of("exp", "org_id")));
        return processor;
    }
}
