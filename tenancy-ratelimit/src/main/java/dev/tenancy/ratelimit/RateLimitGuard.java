package dev.tenancy.ratelimit;

import dev.tenancy.Guard;
import dev.tenancy.GuardedRequest;
import dev.tenancy.Problem;
import dev.tenancy.Tenant;
import dev.tenancy.TenantId;
import dev.tenancy.TenantRequest;
import dev.tenancy.TenantSetting;
import dev.tenancy.UnavailableException;
import java.time.Duration;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Lets a tenant pass as often as its limit says.
 *
 * <p>The limit is the tenant's setting {@code rate-limit} in the catalog, read for every request, or else the default;
 * a tenant with neither is refused with 503, and one over its limit with 429. Responses carry {@code RateLimit} and
 * {@code RateLimit-Policy} (draft-ietf-httpapi-ratelimit-headers-10). Immutable and thread-safe.
 *
 * @since 0.1
 */
public final class RateLimitGuard implements Guard {
    private static final TenantSetting<RateLimit> SETTING = TenantSetting.of("rate-limit", RateLimit::parse);

    private final RateLimiter limiter;
    private final @Nullable RateLimit defaultLimit;
    private final ToLongFunction<TenantRequest> cost;

    private RateLimitGuard(Builder builder) {
        this.limiter = builder.limiter;
        this.defaultLimit = builder.defaultLimit;
        this.cost = builder.cost;
    }

    /** {@return a builder of a guard that takes one permit a request, counts in memory and has no default limit} */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public String name() {
        return "rate-limit";
    }

    /**
     * {@return what a tenant may use}
     *
     * @throws UnavailableException if neither the catalog nor a default says it, or the catalog's text is bad
     */
    public RateLimit limitOf(Tenant tenant) {
        RateLimit limit = tenant.setting(SETTING).orElse(defaultLimit);
        if (limit == null) {
            throw new UnavailableException(
                    "tenant " + tenant.id() + " has no rate limit, and there is no default", null);
        }
        return limit;
    }

    @Override
    public Decision check(GuardedRequest request) {
        TenantId tenant = request.tenant().id();
        RateLimit limit = limitOf(request.tenant());
        long permits = cost.applyAsLong(request.request());
        if (permits == 0) {
            return new Pass(tenant, limit, 0);
        }
        long wait = limiter.tryAcquire(tenant, limit, permits);
        if (wait == 0) {
            return new Pass(tenant, limit, permits);
        }
        Duration retryAfter = wait == RateLimiter.NEVER ? limit.period() : Duration.ofNanos(wait);
        Problem problem = Problem.limited(
                "rate-limited", "Too many requests", "This tenant has reached its limit of requests.", retryAfter);
        for (Map.Entry<String, String> header : headers(tenant, limit).entrySet()) {
            problem = problem.withHeader(header.getKey(), header.getValue());
        }
        return new Denied(problem);
    }

    private Map<String, String> headers(TenantId tenant, RateLimit limit) {
        if (limit.isUnlimited()) {
            return Map.of();
        }
        RateLimiter.Standing standing = limiter.standing(tenant, limit);
        return Map.of(
                "RateLimit",
                "\"default\";r=" + standing.remaining() + ";t="
                        + wholeSeconds(Duration.ofNanos(standing.nanosToFull())),
                "RateLimit-Policy",
                "\"default\";q=" + limit.permits() + ";w=" + wholeSeconds(limit.period()));
    }

    private static long wholeSeconds(Duration duration) {
        return duration.plusSeconds(1).minusNanos(1).toSeconds();
    }

    private final class Pass implements Passed {
        private final TenantId tenant;
        private final RateLimit limit;
        private final long permits;
        private final Map<String, String> headers;

        private Pass(TenantId tenant, RateLimit limit, long permits) {
            this.tenant = tenant;
            this.limit = limit;
            this.permits = permits;
            this.headers = RateLimitGuard.this.headers(tenant, limit);
        }

        @Override
        public Map<String, String> headers() {
            return headers;
        }

        @Override
        public void undo() {
            limiter.giveBack(tenant, limit, permits);
        }
    }

    /**
     * Collects the settings. Not thread-safe.
     *
     * @since 0.1
     */
    public static final class Builder {
        private RateLimiter limiter = RateLimiter.inMemory();
        private @Nullable RateLimit defaultLimit;
        private ToLongFunction<TenantRequest> cost = request -> 1;

        private Builder() {}

        /** Sets the limiter, to ask it elsewhere what is left; it is not for two guards. */
        public Builder limiter(RateLimiter shared) {
            this.limiter = shared;
            return this;
        }

        /** Sets the limit of tenants for which the catalog says none. */
        public Builder defaultLimit(RateLimit limit) {
            this.defaultLimit = limit;
            return this;
        }

        /** Sets how many permits a request takes; 0 for one that is free. */
        public Builder cost(ToLongFunction<TenantRequest> permits) {
            this.cost = permits;
            return this;
        }

        /** {@return the guard} */
        public RateLimitGuard build() {
            return new RateLimitGuard(this);
        }
    }
}
