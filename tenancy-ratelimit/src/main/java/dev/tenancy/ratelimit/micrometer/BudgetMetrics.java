package dev.tenancy.ratelimit.micrometer;

import dev.tenancy.TenantId;
import dev.tenancy.ratelimit.Budget;
import dev.tenancy.ratelimit.BudgetListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Objects;

/**
 * Counts what becomes of budgets in a Micrometer registry.
 *
 * <table>
 * <caption>Counters</caption>
 * <tr><th>name</th><th>tags</th></tr>
 * <tr><td>{@value #RESERVATIONS}</td><td>{@code outcome} (reserved, denied, away)</td></tr>
 * <tr><td>{@value #SETTLEMENTS}</td><td>{@code late} (false, true: after the lease, an overrun)</td></tr>
 * <tr><td>{@value #SPENT}</td><td>none; in the unit in which the host counts</td></tr>
 * <tr><td>{@value #ALERTS}</td><td>{@code level} (threshold, exceeded)</td></tr>
 * </table>
 *
 * <p>No tag names a tenant. Thread-safe.
 *
 * @since 0.1
 */
public final class BudgetMetrics implements BudgetListener {

    /** The name of the counter of reservations that were asked for. */
    public static final String RESERVATIONS = "tenancy.budget.reservations";

    /** The name of the counter of settlements. */
    public static final String SETTLEMENTS = "tenancy.budget.settlements";

    /** The name of the counter of what was charged. */
    public static final String SPENT = "tenancy.budget.spent";

    /** The name of the counter of thresholds that were reached. */
    public static final String ALERTS = "tenancy.budget.alerts";

    private final Counter reserved;
    private final Counter denied;
    private final Counter away;
    private final Counter inTime;
    private final Counter late;
    private final Counter spent;
    private final Counter thresholds;
    private final Counter exceeded;

    private BudgetMetrics(MeterRegistry registry) {
        this.reserved = registry.counter(RESERVATIONS, "outcome", "reserved");
        this.denied = registry.counter(RESERVATIONS, "outcome", "denied");
        this.away = registry.counter(RESERVATIONS, "outcome", "away");
        this.inTime = registry.counter(SETTLEMENTS, "late", "false");
        this.late = registry.counter(SETTLEMENTS, "late", "true");
        this.spent = registry.counter(SPENT);
        this.thresholds = registry.counter(ALERTS, "level", "threshold");
        this.exceeded = registry.counter(ALERTS, "level", "exceeded");
    }

    /** {@return a listener that counts in {@code registry}} */
    public static BudgetMetrics of(MeterRegistry registry) {
        return new BudgetMetrics(Objects.requireNonNull(registry, "registry"));
    }

    @Override
    public void reserved(TenantId tenant, long amount) {
        reserved.increment();
    }

    @Override
    public void denied(TenantId tenant, Budget budget, long amount) {
        denied.increment();
    }

    @Override
    public void settled(TenantId tenant, long amount, long charge, boolean afterLease) {
        (afterLease ? late : inTime).increment();
        spent.increment((double) charge);
    }

    @Override
    public void threshold(TenantId tenant, Budget budget, int percent, long used) {
        thresholds.increment();
    }

    @Override
    public void exceeded(TenantId tenant, Budget budget, long used) {
        exceeded.increment();
    }

    @Override
    public void away(TenantId tenant, boolean observed) {
        away.increment();
    }
}
