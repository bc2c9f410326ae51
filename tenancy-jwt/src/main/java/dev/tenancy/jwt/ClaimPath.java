package dev.tenancy.jwt;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where in the claims of a token a text stands: {@code org_id}, nested {@code org.id}, or with a name that has dots in
 * double quotes, {@code "https://acme.example/org_id"} or {@code "a.b".c}.
 *
 * <p>Immutable and thread-safe.
 *
 * @since 0.1
 */
public final class ClaimPath {
    private static final Pattern SEGMENT = Pattern.compile("\\G(?:\"([^\"]+)\"|([^.\"]+))(\\.|$)");

    private final List<String> segments;

    private ClaimPath(List<String> segments) {
        this.segments = List.copyOf(segments);
    }

    /**
     * {@return a path}
     *
     * @throws IllegalArgumentException if a segment is empty or a quote is not closed
     */
    public static ClaimPath of(String text) {
        List<String> segments = new ArrayList<>();
        Matcher matcher = SEGMENT.matcher(text);
        boolean ended = false;
        while (!ended && matcher.find()) {
            segments.add(matcher.group(1) != null ? matcher.group(1) : matcher.group(2));
            ended = matcher.group(3).isEmpty();
        }
        if (!ended) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a path to a claim; allowed: names separated by dots, those"
                            + " that have dots in double quotes");
        }
        return new ClaimPath(segments);
    }

    /**
     * {@return the text at this path: a string that is not blank, or the only element of an array, if that is one; else
     * empty}
     *
     * @param claims the claims of a token
     */
    Optional<String> textIn(Map<String, Object> claims) {
        @Nullable Object value = claims;
        for (String segment : segments) {
            value = value instanceof Map<?, ?> object ? object.get(segment) : null;
        }
        if (value instanceof List<?> array && array.size() == 1) {
            value = array.get(0);
        }
        return value instanceof String text && !text.isBlank() ? Optional.of(text) : Optional.empty();
    }

    /** {@return the path as text} */
    @Override
    public String toString() {
        return String.join(".", segments);
    }
}
