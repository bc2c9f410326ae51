package dev.tenancy.ratelimit;

/**
 * What is left of a limit.
 *
 * @param limit which one
 * @param remaining permits that would be granted at once
 * @param nanosToMore nanoseconds until there is one permit more, if nobody takes any; 0 if there never is
 * @param nanosToFull nanoseconds until the whole burst is there again, if nobody takes any
 * @since 0.1
 */
public record Standing(RateLimit limit, long remaining, long nanosToMore, long nanosToFull) {}
