package dev.tenancy.ratelimit.lettuce;

/**
 * Permits that were taken on the server.
 *
 * @param target from whom
 * @param permits how many
 * @param micros when, by the server's clock
 * @param nanos when that was known here, by the clock of this process
 * @param debts what was taken of each limit then
 * @param givenBack how many permits had been given back of each
 */
@SuppressWarnings("ArrayRecordComponent") // of its own, and compared by nobody
record Taken(Target target, long permits, long micros, long nanos, long[] debts, long[] givenBack) {}
