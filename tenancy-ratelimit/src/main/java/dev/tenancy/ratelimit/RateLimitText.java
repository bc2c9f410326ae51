package dev.tenancy.ratelimit;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How a limit is written. */
final class RateLimitText {
    private static final String UNLIMITED = "unlimited";
    private static final String PER_SUBJECT = " per subject";
    private static final String WHEN_AWAY = " when away ";
    private static final Pattern FORM = Pattern.compile("(\\d{1,10})/(\\d{1,4})([smhd])(?: burst (\\d{1,10}))?("
            + PER_SUBJECT + ")?(?:" + WHEN_AWAY + "(deny|share|allow))?");

    private RateLimitText() {}

    static RateLimit parse(String text) {
        if (text.equals(UNLIMITED)) {
            return RateLimit.unlimited();
        }
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException(
                    "not a rate limit; allowed: permits/period such as 600/1m, with units s, m, h and d, behind it, if"
                            + " wanted, ' burst ' and a number, ' per subject', and ' when away ' with deny, share or"
                            + " allow; or unlimited");
        }
        RateLimit limit = RateLimit.of(Long.parseLong(form.group(1)), period(form.group(2), form.group(3)));
        if (form.group(4) != null) {
            limit = limit.withBurst(Long.parseLong(form.group(4)));
        }
        if (form.group(5) != null) {
            limit = limit.perSubject();
        }
        return form.group(6) == null
                ? limit
                : limit.whenAway(WhenAway.valueOf(form.group(6).toUpperCase(Locale.ROOT)));
    }

    static String of(RateLimit limit) {
        if (limit.isUnlimited()) {
            return UNLIMITED;
        }
        return limit.permits() + "/" + period(limit.period())
                + (limit.burst() == limit.permits() ? "" : " burst " + limit.burst())
                + (limit.isPerSubject() ? PER_SUBJECT : "")
                + (limit.whenAway() == WhenAway.DENY
                        ? ""
                        : WHEN_AWAY + limit.whenAway().word());
    }

    /** A period in the largest unit that it is a whole number of, such as {@code 1m}. */
    static String period(Duration period) {
        long seconds = period.toSeconds();
        if (!period.equals(Duration.ofSeconds(seconds))) {
            return period.toString();
        }
        if (seconds % 86_400 == 0) {
            return seconds / 86_400 + "d";
        }
        if (seconds % 3600 == 0) {
            return seconds / 3600 + "h";
        }
        return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }

    private static Duration period(String number, String unit) {
        long count = Long.parseLong(number);
        return switch (unit) {
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
    }
}
