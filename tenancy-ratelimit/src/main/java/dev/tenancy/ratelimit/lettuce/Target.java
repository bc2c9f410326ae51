package dev.tenancy.ratelimit.lettuce;

import dev.tenancy.ratelimit.BucketKey;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Whose permits, under which limits.
 *
 * @param key whose
 * @param spec under which limits
 */
record Target(BucketKey key, Spec spec) {

    /** Who asks matters only where a limit is the subject's: else all subjects are one. */
    static Target of(BucketKey key, Spec spec) {
        return new Target(spec.size() > spec.ofTenant() ? key : key.withoutSubject(), spec);
    }

    /** Whether others have a part in it: what all subjects of the tenant share beside what each has by itself. */
    boolean isPartlyShared() {
        return spec.ofTenant() > 0 && spec.size() > spec.ofTenant();
    }

    private static final int LONGEST_SUBJECT = 128;

    /**
     * The keys on the server: that of the tenant, if a limit is the tenant's, and that of the subject, if a limit is
     * the subject's. Both have the tenant, which has no brace in it, as their hash tag, so that a cluster keeps them
     * together. A name has no colon in it.
     */
    List<String> keys(String prefix) {
        String tenant = prefix + "{" + key.tenant() + "}:" + key.name();
        List<String> keys = new ArrayList<>(2);
        if (spec.ofTenant() > 0) {
            keys.add(tenant);
        }
        if (spec.size() > spec.ofTenant()) {
            keys.add(tenant + key.subject().map(Target::subject).orElse(":none"));
        }
        return keys;
    }

    /** A long one, or one that is not plain, by its digest. */
    private static String subject(String subject) {
        boolean plain = subject.length() <= LONGEST_SUBJECT
                && subject.chars().allMatch(character -> character > ' ' && character < 0x7f);
        return plain ? ":subject:" + subject : ":digest:" + digest(subject);
    }

    private static String digest(String text) {
        ByteBuffer characters = ByteBuffer.allocate(text.length() * Character.BYTES);
        characters.asCharBuffer().put(text);
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(characters.array()));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("SHA-256 is part of every JDK", impossible);
        }
    }
}
