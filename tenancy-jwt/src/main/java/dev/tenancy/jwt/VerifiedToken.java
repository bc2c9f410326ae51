package dev.tenancy.jwt;

import dev.tenancy.TenantIdentity;
import java.time.Instant;
import java.util.Optional;

/**
 * A token whose signature and claims are good.
 *
 * @param identity the tenant, the subject and the claims
 * @param issuer its {@code iss}; empty if the resolver trusts any issuer and the token names none
 * @param id its {@code jti}, unique within its issuer
 * @param issuedAt its {@code iat}
 * @param expiresAt its {@code exp}
 * @since 0.1
 */
public record VerifiedToken(
        TenantIdentity identity,
        Optional<String> issuer,
        Optional<String> id,
        Optional<Instant> issuedAt,
        Instant expiresAt) {}
