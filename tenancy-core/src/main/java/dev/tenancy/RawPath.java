package dev.tenancy;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A path as it was sent, beside what the most lenient router could make of it.
 *
 * <p>Servers, proxies and routers differ in how often they decode a path, and in what they make of backslashes,
 * parameters, empty and dot segments. Where that could matter, the path must not be believed.
 */
final class RawPath {
    private static final int MOST_ENCODINGS = 3;

    private static final Pattern SEPARATOR = Pattern.compile("[/\\\\]");

    private final boolean malformed;
    private final boolean hidden;
    private final List<String> segments;
    private final List<String> lenientSegments;

    /** Reads a path that should start with a slash. */
    RawPath(String raw) {
        String decoded = raw;
        for (int times = 0; times < MOST_ENCODINGS; times++) {
            decoded = PercentEncoding.decodeAscii(decoded);
        }
        this.malformed = !(raw.isEmpty() || raw.startsWith("/"))
                || PercentEncoding.decode(raw).isEmpty()
                || decoded.chars().anyMatch(Character::isISOControl)
                || !PercentEncoding.decodeAscii(decoded).equals(decoded);
        this.hidden = decoded.contains(";") || decoded.contains("\\") || slashes(decoded) > slashes(raw);
        this.segments = List.of((raw.startsWith("/") ? raw.substring(1) : raw).split("/", -1));
        this.lenientSegments = Arrays.stream(SEPARATOR.split(decoded))
                .map(RawPath::withoutParameters)
                .filter(segment -> !segment.isEmpty())
                .toList();
    }

    /**
     * {@return whether it is no path: without its first slash, with broken escapes, bytes that are not UTF-8 or control
     * characters, or encoded too often to be told}
     */
    boolean isMalformed() {
        return malformed;
    }

    /** {@return the segments as they were sent; one that is empty if there is nothing but the first slash} */
    List<String> segments() {
        return segments;
    }

    /** {@return whether it has a segment that some router takes for {@code .} or {@code ..}} */
    boolean hasDotSegment() {
        return lenientSegments.contains(".") || lenientSegments.contains("..");
    }

    /** {@return whether every router reads the same segments} */
    boolean isPlain() {
        return !malformed && !hidden && !hasDotSegment() && !segments.contains("");
    }

    /**
     * {@return whether some router could find {@code prefix} at the start of this path}
     *
     * <p>Dot segments only take segments away, so a prefix that can be reached through them has all its segments in the
     * path, in order.
     */
    boolean couldStartWith(List<String> prefix) {
        List<String> wanted =
                prefix.stream().map(segment -> segment.toLowerCase(Locale.ROOT)).toList();
        List<String> found = lenientSegments.stream()
                .map(segment -> segment.toLowerCase(Locale.ROOT))
                .toList();
        if (!hasDotSegment()) {
            return found.size() >= wanted.size()
                    && found.subList(0, wanted.size()).equals(wanted);
        }
        int met = 0;
        for (String segment : found) {
            if (met < wanted.size() && segment.equals(wanted.get(met))) {
                met++;
            }
        }
        return met == wanted.size();
    }

    /** {@return whether it starts with exactly these segments} */
    boolean startsWith(List<String> prefix) {
        return segments.size() >= prefix.size()
                && segments.subList(0, prefix.size()).equals(prefix);
    }

    private static long slashes(String path) {
        return path.chars().filter(character -> character == '/').count();
    }

    private static String withoutParameters(String segment) {
        int semicolon = segment.indexOf(';');
        return semicolon < 0 ? segment : segment.substring(0, semicolon);
    }
}
