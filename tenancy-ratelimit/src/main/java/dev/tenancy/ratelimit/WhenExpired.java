package dev.tenancy.ratelimit;

/**
 * What becomes of a reservation whose holder does not settle it within its lease. When it is settled later, what was
 * really used is charged in either case.
 *
 * @since 0.1
 */
public enum WhenExpired {
    /** Nothing is charged: the work was not done, most likely. */
    REFUND,
    /** What was reserved is charged: the work was done, most likely. */
    CHARGE
}
