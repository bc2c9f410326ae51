package dev.tenancy.ratelimit;

import dev.tenancy.Guard;
import dev.tenancy.GuardedRequest;
import dev.tenancy.Problem;
import dev.tenancy.Tenant;
import dev.tenancy.TenantRequest;
import dev.tenancy.TenantSetting;
import dev.tenancy.UnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Lets a tenant pass as often as its limits say.
 *
 * <p>The limits are the tenant's setting {@code rate-limit} in the catalog, read for every request, or else the
 * default; a tenant with neither is refused with 503, and one over its limit with 429 and {@code Retry-After}.
 * Responses carry {@code RateLimit} and {@code RateLimit-Policy} (draft-ietf-httpapi-ratelimit-headers-10), out of the
 * same decision. Where a later guard denies, the permits are given back. Immutable and thread-safe.
 *
 * @since 0.1
 */
public final class RateLimitGuard implements Guard {
    private static final String SETTING_NAME = RateLimits.SETTING.name();

    private final RateLimiter limiter;
    private final String limited;
    private final TenantSetting<RateLimits> setting;
    private final @Nullable RateLimits defaultLimits;
    private final ToLongFunction<TenantRequest> cost;

    private RateLimitGuard(Builder builder) {
        this.limiter = builder.limiter == null ? RateLimiter.inMemory() : builder.limiter;
        this.limited = builder.limited;
        this.setting = limited.equals(BucketKey.DEFAULT_NAME)
                ? RateLimits.SETTING
                : TenantSetting.of(SETTING_NAME + "-" + limited, RateLimits::parse);
        this.defaultLimits = builder.defaultLimits;
        this.cost = builder.cost;
    }

    /** {@return a builder of a guard that takes one permit a request, counts in memory and has no default limit} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return the name of the setting that it reads} */
    @Override
    public String name() {
        return setting.name();
    }

    /**
     * {@return what a tenant may use}
     *
     * @throws UnavailableException if neither the catalog nor a default says it, or the catalog's text is bad
     */
    public RateLimits limitsOf(Tenant tenant) {
        RateLimits limits = tenant.setting(setting).orElse(defaultLimits);
        if (limits == null) {
            throw new UnavailableException(
                    "tenant " + tenant.id() + " has no setting '" + setting.name() + "', and there is no default",
                    null);
        }
        return limits;
    }

    @Override
    public Decision check(GuardedRequest request) {
        RateLimits limits = limitsOf(request.tenant());
        BucketKey key = BucketKey.of(request.tenant().id(), limited);
        key = request.identity().subject().map(key::withSubject).orElse(key);
        long permits = cost.applyAsLong(request.request());
        if (permits == 0) {
            return new Free(RateLimitHeaders.of(limited, standings(key, limits)));
        }
        Acquisition acquisition = limiter.acquire(key, limits, permits);
        Map<String, String> headers = RateLimitHeaders.of(limited, acquisition.standings());
        return acquisition.isGranted()
                ? new Pass(limiter, acquisition, headers)
                : new Denied(problem(acquisition, headers));
    }

    /** None while nobody can say what is left: who takes no permit passes without. */
    private List<Standing> standings(BucketKey key, RateLimits limits) {
        try {
            return limiter.standing(key, limits);
        } catch (UnavailableException away) {
            return List.of();
        }
    }

    private static Problem problem(Acquisition acquisition, Map<String, String> headers) {
        Problem problem = acquisition.waitNanos() == RateLimiter.NEVER
                ? never(acquisition)
                : limited("This tenant has reached its limit of requests.", Duration.ofNanos(acquisition.waitNanos()));
        for (Map.Entry<String, String> header : headers.entrySet()) {
            problem = problem.withHeader(header.getKey(), header.getValue());
        }
        return problem;
    }

    /** A limit of none may be another one tomorrow; a request that costs more than the burst is to be made smaller. */
    private static Problem never(Acquisition acquisition) {
        for (RateLimit limit : acquisition.limits().all()) {
            if (limit.burst() == 0) {
                return limited("This tenant may make no requests.", limit.period());
            }
        }
        return Problem.of(
                "rate-limited",
                429,
                "Too many requests",
                "This request costs " + acquisition.permits() + ", and at most "
                        + acquisition.limits().mostAtOnce() + " is ever allowed at once.");
    }

    private static Problem limited(String detail, Duration retryAfter) {
        return Problem.limited("rate-limited", "Too many requests", detail, retryAfter);
    }

    private record Free(Map<String, String> headers) implements Passed {}

    private record Pass(RateLimiter limiter, Acquisition acquisition, Map<String, String> headers) implements Passed {
        @Override
        public void undo() {
            limiter.giveBack(acquisition);
        }
    }

    /**
     * Collects the settings. Not thread-safe.
     *
     * @since 0.1
     */
    public static final class Builder {
        private @Nullable RateLimiter limiter;
        private @Nullable RateLimits defaultLimits;
        private String limited = BucketKey.DEFAULT_NAME;
        private ToLongFunction<TenantRequest> cost = request -> 1;

        private Builder() {}

        /** Sets the limiter: to ask it elsewhere what is left, or to count on a server. */
        public Builder limiter(RateLimiter shared) {
            this.limiter = Objects.requireNonNull(shared, "limiter");
            return this;
        }

        /**
         * Sets what is limited, {@code chat} for example: it is counted by itself, and its limits are the tenant's
         * setting {@code rate-limit-chat}. Two guards of one limiter need two names.
         *
         * @param name 1–64 of a–z, 0–9 and hyphen
         * @throws IllegalArgumentException if it is another
         */
        public Builder name(String name) {
            this.limited = BucketKey.validName(name);
            return this;
        }

        /** Sets the limit of tenants for which the catalog says none. */
        public Builder defaultLimit(RateLimit limit) {
            return defaultLimits(limit.alone());
        }

        /** Sets the limits of tenants for which the catalog says none. */
        public Builder defaultLimits(RateLimits limits) {
            this.defaultLimits = Objects.requireNonNull(limits, "limits");
            return this;
        }

        /** Sets how many permits a request takes; 0 for one that is free, and a negative number fails the request. */
        public Builder cost(ToLongFunction<TenantRequest> permits) {
            this.cost = Objects.requireNonNull(permits, "cost");
            return this;
        }

        /** {@return the guard} */
        public RateLimitGuard build() {
            return new RateLimitGuard(this);
        }
    }
}
