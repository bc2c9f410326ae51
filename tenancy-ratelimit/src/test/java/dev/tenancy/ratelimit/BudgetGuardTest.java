package dev.tenancy.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenancy.Admission;
import dev.tenancy.Admitted;
import dev.tenancy.Guard;
import dev.tenancy.Tenancy;
import dev.tenancy.Tenant;
import dev.tenancy.TenantCatalog;
import dev.tenancy.TenantContext;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.TenantRequest;
import dev.tenancy.resolver.HeaderTenantResolver;
import dev.tenancy.testservers.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BudgetGuardTest {
    private static final TenantIdentity ACME = TenantIdentity.of(TenantId.of("acme"), "test");
    private static final Budget HUNDRED = Budget.of(100, Budget.Period.DAY);

    private final SettableClock clock = new SettableClock(Instant.parse("2026-03-01T12:00:00Z"));
    private final List<String> told = new ArrayList<>();
    private final Budgets budgets = Budgets.builder(InMemoryBudgetLedger.create(clock))
            .clock(clock)
            .listener(new BudgetListener() {
                @Override
                public void denied(TenantId tenant, Budget budget, long amount) {
                    told.add(tenant + " denied " + amount + " of " + budget);
                }
            })
            .build();

    @Test
    void theEstimateIsChargedWhenTheHandlerSucceededWithoutSettling() {
        try (Admitted admitted = admitted("10")) {
            assertThat(admitted.attachment(Reservation.class).orElseThrow().amount())
                    .isEqualTo(10);
            assertUsage(0, 10);
            admitted.markSucceeded();
        }
        assertUsage(10, 0);
    }

    @Test
    void nothingIsChargedWhenTheHandlerFailed() {
        admitted("10").close();
        assertUsage(0, 0);
    }

    @Test
    void whatTheHandlerSettledStays() {
        try (Admitted admitted = admitted("10")) {
            Reservation reservation = admitted.attachment(Reservation.class).orElseThrow();
            assertThat(reservation.isEnded()).isFalse();
            reservation.settle(4);
            assertThat(reservation.isEnded()).isTrue();
            assertThat(reservation.extend()).isFalse();
            admitted.markSucceeded();
        }
        assertUsage(4, 0);
    }

    @Test
    void whatALaterGuardDeniesIsReleased() {
        assertThat(tenancy("100/1d").guard(new ClosedGuard()).build().admit(request("10")))
                .isInstanceOf(Admission.Denied.class);
        assertUsage(0, 0);
    }

    @Test
    void aSpentBudgetIsRefusedUntilThePeriodEnds() {
        try (Admitted admitted = (Admitted)
                tenancy("100/1d, 100/1mo, 100/total, 10/1d per subject").build().admit(request("1"))) {
            admitted.markSucceeded();
        }
        assertRefused("100/1d", "100", 429, "43200");
        assertThat(told).containsExactly("acme denied 100 of 100/1d");
        assertRefused("100/1mo", "100", 429, Integer.toString((31 * 24 - 12) * 3600));
        assertRefused("100/total", "100", 429, null);
        assertRefused("1000/1d, 10/1d per subject", "10", 429, "43200");
        assertRefused("100/1d", "101", 429, "43200");
    }

    @Test
    void whoHasNoBudgetIsRefusedUnlessThereIsADefault() {
        assertRefused(null, "1", 503, null);
        assertRefused("100 a day", "1", 503, null);
        assertRefused("100/1d of chat", "1", 503, null);
        Guard guard = guard().withDefault(BudgetPlan.of(HUNDRED));
        Tenancy tenancy = Tenancy.builder()
                .resolver(HeaderTenantResolver.of("X-Tenant"))
                .catalog(TenantCatalog.acceptingAny())
                .guard(guard)
                .build();
        ((Admitted) tenancy.admit(request("100"))).close();
        assertThat(tenancy.admit(request("101"))).isInstanceOf(Admission.Denied.class);
        assertThat(guard.name()).isEqualTo("budget");
    }

    @Test
    void whatCostsNothingReservesNothing() {
        try (Admitted admitted = admitted("0")) {
            assertThat(admitted.attachment(Reservation.class)).isEmpty();
        }
        assertThat(TenantContext.call(ACME, budgets::history)).isEmpty();
    }

    @Test
    void anEstimateThatIsNegativeRefusesTheRequest() {
        assertRefused("100/1d", "-1", 503, null);
        assertUsage(0, 0);
    }

    @Test
    void leasesAreOfAMillisecondToAYear() {
        for (Duration bad :
                List.of(Duration.ZERO, Duration.ofNanos(999_999), Duration.ofDays(367), Duration.ofDays(-1))) {
            assertThatThrownBy(
                            () -> Budgets.builder(InMemoryBudgetLedger.create()).lease(bad))
                    .hasMessageContaining("allowed");
        }
        Budgets hasty = Budgets.builder(InMemoryBudgetLedger.create(clock))
                .clock(clock)
                .lease(Duration.ofMillis(1))
                .build();
        TenantContext.run(ACME, () -> {
            Reservation reservation = hasty.reserve(HUNDRED, 100);
            assertThat(reservation.extend(Duration.ofDays(366))).isTrue();
            clock.pass(Duration.ofDays(300));
            assertThat(reservation.extend()).isTrue();
            assertThat(reservation.release()).isTrue();
            hasty.reserve(HUNDRED, 100);
            clock.pass(Duration.ofMillis(1));
            assertThat(hasty.reserve(HUNDRED, 100).toString()).contains("amount=100");
        });
    }

    @Test
    void observedBudgetsLetEverybodyPass() {
        try (Admitted admitted = (Admitted) tenancy("5/1d observe").build().admit(request("10"))) {
            admitted.markSucceeded();
        }
        assertUsage(10, 0);
    }

    private void assertRefused(@Nullable String setting, String cost, int status, @Nullable String retryAfter) {
        assertThat(tenancy(setting).build().admit(request(cost)))
                .isInstanceOfSatisfying(Admission.Denied.class, denied -> {
                    assertThat(denied.problem().status()).isEqualTo(status);
                    assertThat(denied.problem().headers().get("Retry-After")).isEqualTo(retryAfter);
                });
    }

    private Admitted admitted(String cost) {
        return (Admitted) tenancy("100/1d").build().admit(request(cost));
    }

    private static TenantRequest request(String cost) {
        return TenantRequest.builder()
                .header("X-Tenant", "acme")
                .header("X-Cost", cost)
                .build();
    }

    private BudgetGuard guard() {
        return BudgetGuard.of(
                budgets,
                request -> Optional.of(Long.parseLong(request.headers("X-Cost").get(0)))
                        .filter(cost -> cost != 0)
                        .map(Expense::of));
    }

    private Tenancy.Builder tenancy(@Nullable String setting) {
        Tenant.Builder tenant = Tenant.builder(ACME.tenantId());
        return Tenancy.builder()
                .resolver(HeaderTenantResolver.of("X-Tenant"))
                .catalog(TenantCatalog.of(
                        setting == null
                                ? tenant.build()
                                : tenant.setting("budget", setting).build()))
                .guard(guard());
    }

    private void assertUsage(long spent, long reserved) {
        Budgets.Usage usage = TenantContext.call(ACME, () -> budgets.usage(HUNDRED));
        assertThat(List.of(usage.spent(), usage.reserved())).containsExactly(spent, reserved);
        assertThat(usage.left()).isEqualTo(100 - spent - reserved);
    }
}
