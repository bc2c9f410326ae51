package dev.tenancy.ratelimit.lettuce;

import dev.tenancy.ratelimit.RateLimit;
import dev.tenancy.ratelimit.RateLimits;
import dev.tenancy.ratelimit.Standing;
import dev.tenancy.ratelimit.internal.Rate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Limits as the script reads them: in microseconds, and in numbers that a double holds exactly. Compared by identity.
 */
final class Spec {
    private static final Rate.Room MICROSECONDS = new Rate.Room(1L << 30, 1L << 52, 1L << 52);
    /** How many numbers say what a limit is. */
    static final int NUMBERS = 4;

    private static final long NANOS = 1_000;

    private final RateLimits limits;
    private final List<RateLimit> counted = new ArrayList<>();
    private final List<Rate> rates = new ArrayList<>();
    private final List<Long> periods = new ArrayList<>();
    private final int ofTenant;

    private Spec(RateLimits limits) {
        this.limits = limits;
        this.ofTenant = limits.ofTenant().size();
        counted.addAll(limits.ofTenant());
        counted.addAll(limits.ofSubject());
        for (RateLimit limit : counted) {
            long micros = (limit.period().toNanos() + NANOS - 1) / NANOS;
            Rate rate = Rate.of(micros, limit.permits(), limit.burst(), MICROSECONDS);
            rates.add(rate);
            periods.add(micros);
        }
    }

    /** Those that were used, so that they are made once. */
    static final class Cache {
        private static final int MOST = 10_000;

        private final ConcurrentMap<RateLimits, Spec> specs = new ConcurrentHashMap<>();

        Spec of(RateLimits limits) {
            Spec known = specs.get(limits);
            if (known != null) {
                return known;
            }
            if (specs.size() >= MOST) {
                specs.clear();
            }
            return specs.computeIfAbsent(limits, Spec::new);
        }
    }

    RateLimits limits() {
        return limits;
    }

    /** How many limits are counted, those of the tenant first. */
    int size() {
        return counted.size();
    }

    int ofTenant() {
        return ofTenant;
    }

    Rate rate(int i) {
        return rates.get(i);
    }

    /** Says what a limit is. */
    void addTo(PackedNumbers numbers, int i) {
        Rate rate = rates.get(i);
        numbers.add(periods.get(i)).add(rate.scale()).add(rate.interval()).add(rate.capacity());
    }

    /** What is left, if so much is taken. */
    List<Standing> standings(long[] debts) {
        List<Standing> standings = new ArrayList<>(debts.length);
        for (int i = 0; i < debts.length; i++) {
            Rate rate = rates.get(i);
            standings.add(new Standing(
                    counted.get(i),
                    rate.left(debts[i]),
                    rate.ticksToMore(debts[i]) * NANOS,
                    rate.ticks(debts[i]) * NANOS));
        }
        return standings;
    }
}
