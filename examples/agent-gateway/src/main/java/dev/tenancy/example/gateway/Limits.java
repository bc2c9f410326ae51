package dev.tenancy.example.gateway;

import dev.tenancy.ratelimit.BucketStore;
import dev.tenancy.ratelimit.BudgetGuard;
import dev.tenancy.ratelimit.Budgets;
import dev.tenancy.ratelimit.InMemoryBucketStore;
import dev.tenancy.ratelimit.PostgresBudgetLedger;
import dev.tenancy.ratelimit.RateLimitGuard;
import dev.tenancy.ratelimit.RateLimiter;
import dev.tenancy.ratelimit.lettuce.ValkeyBucketStore;
import javax.sql.DataSource;

/**
 * How much a tenant may do.
 *
 * @param limiter counts requests
 * @param rateLimits refuses a request that is one too many
 * @param budgets counts money
 * @param budgetGuard refuses a chat that there is no money for
 */
record Limits(RateLimiter limiter, RateLimitGuard rateLimits, Budgets budgets, BudgetGuard budgetGuard) {
    /** On {@code store}, and in the {@code ledger}, which serves the current tenant. */
    static Limits of(Settings settings, BucketStore store, DataSource ledger, Metrics metrics) {
        RateLimiter limiter =
                RateLimiter.builder().store(store).listener(metrics.ofLimits()).build();
        Budgets budgets = Budgets.builder(PostgresBudgetLedger.on(ledger))
                .lease(settings.budgetLease())
                .listener(metrics.ofBudgets())
                .build();
        return new Limits(
                limiter,
                RateLimitGuard.builder().limiter(limiter).build(),
                budgets,
                BudgetGuard.of(
                        budgets, request -> request.attribute(ChatCall.class).map(ChatCall::expense)));
    }

    /** On the server that is configured, for all replicas together, or else in this process. */
    static BucketStore store(Settings settings, Metrics metrics) {
        return settings.redisUrl()
                .<BucketStore>map(url -> ValkeyBucketStore.builder()
                        .uri(url)
                        .listener(metrics.ofLimits())
                        .build())
                .orElseGet(InMemoryBucketStore::create);
    }
}
