package dev.tenancy.ratelimit.lettuce;

import dev.tenancy.ratelimit.internal.Rate;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the server last said of a target. As others only take more, whoever is denied by this would be denied by the
 * server too.
 *
 * @param target of whom; null if nothing is known
 * @param micros when, by the server's clock
 * @param debts what was taken of each limit
 * @param nanos when, by the clock of this process: when the answer came, and so rather later than earlier
 * @param era in which it was learned: of what others have a part in, all is forgotten that is of an earlier one
 */
@SuppressWarnings("ArrayRecordComponent") // of its own, and compared by nobody
record Known(@Nullable Target target, long micros, long[] debts, long nanos, int era) {
    private static final Known NOTHING = new Known(null, 0, new long[0], 0, 0);
    private static final long NANOS = 1_000;

    /** Nanoseconds that so many permits have to wait at least; 0 if they may be there. */
    long waitFor(long permits, long now) {
        if (target == null) {
            return 0;
        }
        long longest = 0;
        for (int i = 0; i < debts.length; i++) {
            Rate rate = target.spec().rate(i);
            long lacking = debts[i] + permits * rate.interval() - rate.capacity();
            if (lacking > 0) {
                longest = Math.max(longest, rate.ticks(lacking) * NANOS - (now - nanos));
            }
        }
        return longest;
    }

    /** What is taken of each limit of a target now, at least. */
    long[] debtsAt(long now, Spec spec) {
        long[] left = target == null ? new long[spec.size()] : debts.clone();
        long passed = Math.max(now - nanos, 0) / NANOS;
        for (int i = 0; i < left.length && target != null; i++) {
            Rate rate = target.spec().rate(i);
            left[i] = passed >= rate.ticks(left[i]) ? 0 : left[i] - passed * rate.scale();
        }
        return left;
    }

    /** What is known of many. Thread-safe. */
    static final class Cache {
        private static final int MOST = 100_000;
        private static final int FORGOTTEN_AT_ONCE = 1_000;

        private final Map<Target, Known> known = new ConcurrentHashMap<>();
        /** One for many tenants: whoever shares it with another forgets too much now and then. */
        private final AtomicIntegerArray eras = new AtomicIntegerArray(1 << 10);

        private final LongSupplier nanoTime;

        Cache(LongSupplier nanoTime) {
            this.nanoTime = nanoTime;
        }

        Known of(Target target) {
            Known found = known.getOrDefault(target, NOTHING);
            return found.target == null || found.era == era(target) ? found : NOTHING;
        }

        void learn(Target target, Answer answer) {
            if (known.size() >= MOST) {
                Iterator<Target> some = known.keySet().iterator();
                for (int i = 0; i < FORGOTTEN_AT_ONCE && some.hasNext(); i++) {
                    some.next();
                    some.remove();
                }
            }
            // An older answer that comes later knows less.
            known.merge(
                    target,
                    new Known(target, answer.micros(), answer.debts(), nanoTime.getAsLong(), era(target)),
                    (before, now) -> before.micros > now.micros
                                    && now.nanos - before.nanos < 1_000_000_000
                                    && before.era == now.era
                            ? before
                            : now);
        }

        /** Forgets what is known of a target, and of others that share a limit with it. */
        void forget(Target target) {
            known.remove(target);
            if (target.isPartlyShared()) {
                eras.incrementAndGet(place(target));
            }
        }

        private int era(Target target) {
            return target.isPartlyShared() ? eras.get(place(target)) : 0;
        }

        private int place(Target target) {
            return target.key().withoutSubject().hashCode() & (eras.length() - 1);
        }
    }
}
