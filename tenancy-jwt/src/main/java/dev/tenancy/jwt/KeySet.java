package dev.tenancy.jwt;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The keys of an issuer that may be used.
 *
 * @param keys no two of one id and one kind
 * @param leftOut why the others may not, for the log
 */
record KeySet(List<VerificationKey> keys, List<String> leftOut) {
    static final KeySet NONE = new KeySet(List.of(), List.of());

    KeySet {
        keys = List.copyOf(keys);
        leftOut = List.copyOf(leftOut);
    }

    boolean isEmpty() {
        return keys.isEmpty();
    }

    /** The keys with this id, or all if a token names none; only those that the algorithm may be used with. */
    List<VerificationKey> candidates(@Nullable String id, SignatureAlgorithm algorithm) {
        return keys.stream()
                .filter(key -> (id == null || id.equals(key.id())) && key.isFor(algorithm))
                .toList();
    }
}
