package dev.tenancy.testservers;

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
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** Issues tokens, good and bad, and serves its key set over HTTP until it is closed. */
public final class TokenIssuer implements AutoCloseable {
    /** The audience of its tokens. */
    public static final String AUDIENCE = "test-api";

    private final RSAKey rsa;
    private final ECKey ec;
    private final HttpServer server;
    private final AtomicInteger keySetRequests = new AtomicInteger();
    private final List<JWK> furtherKeys = new CopyOnWriteArrayList<>();
    private volatile boolean keySetFails;

    private TokenIssuer(RSAKey rsa, ECKey ec, HttpServer server) {
        this.rsa = rsa;
        this.ec = ec;
        this.server = server;
    }

    /** A running issuer with new keys. */
    public static TokenIssuer start() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            TokenIssuer issuer = new TokenIssuer(
                    new RSAKeyGenerator(2048).keyID("rsa-1").generate(),
                    new ECKeyGenerator(Curve.P_256).keyID("ec-1").generate(),
                    server);
            server.createContext("/jwks.json", issuer::serveKeySet);
            server.start();
            return issuer;
        } catch (IOException failure) {
            throw new UncheckedIOException("the issuer does not start", failure);
        } catch (JOSEException failure) {
            throw new IllegalStateException("the issuer has no keys", failure);
        }
    }

    private void serveKeySet(HttpExchange exchange) throws IOException {
        keySetRequests.incrementAndGet();
        byte[] body = keySet().toString().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(keySetFails ? 500 : 200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    /** Lets requests for the key set fail, or not. */
    public void failKeySet(boolean fail) {
        keySetFails = fail;
    }

    /** Adds a key to the key set. */
    public void serveToo(JWK key) {
        furtherKeys.add(key);
    }

    /** The value of {@code iss} in its tokens. */
    public String issuer() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Where its key set is. */
    public URI jwksUri() {
        return URI.create(issuer() + "/jwks.json");
    }

    /** How often its key set was asked for. */
    public int keySetRequests() {
        return keySetRequests.get();
    }

    /** Its public keys. */
    public JWKSet keySet() {
        List<JWK> keys = new ArrayList<>(List.of(rsa, ec));
        keys.addAll(furtherKeys);
        return new JWKSet(keys).toPublicJWKSet();
    }

    /** Its RSA key, private part included. */
    public RSAKey rsa() {
        return rsa;
    }

    /** Its EC key, private part included. */
    public ECKey ec() {
        return ec;
    }

    /** Claims that nothing is wrong with: valid for five minutes, {@code org_id} is the tenant. */
    public JWTClaimsSet.Builder goodClaims(String tenant) {
        Instant now = Instant.now();
        return new JWTClaimsSet.Builder()
                .issuer(issuer())
                .audience(AUDIENCE)
                .subject("u1")
                .claim("org_id", tenant)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(300)));
    }

    /** A good token, signed with RS256. */
    public String token(String tenant) {
        return token(tenant, claims -> claims);
    }

    /** A token with changed claims, signed with RS256. */
    public String token(String tenant, UnaryOperator<JWTClaimsSet.Builder> change) {
        JWSHeader header =
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(rsa.getKeyID()).build();
        return sign(header, change.apply(goodClaims(tenant)).build(), rsaSigner());
    }

    /** A good token, signed with ES256. */
    public String ecToken(String tenant) {
        JWSHeader header =
                new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(ec.getKeyID()).build();
        return sign(header, goodClaims(tenant).build(), ecSigner());
    }

    /** A token of any header and claims, signed by any key. */
    public static String sign(JWSHeader header, JWTClaimsSet claims, JWSSigner signer) {
        try {
            SignedJWT token = new SignedJWT(header, claims);
            token.sign(signer);
            return token.serialize();
        } catch (JOSEException failure) {
            throw new IllegalStateException("the token cannot be signed", failure);
        }
    }

    /** Signs with its RSA key. */
    public JWSSigner rsaSigner() {
        try {
            return new RSASSASigner(rsa);
        } catch (JOSEException failure) {
            throw new IllegalStateException("the key cannot sign", failure);
        }
    }

    private JWSSigner ecSigner() {
        try {
            return new ECDSASigner(ec);
        } catch (JOSEException failure) {
            throw new IllegalStateException("the key cannot sign", failure);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
