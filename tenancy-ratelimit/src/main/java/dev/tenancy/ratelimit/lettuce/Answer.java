package dev.tenancy.ratelimit.lettuce;

import java.util.List;

/**
 * What the script said.
 *
 * @param granted how many times
 * @param besides permits that were taken besides
 * @param waitMicros how long to wait for one time more; negative if it was granted each time
 * @param micros the time of the server
 * @param debts what is taken of each limit now, in its units
 * @param givenBack how many permits were given back of each
 */
@SuppressWarnings("ArrayRecordComponent") // of its own, and compared by nobody
record Answer(long granted, long besides, long waitMicros, long micros, long[] debts, long[] givenBack) {
    private static final int HEAD = 4;

    static Answer of(List<Object> said) {
        int limits = (said.size() - HEAD) / 2;
        long[] debts = new long[limits];
        long[] givenBack = new long[limits];
        for (int i = 0; i < limits; i++) {
            debts[i] = number(said, HEAD + 2 * i);
            givenBack[i] = number(said, HEAD + 2 * i + 1);
        }
        return new Answer(number(said, 0), number(said, 1), number(said, 2), number(said, 3), debts, givenBack);
    }

    private static long number(List<Object> said, int i) {
        return (Long) said.get(i);
    }

    /** What was taken of each limit when so many permits fewer had been taken. */
    long[] debtsBefore(Spec spec, long permits) {
        long[] before = debts.clone();
        for (int i = 0; i < before.length; i++) {
            before[i] -= permits * spec.rate(i).interval();
        }
        return before;
    }
}
