package dev.tenancy.ratelimit;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * What one limit allows, computed from nothing but the list of what was granted, in exact fractions and without any
 * trick. Not thread-safe.
 */
public final class BucketModel {
    private final BigInteger permits;
    private final BigInteger period;
    private final BigInteger capacity;
    private final List<Grant> grants = new ArrayList<>();

    public BucketModel(RateLimit limit) {
        this.permits = BigInteger.valueOf(limit.permits());
        this.period = BigInteger.valueOf(limit.period().toNanos());
        this.capacity = period.multiply(BigInteger.valueOf(limit.burst()));
    }

    /**
     * Permits that were granted.
     *
     * @param nanos when
     * @param number how many
     */
    public record Grant(BigInteger nanos, long number) {}

    public Grant granted(BigInteger nanos, long number) {
        Grant grant = new Grant(nanos, number);
        grants.add(grant);
        return grant;
    }

    /** As if it had never been granted. */
    @SuppressWarnings("ReferenceEquality") // this one, and not another of the same time and number
    public void undone(Grant grant) {
        grants.removeIf(each -> each == grant);
    }

    /** Nanoseconds until so many would be granted, rounded up; 0 for now. */
    public BigInteger waitFor(BigInteger nanos, long number) {
        BigInteger lacking =
                debt(nanos).add(period.multiply(BigInteger.valueOf(number))).subtract(capacity);
        BigInteger[] wait = lacking.max(BigInteger.ZERO).divideAndRemainder(permits);
        return wait[0].add(BigInteger.valueOf(wait[1].signum()));
    }

    /** Whether more was granted at some time than the limit allows. */
    public boolean isExceeded() {
        BigInteger debt = BigInteger.ZERO;
        BigInteger at = BigInteger.ZERO;
        for (Grant grant : grants) {
            debt = repaid(debt, grant.nanos.subtract(at)).add(period.multiply(BigInteger.valueOf(grant.number)));
            at = grant.nanos;
            if (debt.compareTo(capacity) > 0) {
                return true;
            }
        }
        return false;
    }

    /** In nanoseconds times the permits of a period. */
    private BigInteger debt(BigInteger nanos) {
        BigInteger debt = BigInteger.ZERO;
        BigInteger at = BigInteger.ZERO;
        for (Grant grant : grants) {
            debt = repaid(debt, grant.nanos.subtract(at)).add(period.multiply(BigInteger.valueOf(grant.number)));
            at = grant.nanos;
        }
        return repaid(debt, nanos.subtract(at));
    }

    private BigInteger repaid(BigInteger debt, BigInteger nanos) {
        return debt.subtract(nanos.multiply(permits)).max(BigInteger.ZERO);
    }
}
