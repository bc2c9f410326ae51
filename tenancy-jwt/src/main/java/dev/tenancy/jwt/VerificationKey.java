package dev.tenancy.jwt;

import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A public key of an issuer, and what it may be used with.
 *
 * <p>Equal to another one that has the same id, the same key, and the same use.
 */
final class VerificationKey {
    private final Jca jca;
    private final @Nullable String id;
    private final PublicKey key;
    private final Set<SignatureAlgorithm> algorithms;
    private final SignatureForm form;

    VerificationKey(
            Jca jca, @Nullable String id, PublicKey key, Set<SignatureAlgorithm> algorithms, SignatureForm form) {
        this.jca = jca;
        this.id = id;
        this.key = key;
        this.algorithms = Set.copyOf(algorithms);
        this.form = form;
    }

    @Nullable
    String id() {
        return id;
    }

    boolean isFor(SignatureAlgorithm algorithm) {
        return algorithms.contains(algorithm);
    }

    /**
     * Whether it signed the first {@code length} bytes of {@code text}.
     *
     * @throws GeneralSecurityException if the provider cannot tell
     */
    boolean verifies(SignatureAlgorithm algorithm, byte[] text, int length, byte[] signature)
            throws GeneralSecurityException {
        byte[] formed = form.forProvider(signature);
        if (formed == null) {
            return false;
        }
        Signature verification = jca.signature(algorithm);
        verification.initVerify(key);
        verification.update(text, 0, length);
        try {
            return verification.verify(formed);
        } catch (SignatureException malformed) {
            return false;
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof VerificationKey that
                && Objects.equals(id, that.id)
                && key.equals(that.key)
                && algorithms.equals(that.algorithms);
    }

    @Override
    public int hashCode() {
        return key.hashCode();
    }
}
