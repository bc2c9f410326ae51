package dev.tenancy.ratelimit;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The header fields {@code RateLimit} and {@code RateLimit-Policy} of draft-ietf-httpapi-ratelimit-headers-10: lists
 * (RFC 9651) with a member for each limit, under the same name in both.
 */
final class RateLimitHeaders {
    private static final String FIELD = "RateLimit";
    private static final String POLICY_FIELD = "RateLimit-Policy";

    private RateLimitHeaders() {}

    /** The fields that tell a caller about its limits; none if nothing is limited, or the store could not say. */
    static Map<String, String> of(String name, List<Standing> standings) {
        if (standings.isEmpty()) {
            return Map.of();
        }
        boolean several = standings.size() > 1;
        return Map.of(
                FIELD,
                standings.stream()
                        .map(standing ->
                                named(name, standing.limit(), several) + ";r=" + standing.remaining() + reset(standing))
                        .collect(Collectors.joining(", ")),
                POLICY_FIELD,
                standings.stream()
                        .map(Standing::limit)
                        .map(limit -> named(name, limit, several) + ";q=" + limit.permits() + ";w="
                                + wholeSeconds(limit.period()))
                        .collect(Collectors.joining(", ")));
    }

    /**
     * When there is more, which is no later than what {@code Retry-After} says; without it, nothing more is to come.
     */
    private static String reset(Standing standing) {
        return standing.nanosToMore() == 0 ? "" : ";t=" + wholeSeconds(Duration.ofNanos(standing.nanosToMore()));
    }

    private static String named(String name, RateLimit limit, boolean several) {
        String period = several ? "-" + RateLimitText.period(limit.period()) : "";
        String subject = several && limit.isPerSubject() ? "-subject" : "";
        return "\"" + name + period + subject + "\"";
    }

    private static long wholeSeconds(Duration duration) {
        return duration.plusSeconds(1).minusNanos(1).toSeconds();
    }
}
