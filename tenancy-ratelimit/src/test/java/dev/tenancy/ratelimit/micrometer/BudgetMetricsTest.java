package dev.tenancy.ratelimit.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenancy.TenantContext;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.ratelimit.Budget;
import dev.tenancy.ratelimit.BudgetSpentException;
import dev.tenancy.ratelimit.Budgets;
import dev.tenancy.ratelimit.InMemoryBudgetLedger;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

class BudgetMetricsTest {
    private static final TenantIdentity ACME = TenantIdentity.of(TenantId.of("acme"), "test");

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void whatBecomesOfBudgetsIsCounted() {
        BudgetMetrics metrics = BudgetMetrics.of(registry);
        Budgets budgets =
                Budgets.builder(InMemoryBudgetLedger.create()).listener(metrics).build();
        Budget budget = Budget.of(100, Budget.Period.TOTAL).warnAt(50);
        TenantContext.run(ACME, () -> {
            budgets.reserve(budget, 60).settle(55);
            assertThatThrownBy(() -> budgets.reserve(budget, 60)).isInstanceOf(BudgetSpentException.class);
            budgets.reserve(budget.observed(), 60).settle(60);
        });
        metrics.away(ACME.tenantId(), false);
        metrics.settled(ACME.tenantId(), 1, 2, true);

        assertThat(count(BudgetMetrics.RESERVATIONS, "outcome", "reserved")).isEqualTo(2);
        assertThat(count(BudgetMetrics.RESERVATIONS, "outcome", "denied")).isEqualTo(1);
        assertThat(count(BudgetMetrics.RESERVATIONS, "outcome", "away")).isEqualTo(1);
        assertThat(count(BudgetMetrics.SETTLEMENTS, "late", "false")).isEqualTo(2);
        assertThat(count(BudgetMetrics.SETTLEMENTS, "late", "true")).isEqualTo(1);
        assertThat(count(BudgetMetrics.ALERTS, "level", "threshold")).isEqualTo(1);
        assertThat(count(BudgetMetrics.ALERTS, "level", "exceeded")).isEqualTo(1);
        assertThat(registry.get(BudgetMetrics.SPENT).counter().count()).isEqualTo(117);
        assertThat(registry.getMeters())
                .noneMatch(meter -> meter.getId().toString().contains("acme"));
    }

    private double count(String name, String tag, String value) {
        return registry.get(name).tag(tag, value).counter().count();
    }
}
