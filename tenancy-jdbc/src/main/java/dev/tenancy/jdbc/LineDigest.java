package dev.tenancy.jdbc;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What tells the lines of one file from those of another: as they are, and in whatever order. */
final class LineDigest {
    private static final BigInteger MODULUS = BigInteger.TWO.pow(256);

    private final MessageDigest file = sha256();
    private final MessageDigest line = sha256();
    private BigInteger content = BigInteger.ZERO;
    private long lines;

    /** Adds a line, with the line feed at its end. */
    void add(byte[] bytes) {
        file.update(bytes);
        content = content.add(new BigInteger(1, line.digest(bytes))).mod(MODULUS);
        lines++;
    }

    long lines() {
        return lines;
    }

    /** Of the file as it is. Nothing can be added after this. */
    String sha256OfFile() {
        return HexFormat.of().formatHex(file.digest());
    }

    /** The sum of what SHA-256 says of each line. */
    String content() {
        return String.format("%064x", content);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
