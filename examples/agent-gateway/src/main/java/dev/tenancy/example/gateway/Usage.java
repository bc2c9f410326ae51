package dev.tenancy.example.gateway;

import dev.tenancy.Admitted;
import dev.tenancy.ratelimit.Budget;
import dev.tenancy.ratelimit.Budgets;
import dev.tenancy.ratelimit.RateLimit;
import dev.tenancy.ratelimit.Standing;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** What a tenant has used of its limits, and what is left. */
final class Usage {
    private final Limits limits;

    Usage(Limits limits) {
        this.limits = limits;
    }

    void addTo(RoutesConfig routes, Gate gate) {
        routes.get("/usage", gate.to(this::usage));
    }

    private void usage(Context ctx, Admitted admitted) {
        RateLimit limit = limits.rateLimits().limitsOf(admitted.tenant()).all().get(0);
        Standing standing = limits.limiter().standing(admitted.tenant().id(), limit);
        Budget budget = limits.budgetGuard().planOf(admitted.tenant()).all().get(0);
        Budgets.Usage spent = limits.budgets().usage(budget);
        ctx.json(Map.of(
                "tenantId",
                admitted.tenant().id().value(),
                "rateLimit",
                Map.of(
                        "permits", limit.permits(),
                        "periodSeconds", limit.period().toSeconds(),
                        "burst", limit.burst(),
                        "used", limit.burst() - standing.remaining(),
                        "left", standing.remaining(),
                        "resetsAt",
                                Instant.now()
                                        .plus(Duration.ofNanos(standing.nanosToFull()))
                                        .toString()),
                "budget",
                Map.of(
                        "amountMicros", budget.amount(),
                        "period", budget.period().name(),
                        "usedMicros", spent.spent(),
                        "reservedMicros", spent.reserved(),
                        "leftMicros", spent.left(),
                        "usedMicrosByModel", limits.budgets().usageByTag(budget),
                        "resetsAt", spent.resetsAt().toString())));
    }
}
