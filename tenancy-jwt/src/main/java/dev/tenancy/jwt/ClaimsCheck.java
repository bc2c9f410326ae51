package dev.tenancy.jwt;

import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.JWTClaimsSetVerifier;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.jspecify.annotations.Nullable;

/** What the registered claims of a token must say (RFC 7519 section 4.1). */
final class ClaimsCheck implements JWTClaimsSetVerifier<SecurityContext> {
    private final String issuer;
    private final String audience;
    private final Duration skew;
    private final Clock clock;

    ClaimsCheck(String issuer, String audience, Duration skew, Clock clock) {
        this.issuer = issuer;
        this.audience = audience;
        this.skew = skew;
        this.clock = clock;
    }

    @Override
    public void verify(JWTClaimsSet claims, @Nullable SecurityContext context) throws BadClaimException {
        Instant now = clock.instant();
        require(issuer.equals(claims.getIssuer()), "it is of another issuer, or of none");
        require(claims.getAudience().contains(audience), "it is for another audience, or for none");
        Date expires = claims.getExpirationTime();
        require(expires != null && now.isBefore(expires.toInstant().plus(skew)), "it has expired, or has no exp");
        require(isPast(claims.getNotBeforeTime(), now), "it is not valid yet");
        require(isPast(claims.getIssueTime(), now), "it was issued in the future");
    }

    private boolean isPast(@Nullable Date time, Instant now) {
        return time == null || !now.plus(skew).isBefore(time.toInstant());
    }

    private static void require(boolean holds, String otherwise) throws BadClaimException {
        if (!holds) {
            throw new BadClaimException(otherwise);
        }
    }

    /** A claim is missing or says something else; the reason repeats nothing of the token. */
    static final class BadClaimException extends BadJWTException {
        private static final long serialVersionUID = 1L;

        private final String reason;

        private BadClaimException(String reason) {
            super(reason);
            this.reason = reason;
        }

        String reason() {
            return reason;
        }
    }
}
