package dev.tenancy.ratelimit.lettuce;

import java.nio.ByteBuffer;

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
    static Answer of(byte[] said) {
        ByteBuffer numbers = ByteBuffer.wrap(said);
        long granted = next(numbers);
        long besides = next(numbers);
        long waitMicros = next(numbers);
        long micros = next(numbers);
        int limits = numbers.remaining() / (2 * Double.BYTES);
        long[] debts = new long[limits];
        long[] givenBack = new long[limits];
        for (int i = 0; i < limits; i++) {
            debts[i] = next(numbers);
            givenBack[i] = next(numbers);
        }
        return new Answer(granted, besides, waitMicros, micros, debts, givenBack);
    }

    private static long next(ByteBuffer numbers) {
        return (long) numbers.getDouble();
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
