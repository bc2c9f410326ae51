package dev.tenancy.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BudgetTest {
    private static final Instant LATE_IN_JANUARY = Instant.parse("2026-01-31T23:30:00Z");

    @Test
    void readsItsText() {
        assertThat(Budget.parse("1000000/1d")).isEqualTo(Budget.of(1_000_000, Budget.Period.DAY));
        assertThat(Budget.parse("5/1mo")).isEqualTo(Budget.of(5, Budget.Period.MONTH));
        assertThat(Budget.parse("0/total")).isEqualTo(Budget.of(0, Budget.Period.TOTAL));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "5/2d", "-5/1d", "5/1y", "9999999999999999/1d"})
    void refusesWhatIsNoBudget(String text) {
        assertThatThrownBy(() -> Budget.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("allowed");
    }

    @Test
    void periodsBeginInTheirTimeZone() {
        Budget utc = Budget.of(1, Budget.Period.DAY);
        Budget berlin = new Budget("default", 1, Budget.Period.DAY, ZoneId.of("Europe/Berlin"));

        assertThat(utc.periodAt(LATE_IN_JANUARY)).isEqualTo("DAY 2026-01-31");
        assertThat(utc.endAt(LATE_IN_JANUARY)).isEqualTo("2026-02-01T00:00:00Z");
        assertThat(berlin.periodAt(LATE_IN_JANUARY)).isEqualTo("DAY 2026-02-01 Europe/Berlin");
        assertThat(berlin.endAt(LATE_IN_JANUARY)).isEqualTo("2026-02-01T23:00:00Z");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Z", "UTC", "Etc/UTC", "UTC+0"})
    void utcIsOneZoneHoweverItIsSpelled(String zone) {
        assertThat(new Budget("default", 1, Budget.Period.DAY, ZoneId.of(zone)))
                .isEqualTo(Budget.of(1, Budget.Period.DAY));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Tokens", "a b"})
    void refusesWhatIsNoName(String name) {
        assertThatThrownBy(() -> new Budget(name, 1, Budget.Period.DAY, ZoneId.of("UTC")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("allowed");
    }

    @Test
    void monthsAndTotalsHaveTheirPeriods() {
        assertThat(Budget.of(1, Budget.Period.MONTH).periodAt(LATE_IN_JANUARY)).isEqualTo("MONTH 2026-01-01");
        assertThat(Budget.of(1, Budget.Period.MONTH).endAt(LATE_IN_JANUARY)).isEqualTo("2026-02-01T00:00:00Z");
        assertThat(Budget.of(1, Budget.Period.TOTAL).periodAt(LATE_IN_JANUARY)).isEqualTo("TOTAL 1970-01-01");
    }
}
