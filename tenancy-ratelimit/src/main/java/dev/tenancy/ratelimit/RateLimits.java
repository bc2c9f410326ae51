package dev.tenancy.ratelimit;

import dev.tenancy.TenantSetting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Limits that hold at once, such as 600 a minute and 10,000 a day: permits are taken from all of them or from none. A
 * value: immutable and thread-safe.
 *
 * @since 0.1
 */
public final class RateLimits {

    /** The setting in which a catalog keeps a tenant's limits: {@code rate-limit}, read by {@link #parse}. */
    public static final TenantSetting<RateLimits> SETTING = TenantSetting.of("rate-limit", RateLimits::parse);

    /** The most limits that hold at once. */
    public static final int MOST = 8;

    private static final String SEPARATOR = ", ";

    private final List<RateLimit> all;
    private final List<RateLimit> ofTenant;
    private final List<RateLimit> ofSubject;
    private final @Nullable RateLimit only;
    private final long mostAtOnce;

    /** Of one limit, which need not be made yet but for its numbers. */
    RateLimits(RateLimit limit) {
        this.all = List.of(limit);
        boolean counted = !limit.isUnlimited();
        this.ofTenant = counted && !limit.isPerSubject() ? all : List.of();
        this.ofSubject = counted && limit.isPerSubject() ? all : List.of();
        this.only = limit.isPerSubject() ? null : limit;
        this.mostAtOnce = counted ? limit.burst() : Long.MAX_VALUE;
    }

    private RateLimits(List<RateLimit> limits) {
        this.all = List.copyOf(limits);
        this.ofTenant = counted(all, false);
        this.ofSubject = counted(all, true);
        this.only = null;
        this.mostAtOnce = all.stream()
                .filter(limit -> !limit.isUnlimited())
                .mapToLong(RateLimit::burst)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    private static List<RateLimit> counted(List<RateLimit> limits, boolean perSubject) {
        return limits.stream()
                .filter(limit -> !limit.isUnlimited() && limit.isPerSubject() == perSubject)
                .toList();
    }

    /**
     * {@return limits that hold at once}
     *
     * @param limits 1 to {@value #MOST}; of a tenant, and of its subjects, no two with the same period
     * @throws IllegalArgumentException if there are none, too many, or two of the same period
     */
    public static RateLimits of(RateLimit... limits) {
        if (limits.length == 0 || limits.length > MOST) {
            throw new IllegalArgumentException(limits.length + " limits; allowed: 1 to " + MOST);
        }
        if (limits.length == 1) {
            return limits[0].alone();
        }
        Set<Duration> ofTenant = new HashSet<>();
        Set<Duration> ofSubject = new HashSet<>();
        for (RateLimit limit : limits) {
            if (!limit.isUnlimited() && !(limit.isPerSubject() ? ofSubject : ofTenant).add(limit.period())) {
                throw new IllegalArgumentException("two limits have the period "
                        + RateLimitText.period(limit.period())
                        + "; allowed: one a period for the tenant, and one a period for each subject");
            }
        }
        return new RateLimits(Arrays.asList(limits));
    }

    /**
     * {@return the limits that a text says, with commas between them: {@code 600/1m burst 100, 10000/1d}}
     *
     * @throws IllegalArgumentException if it says none, see {@link RateLimit#parse} and {@link #of}
     */
    public static RateLimits parse(String text) {
        List<RateLimit> limits = new ArrayList<>();
        for (String limit : text.split(SEPARATOR, -1)) {
            try {
                limits.add(RateLimit.parse(limit));
            } catch (IllegalArgumentException bad) {
                throw new IllegalArgumentException(
                        "limit number " + (limits.size() + 1) + " of those between '" + SEPARATOR + "': "
                                + bad.getMessage(),
                        bad);
            }
        }
        return of(limits.toArray(RateLimit[]::new));
    }

    /** {@return the limits, in the order in which they were given; immutable} */
    public List<RateLimit> all() {
        return all;
    }

    /** {@return whether each of them is {@link RateLimit#unlimited()}} */
    public boolean isUnlimited() {
        return mostAtOnce == Long.MAX_VALUE;
    }

    /** {@return the most permits that can be taken at once: the smallest burst} */
    public long mostAtOnce() {
        return mostAtOnce;
    }

    /** {@return those that all subjects of the tenant share, without unlimited ones; immutable} */
    public List<RateLimit> ofTenant() {
        return ofTenant;
    }

    /** {@return those that each subject has by itself, without unlimited ones; immutable} */
    public List<RateLimit> ofSubject() {
        return ofSubject;
    }

    /** The only limit, if there is no other and it is the tenant's. */
    @Nullable
    RateLimit only() {
        return only;
    }

    @Override
    public boolean equals(Object object) {
        return object instanceof RateLimits other && all.equals(other.all);
    }

    @Override
    public int hashCode() {
        return all.hashCode();
    }

    /** {@return their text} */
    @Override
    public String toString() {
        return all.stream().map(RateLimit::toString).collect(Collectors.joining(SEPARATOR));
    }
}
