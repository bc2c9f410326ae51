package dev.tenancy.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tenancy.TenantContext;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.testservers.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What budgets elsewhere get wrong, each by name. */
abstract class BudgetPitfalls {
    private static final Budget HUNDRED = Budget.of(100, Budget.Period.DAY);
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    private final SettableClock clock = new SettableClock(Instant.parse("2026-01-31T12:00:00Z"));
    private final List<String> told = new ArrayList<>();
    private TenantContext.Scope scope;
    private Budgets budgets;

    /** The ledger, opened anew: what is in it stays. */
    abstract BudgetLedger openLedger();

    /** Lets a lease be over. */
    abstract void pass(Duration time);

    @BeforeEach
    void begin() {
        scope = TenantContext.open(TenantIdentity.builder(TenantId.of("acme"), "test")
                .subject("u1")
                .build());
        budgets = restarted();
    }

    @AfterEach
    void end() {
        scope.close();
    }

    private Budgets restarted() {
        return builder().build();
    }

    private Budgets.Builder builder() {
        return Budgets.builder(openLedger()).clock(clock).listener(new Telling());
    }

    @Test
    void lateSettle() {
        Reservation reservation = budgets.reserve(HUNDRED, 80);
        pass(Duration.ofMinutes(11));
        budgets.reserve(HUNDRED, 100);
        assertThat(reservation.settle(70)).isTrue();
        assertUsage(70, 100);
        assertThat(told).contains("settled 80 70 late");
        assertThat(reservation.extend()).isFalse();
    }

    @Test
    void lateSettleOfWhatWasCharged() {
        Budgets charging = builder().whenExpired(WhenExpired.CHARGE).build();
        Reservation reservation = charging.reserve(HUNDRED, 80);
        pass(Duration.ofMinutes(11));
        assertUsage(80, 0);
        assertThat(reservation.settle(30)).isTrue();
        assertUsage(30, 0);
    }

    @Test
    void doubleSettle() {
        Reservation reservation = budgets.reserve(HUNDRED, 80);
        assertThat(reservation.settle(30)).isTrue();
        assertThat(reservation.settle(30)).isFalse();
        assertThat(reservation.isEnded()).isTrue();
        assertUsage(30, 0);
    }

    @Test
    void settleAfterRelease() {
        Reservation reservation = budgets.reserve(HUNDRED, 80);
        assertThat(reservation.release()).isTrue();
        assertThat(reservation.settle(30)).isFalse();
        assertUsage(0, 0);
    }

    @Test
    void rolloverBetweenReserveAndSettle() {
        Reservation reservation = budgets.reserve(HUNDRED, 100);
        clock.pass(Duration.ofDays(1));
        assertThat(reservation.settle(40)).isTrue();
        assertUsage(0, 0);
        assertThat(budgets.reserve(HUNDRED, 100).release()).isTrue();
        clock.pass(Duration.ofDays(-1));
        assertUsage(40, 0);
    }

    @Test
    void rolloverOfAMonth() {
        Budget month = Budget.of(100, Budget.Period.MONTH);
        budgets.reserve(month, 100).settle(100);
        assertDenied(month, 1);
        assertThat(budgets.usage(month).resetsAt()).isEqualTo("2026-02-01T00:00:00Z");
        clock.pass(Duration.ofHours(12));
        budgets.reserve(month, 100);
    }

    @Test
    void timeZoneChangeGivesNoDayTwice() {
        clock.set(Instant.parse("2026-01-31T23:30:00Z"));
        budgets.reserve(HUNDRED, 100).settle(100);
        assertThat(budgets.reserve(HUNDRED.in(BERLIN), 100).settle(100))
                .as("it is tomorrow there")
                .isTrue();
        assertDenied(HUNDRED.in(BERLIN), 1);
        assertDenied(HUNDRED, 1);
        clock.pass(Duration.ofHours(1));
        assertDenied(HUNDRED, 1);
        assertDenied(HUNDRED.in(ZoneId.of("America/New_York")), 1);
    }

