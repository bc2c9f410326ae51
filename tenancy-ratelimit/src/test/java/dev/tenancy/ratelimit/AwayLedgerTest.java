package dev.tenancy.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenancy.Admitted;
import dev.tenancy.Tenancy;
import dev.tenancy.TenantCatalog;
import dev.tenancy.TenantContext;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.TenantRequest;
import dev.tenancy.UnavailableException;
import dev.tenancy.resolver.HeaderTenantResolver;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * While the ledger cannot be reached nothing is spent that is not counted, unless that was said, and nothing is lost.
 */
class AwayLedgerTest {
    private static final Budget HUNDRED = Budget.of(100, Budget.Period.DAY);

    private final UnreliableLedger ledger = new UnreliableLedger(InMemoryBudgetLedger.create());
    private final List<String> told = new ArrayList<>();
    private final Budgets budgets = Budgets.builder(ledger)
            .listener(new BudgetListener() {
                @Override
                public void away(TenantId tenant, boolean observed) {
                    told.add(observed ? "away, observed" : "away");
                }

                @Override
                public void threshold(TenantId tenant, Budget budget, int percent, long used) {
                    told.add("threshold " + percent + " at " + used);
                }
            })
            .build();

    private TenantContext.Scope scope;

    @BeforeEach
    void bindTenant() {
        scope = TenantContext.open(TenantIdentity.of(TenantId.of("acme"), "test"));
    }

    @AfterEach
    void unbindTenant() {
        scope.close();
    }

    @Test
    void nothingIsReserved() {
        ledger.goAway();
        assertThatThrownBy(() -> budgets.reserve(HUNDRED, 1)).isInstanceOf(UnavailableException.class);
        BudgetPlan oneOfThemObserves =
                BudgetPlan.of(HUNDRED, HUNDRED.perSubject().observed());
        assertThatThrownBy(() -> budgets.reserve(oneOfThemObserves, Expense.of(1)))
                .isInstanceOf(UnavailableException.class);

        assertThat(told).containsExactly("away", "away");
    }

    @Test
    void whatIsReservedEndsWhenTheLedgerIsBack() {
        Reservation reservation = budgets.reserve(HUNDRED, 10);
        ledger.goAway();
        assertThatThrownBy(reservation::extend).isInstanceOf(UnavailableException.class);
        assertThatThrownBy(reservation::release).isInstanceOf(UnavailableException.class);
        assertThatThrownBy(() -> reservation.settle(4)).isInstanceOf(UnavailableException.class);
        assertThat(reservation.isEnded()).isFalse();
        assertThat(told).containsExactly("away", "away", "away");

        ledger.comeBack();
        assertThat(reservation.extend()).isTrue();
        assertThat(reservation.settle(4)).isTrue();
        assertThat(reservation.extend()).isFalse();
        assertThat(reservation.release()).isFalse();
        assertUsage(4, 0);
    }

    @Test
    void whatIsObservedLetsPassAndIsNotCounted() {
        ledger.goAway();
        Reservation uncounted = budgets.reserve(HUNDRED.observed(), 10);
        assertThat(uncounted.extend()).isFalse();
        assertThat(uncounted.settle(4)).isFalse();
        assertThat(uncounted.release()).isFalse();

        assertThat(told).containsOnly("away, observed").hasSize(4);
        ledger.comeBack();
        assertUsage(0, 0);
    }

    @Test
    void aThresholdIsToldNextTime() {
        Budget budget = HUNDRED.warnAt(50, 51);
        BudgetLedger untold = new UnreliableLedger(ledger) {
            @Override
            public int tell(TenantId tenant, Account account, int level) {
                throw new UnavailableException("cut off just now", null);
            }
        };
        assertThat(Budgets.in(untold).reserve(budget, 50).settle(49)).isTrue();
        assertThat(told).isEmpty();

        budgets.reserve(budget, 1).settle(1);
        budgets.reserve(budget, 1).settle(1);
        budgets.reserve(budget, 1).settle(1);
        assertThat(told).containsExactly("threshold 50 at 50", "threshold 51 at 51");
    }

    @Test
    void whatAHandlerCouldNotSettleTheGuardSettlesAtTheEnd() {
        Tenancy tenancy = Tenancy.builder()
                .resolver(HeaderTenantResolver.of("X-Tenant"))
                .catalog(TenantCatalog.acceptingAny())
                .guard(BudgetGuard.of(budgets, request -> Optional.of(Expense.of(50)))
                        .withDefault(BudgetPlan.of(HUNDRED)))
                .build();
        TenantRequest request =
                TenantRequest.builder().header("X-Tenant", "acme").build();
        try (Admitted admitted = (Admitted) tenancy.admit(request)) {
            Reservation reservation = admitted.attachment(Reservation.class).orElseThrow();
            ledger.goAway();
            assertThatThrownBy(() -> reservation.settle(40)).isInstanceOf(UnavailableException.class);
            ledger.comeBack();
        }

        assertUsage(40, 0);
    }

    private void assertUsage(long spent, long reserved) {
        Budgets.Usage usage = budgets.usage(HUNDRED);
        assertThat(List.of(usage.spent(), usage.reserved())).containsExactly(spent, reserved);
    }
}
