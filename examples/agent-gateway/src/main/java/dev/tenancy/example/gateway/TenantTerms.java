package dev.tenancy.example.gateway;

import dev.tenancy.Tenant;
import dev.tenancy.TenantId;
import dev.tenancy.ratelimit.Budget;
import dev.tenancy.ratelimit.RateLimit;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a tenant has, as the operator sees and changes it.
 *
 * @param id which tenant
 * @param status {@code active} or {@code suspended}
 * @param requestsPerMinute 0 for none at all
 * @param burst the most requests at once
 * @param budgetMicros what it may spend a day, in millionths of a dollar
 */
record TenantTerms(String id, String status, long requestsPerMinute, long burst, long budgetMicros) {
    private static final Logger LOG = LoggerFactory.getLogger(TenantTerms.class);
    private static final long MOST_REQUESTS = 1_000_000;
    private static final String RATE_LIMIT = "rate-limit";
    private static final String BUDGET = "budget";

    static Tenant.Builder usual(TenantId id) {
        return limited(id, 600, 100, 1_000_000);
    }

    static Tenant.Builder limited(TenantId id, long requestsPerMinute, long burst, long budgetMicros) {
        return Tenant.builder(id)
                .setting(RATE_LIMIT, rateLimit(requestsPerMinute, burst))
                .setting(BUDGET, budget(budgetMicros));
    }

    private static String rateLimit(long requestsPerMinute, long burst) {
        return requestsPerMinute == 0 ? "0/1m" : requestsPerMinute + "/1m burst " + Math.max(burst, 1);
    }

    private static String budget(long micros) {
        return micros + "/1d";
    }

    static TenantTerms of(Tenant tenant) {
        Optional<RateLimit> limit = setting(tenant, RATE_LIMIT, RateLimit::parse);
        Optional<Budget> budget = setting(tenant, BUDGET, Budget::parse);
        return new TenantTerms(
                tenant.id().value(),
                tenant.status().name().toLowerCase(Locale.ROOT),
                limit.map(RateLimit::permits).orElse(0L),
                limit.map(RateLimit::burst).orElse(0L),
                budget.map(Budget::amount).orElse(0L));
    }

    /** One that cannot be used is shown as none, so that the operator sees the tenant, and can mend it. */
    private static <T> Optional<T> setting(Tenant tenant, String name, Function<String, T> parser) {
        try {
            return Optional.ofNullable(tenant.settings().get(name)).map(parser);
        } catch (IllegalArgumentException bad) {
            LOG.warn("setting {} of tenant {} cannot be used", name, tenant.id(), bad);
            return Optional.empty();
        }
    }

    /** The tenant as it was, but for the terms that the body says. */
    static Tenant changed(Tenant former, Body body) {
        TenantTerms before = of(former);
        String status = body.optionalText("status").orElse(before.status);
        if (!status.equals("active") && !status.equals("suspended")) {
            throw new MalformedRequestException("status is neither active nor suspended.");
        }
        Tenant.Builder tenant = Tenant.builder(former.id())
                .status(Tenant.Status.valueOf(status.toUpperCase(Locale.ROOT)))
                .readableTenants(former.readableTenants());
        former.settings().forEach(tenant::setting);
        if (body.has("requestsPerMinute") || body.has("burst")) {
            tenant.setting(
                    RATE_LIMIT,
                    rateLimit(
                            body.integer("requestsPerMinute", 0, MOST_REQUESTS, before.requestsPerMinute),
                            body.integer("burst", 0, MOST_REQUESTS, before.burst)));
        }
        if (body.has("budgetMicros")) {
            tenant.setting(BUDGET, budget(body.integer("budgetMicros", 0, Budget.MOST, before.budgetMicros)));
        }
        return tenant.build();
    }
}