    @Test
    void dayOfTwentyFiveHours() {
        clock.set(Instant.parse("2026-10-24T22:00:00Z"));
        Budget berlin = HUNDRED.in(BERLIN);
        assertThat(budgets.usage(berlin).resetsAt()).isEqualTo("2026-10-25T23:00:00Z");
        budgets.reserve(berlin, 100).settle(100);
        clock.set(Instant.parse("2026-10-25T22:59:59Z"));
        assertDenied(berlin, 1);
        clock.pass(Duration.ofSeconds(1));
        budgets.reserve(berlin, 100);
    }

    @Test
    void clockBackGivesNothingAnew() {
        budgets.reserve(HUNDRED, 100).settle(100);
        clock.pass(Duration.ofDays(1));
        budgets.reserve(HUNDRED, 100).settle(100);
        for (int i = 0; i < 3; i++) {
            clock.pass(Duration.ofDays(-1));
            assertDenied(HUNDRED, 1);
            clock.pass(Duration.ofDays(1));
            assertDenied(HUNDRED, 1);
        }
    }

    @Test
    void restartAddsNothing() {
        budgets.reserve(HUNDRED, 60).settle(60);
        for (int i = 0; i < 3; i++) {
            budgets = restarted();
            assertDenied(HUNDRED, 41);
            assertUsage(60, 0);
        }
    }

    @Test
    void exhaustedDayThenNextDayWithNoCallInBetween() {
        budgets.reserve(HUNDRED, 100).settle(100);
        assertDenied(HUNDRED, 1);
        clock.pass(Duration.ofDays(1));
        assertThat(budgets.reserve(HUNDRED, 100).settle(100)).isTrue();
        assertDenied(HUNDRED, 1);
    }

    @Test
    void budgetZero() {
        Budget none = Budget.of(0, Budget.Period.DAY).warnAt(50, 100);
        assertDenied(none, 1);
        assertThat(budgets.reserve(none, 0).release()).isTrue();
        assertThat(budgets.usage(none).left()).isZero();
        assertThat(told).noneMatch(what -> what.startsWith("threshold"));
    }

    @Test
    void unlimited() {
        Budget unlimited = Budget.unlimited(Budget.Period.DAY).warnAt(50);
        budgets.reserve(unlimited, Budget.MOST).settle(Budget.MOST);
        budgets.reserve(unlimited, Budget.MOST).settle(5);
        assertThat(budgets.usage(unlimited).spent()).isEqualTo(Budget.MOST + 5);
        assertThat(budgets.usage(unlimited).left()).isPositive();
    }

    @Test
    void loweredBudgetBelowSpent() {
        budgets.reserve(HUNDRED, 60).settle(60);
        Reservation open = budgets.reserve(HUNDRED, 20);
        Budget fifty = Budget.of(50, Budget.Period.DAY);
        assertDenied(fifty, 1);
        assertThat(budgets.usage(fifty).left()).isZero();
        assertThat(open.settle(20)).isTrue();
        assertUsage(80, 0);
        assertThat(budgets.reserve(HUNDRED, 20).amount()).as("raised again").isEqualTo(20);
        assertDenied(HUNDRED, 1);
    }

