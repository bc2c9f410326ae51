package dev.tenancy.jwt;

/**
 * Knows which tokens are no longer good although they have not expired.
 *
 * <p>Asked for each request after everything else was found good, also for tokens that are remembered, on the thread of
 * the request and by many at once: it answers from memory. One that throws makes the resolver unavailable (503).
 *
 * @since 0.1
 */
@FunctionalInterface
public interface RevocationCheck {

    /** {@return whether {@code token} is revoked: by its id, its subject or its tenant, say} */
    boolean isRevoked(VerifiedToken token);
}
