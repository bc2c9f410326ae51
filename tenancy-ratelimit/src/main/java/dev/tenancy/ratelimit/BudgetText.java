package dev.tenancy.ratelimit;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads budgets. */
final class BudgetText {
    private static final Pattern TEXT = Pattern.compile("(?:(\\d{1,16})/(1d|1mo|total)|unlimited(?:/(1d|1mo|total))?)"
            + "( per subject)?(?: of ([a-z0-9-]{1,64}))?(?: in ([A-Za-z0-9/_+:-]{1,64}))?"
            + "(?: warn (\\d{1,3}%(?: \\d{1,3}%)*))?( observe)?");
    private static final String ALLOWED =
            "; allowed: amount/1d, amount/1mo, amount/total or unlimited, then in this order"
                    + " 'per subject', 'of NAME', 'in ZONE', 'warn 80% 95%', 'observe'";

    private BudgetText() {}

    static Budget parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a budget" + ALLOWED);
        }
        Budget budget = matcher.group(1) == null
                ? Budget.unlimited(period(matcher.group(3)))
                : Budget.of(Long.parseLong(matcher.group(1)), period(matcher.group(2)));
        if (matcher.group(4) != null) {
            budget = budget.perSubject();
        }
        if (matcher.group(5) != null) {
            budget = budget.named(matcher.group(5));
        }
        if (matcher.group(6) != null) {
            budget = budget.in(zone(matcher.group(6)));
        }
        if (matcher.group(7) != null) {
            budget = budget.warnAt(Arrays.stream(matcher.group(7).split(" ", -1))
                    .mapToInt(percent -> Integer.parseInt(percent.substring(0, percent.length() - 1)))
                    .toArray());
        }
        return matcher.group(8) == null ? budget : budget.observed();
    }

    private static Budget.Period period(@Nullable String text) {
        if (text == null || text.equals("total")) {
            return Budget.Period.TOTAL;
        }
        return text.equals("1d") ? Budget.Period.DAY : Budget.Period.MONTH;
    }

    private static ZoneId zone(String text) {
        try {
            return ZoneId.of(text);
        } catch (DateTimeException unknown) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no time zone; allowed: names such as Europe/Berlin", unknown);
        }
    }
}
