package dev.tenancy.example.gateway;

import dev.tenancy.Tenant;
import dev.tenancy.TenantId;
import dev.tenancy.ratelimit.Budget;
import dev.tenancy.ratelimit.RateLimit;
import java.util.Locale;
import java.util.Optional;

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
    private static final long MOST_REQUESTS = 1_000_000;
    private static final String RATE_LIMIT = "rate-limit";
    private static final String BUDGET = "budget";

    static Tenant.Builder usual(TenantId id) {
        return limited(id, 600, 100, 1_000_000);
    }

    static Tenant.Builder limited(TenantId id, long requestsPerMinute, long burst, long budgetMicros) {
        return Tenant.builder(id)
                .setting(
                        RATE_LIMIT,
                        requestsPerMinute == 0 ? "0/1m" : requestsPerMinute + "/1m burst " + Math.max(burst, 1))
                .setting(BUDGET, budgetMicros + "/1d");
    }

    static TenantTerms of(Tenant tenant) {
        Optional<RateLimit> limit =
                Optional.ofNullable(tenant.settings().get(RATE_LIMIT)).map(RateLimit::parse);
        Optional<Budget> budget =
                Optional.ofNullable(tenant.settings().get(BUDGET)).map(Budget::parse);
        return new TenantTerms(
                tenant.id().value(),
                tenant.status().name().toLowerCase(Locale.ROOT),
                limit.map(RateLimit::permits).orElse(0L),
                limit.map(RateLimit::burst).orElse(0L),
                budget.map(Budget::amount).orElse(0L));
    }

    /** These terms, but for what the body says. */
    TenantTerms changed(Body body) {
        String said = body.optionalText("status").orElse(status);
        if (!said.equals("active") && !said.equals("suspended")) {
            throw new MalformedRequestException("status is neither active nor suspended.");
        }
        return new TenantTerms(
                id,
                said,
                body.integer("requestsPerMinute", 0, MOST_REQUESTS, requestsPerMinute),
                body.integer("burst", 0, MOST_REQUESTS, burst),
                body.integer("budgetMicros", 0, Long.MAX_VALUE / 2, budgetMicros));
    }

    /** The tenant with these terms, and what else it has. */
    Tenant given(Tenant former) {
        Tenant.Builder tenant = limited(former.id(), requestsPerMinute, burst, budgetMicros)
                .status(Tenant.Status.valueOf(status.toUpperCase(Locale.ROOT)))
                .readableTenants(former.readableTenants());
        former.settings().forEach((name, value) -> {
            if (!name.equals(RATE_LIMIT) && !name.equals(BUDGET)) {
                tenant.setting(name, value);
            }
        });
        return tenant.build();
    }
}
