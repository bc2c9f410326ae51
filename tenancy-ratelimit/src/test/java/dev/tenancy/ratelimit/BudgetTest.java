package dev.tenancy.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BudgetTest {
    private static final Instant LATE_IN_JANUARY = Instant.parse("2026-01-31T23:30:00Z");
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1000000/1d",
                "5/1mo",
                "0/total",
                "unlimited/1d",
                "1000000000000000/1d",
                "5/1d per subject of chat in Europe/Berlin warn 50% 80% 100% observe",
                "5/1d in +02:00, 7/1d per subject, unlimited/total of gpt-4"
            })
    void textsAreReadAndWritten(String text) {
        assertThat(BudgetPlan.parse(text)).hasToString(text).isEqualTo(BudgetPlan.parse(text));
    }

    @Test
    void textsSayWhatMethodsSay() {
        assertThat(Budget.parse("unlimited")).isEqualTo(Budget.unlimited(Budget.Period.TOTAL));
        assertThat(Budget.parse("5/1mo per subject of chat in Europe/Berlin warn 80% 50% observe"))
                .isEqualTo(Budget.of(5, Budget.Period.MONTH)
                        .perSubject()
                        .named("chat")
                        .in(BERLIN)
                        .warnAt(50, 80)
                        .observed());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "5",
                "5/2d",
                "-5/1d",
                "5/1y",
                "9999999999999999/1d",
                "1000000000000001/1d",
                "5/1d warn 0%",
                "5/1d warn 101%",
                "5/1d in Nowhere/Land",
                "5/1d of Chat",
                "5/1d,6/1mo",
                "5/1d, 6/1d",
                "5/1d, 6/1d in Europe/Berlin",
                "1/1d, 1/1mo, 1/total, 1/1d of a, 1/1d of b, 1/1d of c, 1/1d of d, 1/1d of e, 1/1d of f"
            })
    void whatIsNoBudgetIsRefused(String text) {
        assertThatThrownBy(() -> BudgetPlan.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("allowed");
    }

    @Test
    void budgetsDifferByAllThatTheySay() {
        List<Budget> budgets = List.of(
                Budget.parse("5/1d"),
                Budget.parse("6/1d"),
                Budget.parse("5/1mo"),
                Budget.parse("5/1d per subject"),
                Budget.parse("5/1d of chat"),
                Budget.parse("5/1d in Europe/Berlin"),
                Budget.parse("5/1d warn 50%"),
                Budget.parse("5/1d observe"));
        assertThat(budgets).doesNotHaveDuplicates();
        assertThat(budgets).extracting(Budget::hashCode).doesNotHaveDuplicates();
        assertThat(budgets).extracting(BudgetPlan::of).doesNotHaveDuplicates();
        assertThat(budgets)
                .extracting(BudgetPlan::of)
                .extracting(BudgetPlan::hashCode)
                .doesNotHaveDuplicates();
        assertThat(budgets.get(5).zone()).isEqualTo(BERLIN);
    }

    @Test
    void aPlanObservesIfAllOfItDoes() {
        assertThat(BudgetPlan.parse("5/1d observe, 6/1mo observe").isObserved()).isTrue();
        assertThat(BudgetPlan.parse("5/1d observe, 6/1mo").isObserved()).isFalse();
        assertThat(Budget.parse("5/1d").isObserved()).isFalse();
    }

    @Test
    void aPlanHasAtMostEightBudgetsAndAThresholdIsAtLeastOnePercent() {
        assertThat(BudgetPlan.parse("1/1d, 1/1mo, 1/total, 1/1d of a, 1/1d of b, 1/1d of c, 1/1d of d, 1/1d of e")
                        .all())
                .hasSize(8);
        assertThat(Budget.parse("5/1d warn 1% 100%").thresholds()).containsExactly(1, 100);
    }

    @Test
    void periodsBeginInTheirTimeZone() {
        Budget utc = Budget.of(1, Budget.Period.DAY);

        assertThat(utc.periodAt(LATE_IN_JANUARY)).isEqualTo("1d 2026-01-31");
        assertThat(utc.endAt(LATE_IN_JANUARY)).isEqualTo("2026-02-01T00:00:00Z");
        assertThat(utc.in(BERLIN).periodAt(LATE_IN_JANUARY)).isEqualTo("1d 2026-02-01");
        assertThat(utc.in(BERLIN).endAt(LATE_IN_JANUARY)).isEqualTo("2026-02-01T23:00:00Z");
        assertThat(Budget.of(1, Budget.Period.MONTH).periodAt(LATE_IN_JANUARY)).isEqualTo("1mo 2026-01-01");
        assertThat(Budget.of(1, Budget.Period.MONTH).endAt(LATE_IN_JANUARY)).isEqualTo("2026-02-01T00:00:00Z");
        assertThat(Budget.of(1, Budget.Period.TOTAL).periodAt(LATE_IN_JANUARY)).isEqualTo("total");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Z", "UTC", "Etc/UTC", "UTC+0"})
    void utcIsOneZoneHoweverItIsSpelled(String zone) {
        assertThat(Budget.of(1, Budget.Period.DAY).in(ZoneId.of(zone))).isEqualTo(Budget.of(1, Budget.Period.DAY));
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Budget.MOST + 1, Long.MAX_VALUE, Long.MIN_VALUE})
    void amountsOutOfRangeAreRefused(long amount) {
        assertThatThrownBy(() -> Budget.of(amount, Budget.Period.DAY)).hasMessageContaining("allowed");
        assertThatThrownBy(() -> Expense.of(amount)).hasMessageContaining("allowed");
    }

    @Test
    void expensesHaveNamesTagsAndKeysOfVisibleCharacters() {
        Expense expense = Expense.of(5);
        assertThatThrownBy(() -> expense.named("A")).hasMessageContaining("allowed");
        assertThatThrownBy(() -> expense.tagged("a b")).hasMessageContaining("allowed");
        assertThatThrownBy(() -> expense.withKey("")).hasMessageContaining("allowed");
        assertThatThrownBy(() -> expense.withKey("x".repeat(129))).hasMessageContaining("allowed");
        assertThat(expense.named("chat").tagged("t").withKey("secret")).hasToString("Expense[5, name=chat, tag=t]");
        assertThat(expense.withKey("k").id()).isEqualTo("key k");
        assertThat(expense.id()).isNotEqualTo(expense.id());
    }
}
