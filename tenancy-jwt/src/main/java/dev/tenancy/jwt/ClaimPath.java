package dev.tenancy.jwt;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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
    private static final Pattern SEGMENT = Pattern.compile("\\G(?:\"([^\"]+)\"|([^.\"]+))(\\.|\\z)");

    private static final int MAX_LENGTH = 1024;

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
     * {@return the text at this path: a string that is not blank and has at most {@value #MAX_LENGTH} characters, or
     * the only element of an array, if that is one; else empty}
     *
     * @param claims the claims of a token
     */
    Optional<String> textIn(Map<String, @Nullable Object> claims) {
        Object value = valueIn(claims);
        if (value instanceof List<?> array && array.size() == 1) {
            value = array.get(0);
        }
        return text(value);
    }

    /**
     * {@return the texts at this path: none if nothing is there, one, or those of an array; empty if any of it is
     * something else}
     */
    Optional<List<String>> textsIn(Map<String, @Nullable Object> claims) {
        Object value = valueIn(claims);
        if (value == null) {
            return Optional.of(List.of());
        }
        List<String> texts = new ArrayList<>();
        for (Object element : value instanceof List<?> array ? array : List.of(value)) {
            Optional<String> text = text(element);
            if (text.isEmpty()) {
                return Optional.empty();
            }
            texts.add(text.get());
        }
        return Optional.of(texts);
    }

    @Nullable
    Object valueIn(Map<String, @Nullable Object> claims) {
        Object value = claims;
        for (String segment : segments) {
            value = value instanceof Map<?, ?> object ? object.get(segment) : null;
        }
        return value;
    }

    private static Optional<String> text(@Nullable Object value) {
        return value instanceof String text && !text.isBlank() && text.length() <= MAX_LENGTH
                ? Optional.of(text)
                : Optional.empty();
    }

    /** {@return whether {@code other} is a path of the same names} */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ClaimPath that && segments.equals(that.segments);
    }

    @Override
    public int hashCode() {
        return segments.hashCode();
    }

    /** {@return the path as text, as {@link #of} reads it} */
    @Override
    public String toString() {
        return segments.stream()
                .map(segment -> segment.contains(".") ? '"' + segment + '"' : segment)
                .collect(Collectors.joining("."));
    }
}
