package dev.tenancy.ratelimit;

import dev.tenancy.Problem;
import dev.tenancy.TenancyException;

/**
 * The key of an expense was used before: for a reservation that has ended, or for another expense. Answered with 409;
 * nothing was reserved, so the work is not to be done.
 *
 * @since 0.1
 */
public final class ReservationConflictException extends TenancyException {
    private static final long serialVersionUID = 1L;

    ReservationConflictException(boolean ended) {
        super(
                ended ? "what bears this key was settled or released before" : "this key is that of another expense",
                Problem.conflict(ended ? "This was done before." : "The same key was used for something else."),
                null);
    }
}