    @Test
    void negativeAmounts() {
        Reservation reservation = budgets.reserve(HUNDRED, 10);
        for (long negative : new long[] {-1, Long.MIN_VALUE}) {
            assertThatThrownBy(() -> budgets.reserve(HUNDRED, negative)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> reservation.settle(negative)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> reservation.settle(Budget.MOST + 1)).isInstanceOf(IllegalArgumentException.class);
        assertThat(reservation.isEnded()).isFalse();
        assertUsage(0, 10);
    }

    @Test
    void severalDimensionsAreAllOrNothing() {
        BudgetPlan plan = BudgetPlan.parse("100/1d, 50/1d per subject, 30/1mo of chat");
        Expense chat = Expense.of(25).named("chat").tagged("t");
        budgets.reserve(plan, chat).settle(25);
        assertThatThrownBy(() -> budgets.reserve(plan, chat))
                .isInstanceOfSatisfying(
                        BudgetSpentException.class,
                        spent -> assertThat(
                                        Long.parseLong(spent.problem().headers().get("Retry-After")))
                                .isEqualTo(12 * 3600));
        budgets.reserve(plan, Expense.of(25));
        assertThatThrownBy(() -> budgets.reserve(plan, Expense.of(1))).hasMessageContaining("per subject");
        assertUsage(25, 25);
        assertThat(budgets.usageByTag(plan.all().get(2))).isEqualTo(Map.of("t", 25L));
        assertThat(budgets.history()).hasSize(3);
        TenantIdentity other = TenantIdentity.of(TenantId.of("acme"), "test");
        TenantContext.run(
                other,
                () -> assertThat(budgets.reserve(plan, Expense.of(50)).amount()).isEqualTo(50));
        assertThatThrownBy(() -> budgets.reserve(BudgetPlan.parse("1/1d of chat"), Expense.of(1)))
                .hasMessageContaining("no budget");
    }

    @Test
    void thresholdsFireOnceAPeriod() {
        Budget budget = HUNDRED.warnAt(50, 80, 100);
        for (int day = 0; day < 2; day++) {
            told.clear();
            budgets.reserve(budget, 40).settle(49);
            assertThat(told).noneMatch(what -> what.startsWith("threshold"));
            budgets.reserve(budget, 35).settle(31);
            budgets = restarted();
            budgets.reserve(budget, 5).release();
            budgets.reserve(budget, 20).settle(20);
            assertThat(told.stream().filter(what -> what.startsWith("threshold")))
                    .containsExactly("threshold 50", "threshold 80", "threshold 100");
            clock.pass(Duration.ofDays(1));
        }
    }

    @Test
    void observedBudgetsRefuseNothingAndWarnOnce() {
        Budget observed = HUNDRED.warnAt(50).observed();
        for (int i = 0; i < 5; i++) {
            budgets.reserve(observed, 60).settle(60);
        }
        assertUsage(300, 0);
        assertThat(told.stream().filter(what -> !what.startsWith("settled") && !what.startsWith("reserved")))
                .containsExactly("threshold 50", "exceeded");
    }

    @Test
    void anObservedBudgetIsExceededByMoreThanItsAmount() {
        Budget observed = HUNDRED.observed();
        budgets.reserve(observed, 100).settle(100);
        assertThat(told).doesNotContain("exceeded");
        budgets.reserve(observed, 1).release();
        assertThat(told).contains("exceeded");
    }

    @Test
    void keysAreReservedOnce() {
        BudgetPlan plan = BudgetPlan.of(HUNDRED);
        Expense job = Expense.of(60).withKey("job-17");
        Reservation first = budgets.reserve(plan, job);
        Reservation again = restarted().reserve(plan, job);
        assertUsage(0, 60);
        assertThat(again.settle(50)).isTrue();
        assertThat(first.settle(50)).isFalse();
        assertThatThrownBy(() -> budgets.reserve(plan, job))
                .isInstanceOfSatisfying(
                        ReservationConflictException.class,
                        used -> assertThat(used.problem().status()).isEqualTo(409));
        assertUsage(50, 0);
    }

    @Test
    void aJobOfADayThatIsFullIsTakenUpTheNextDay() {
        BudgetPlan plan = BudgetPlan.of(HUNDRED);
        Expense job = Expense.of(60).withKey("job-17");
        budgets.reserve(plan, job);
        pass(Duration.ofMinutes(11));
        budgets.reserve(HUNDRED, 100).settle(100);
        clock.pass(retryAfter(plan, job));

        assertThat(budgets.reserve(plan, job).settle(50)).isTrue();
        assertUsage(50, 0);
    }

    @Test
    void aJobIsSettledByWhoHadItBeforeItsPlanChanged() {
        Expense job = Expense.of(60).withKey("job-17");
        Reservation first = budgets.reserve(BudgetPlan.of(HUNDRED), job);
        pass(Duration.ofMinutes(11));
        budgets.reserve(BudgetPlan.of(HUNDRED, HUNDRED.perSubject()), job);

        assertThat(first.settle(50)).isTrue();
        assertUsage(50, 0);
        assertThat(budgets.usage(HUNDRED.perSubject()).spent()).isEqualTo(50);
    }

    @Test
    void whoIsDeniedIsToldWhenAllBudgetsHaveRoom() {
        clock.set(Instant.parse("2026-01-10T12:00:00Z"));
        BudgetPlan plan =
                BudgetPlan.parse("100/1d, 150/1mo, 60/1mo per subject in Europe/Berlin, 9/1d of chat observe");
        budgets.reserve(BudgetPlan.parse("100/1d, 150/1mo"), Expense.of(100)).settle(100);

        assertThat(retryAfter(plan, Expense.of(50))).isEqualTo(Duration.ofHours(12));
        Expense more = Expense.of(51);
        clock.pass(retryAfter(plan, more));
        assertThat(clock.instant()).isEqualTo("2026-02-01T00:00:00Z");
        budgets.reserve(plan, more);
        clock.pass(retryAfter(plan, more));
        assertThat(clock.instant()).as("March in Berlin").isEqualTo("2026-02-28T23:00:00Z");
        budgets.reserve(plan, more);
    }

    @Test
    void whatNeverBeginsAnewIsNotToBeTriedAgain() {
        BudgetPlan plan = BudgetPlan.parse("100/1d, 150/total");
        budgets.reserve(plan, Expense.of(100)).settle(100);

        assertThat(retryAfter(plan, Expense.of(50))).isEqualTo(Duration.ofHours(12));
        assertThat(denied(plan, Expense.of(51)).problem().headers()).doesNotContainKey("Retry-After");
        assertThat(retryAfter(BudgetPlan.of(HUNDRED), Expense.of(101)))
                .as("it may be another budget then")
                .isEqualTo(Duration.ofHours(12));
    }

    private Duration retryAfter(BudgetPlan plan, Expense expense) {
        return Duration.ofSeconds(
                Long.parseLong(denied(plan, expense).problem().headers().get("Retry-After")));
    }

    private BudgetSpentException denied(BudgetPlan plan, Expense expense) {
        return catchThrowableOfType(BudgetSpentException.class, () -> budgets.reserve(plan, expense));
    }

    private void assertDenied(Budget budget, long amount) {
        assertThatThrownBy(() -> budgets.reserve(budget, amount)).isInstanceOf(BudgetSpentException.class);
    }

    private void assertUsage(long spent, long reserved) {
        Budgets.Usage usage = budgets.usage(HUNDRED);
        assertThat(List.of(usage.spent(), usage.reserved())).containsExactly(spent, reserved);
        assertThat(budgets.usageByTag(HUNDRED).values().stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .isEqualTo(spent);
    }

    private final class Telling implements BudgetListener {
        @Override
        public void reserved(TenantId tenant, long amount) {
            told.add("reserved " + amount);
        }

        @Override
        public void settled(TenantId tenant, long reserved, long charge, boolean late) {
            told.add("settled " + reserved + " " + charge + (late ? " late" : ""));
        }

        @Override
        public void threshold(TenantId tenant, Budget budget, int percent, long used) {
            told.add("threshold " + percent);
            throw new IllegalStateException("a listener that fails");
        }

        @Override
        public void exceeded(TenantId tenant, Budget budget, long used) {
            told.add("exceeded");
        }
    }
}
