package dev.tenancy.example.gateway;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What all replicas on one database know, and keep when they start again: the first one makes it up, and only the role
 * that owns the tables can read it.
 */
final class SharedSecret {
    private static final String HMAC = "HmacSHA256";
    private static final int BYTES = 32;

    private final SecretKeySpec key;

    private SharedSecret(byte[] secret) {
        this.key = new SecretKeySpec(secret, HMAC);
    }

    /** That of the database; made up if there is none yet. */
    static SharedSecret in(Connection owner) throws SQLException {
        byte[] madeUp = new byte[BYTES];
        new SecureRandom().nextBytes(madeUp);
        try (PreparedStatement insert =
                owner.prepareStatement("INSERT INTO gateway_secret (secret) VALUES (?) ON CONFLICT DO NOTHING")) {
            insert.setBytes(1, madeUp);
            insert.executeUpdate();
        }
        try (Statement select = owner.createStatement();
                ResultSet row = select.executeQuery("SELECT secret FROM gateway_secret")) {
            row.next();
            return new SharedSecret(row.getBytes(1));
        }
    }

    /** A secret of 32 bytes for one use, from which no other one follows. */
    byte[] forUse(String use) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            return mac.doFinal(use.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every JDK has " + HMAC, impossible);
        }
    }
}
