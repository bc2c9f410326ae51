package dev.tenancy;

import java.io.Serializable;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * An answer that refuses a request: problem details (RFC 9457) and the header fields that go with them.
 *
 * <p>It tells the caller what it may know and no more; why a credential was refused stands in the security log only.
 * Immutable and thread-safe.
 *
 * @param type names the kind of problem; ends in a slug such as {@code /rate-limited}
 * @param status the HTTP status, 400–599
 * @param title the kind of problem in words
 * @param detail this problem in words
 * @param headers header fields for the response
 * @since 0.1
 */
public record Problem(URI type, int status, String title, String detail, Map<String, String> headers)
        implements Serializable {
    private static final long serialVersionUID = 1L;

    /** The media type of {@link #toJson()}. */
    public static final String MEDIA_TYPE = "application/problem+json";

    private static final Duration LONGEST_WAIT = Duration.ofDays(366);
    private static final String TYPES = "https://tenancy.dev/problems/";

    /**
     * Makes a problem; {@link #of} is shorter.
     *
     * @throws IllegalArgumentException if {@code status} is not within 400–599
     */
    public Problem {
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("status is " + status + "; a problem has one within 400–599");
        }
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }

    /**
     * {@return a problem without headers}
     *
     * @param slug the end of its type
     */
    public static Problem of(String slug, int status, String title, String detail) {
        return new Problem(URI.create(TYPES + slug), status, title, detail, Map.of());
    }

    /** {@return 400: the request cannot be understood} */
    public static Problem malformed(String detail) {
        return of("malformed", 400, "Malformed request", detail);
    }

    /** {@return 401: nothing was presented} */
    public static Problem unauthenticated() {
        return of("unauthenticated", 401, "No credential", "The request has no credential that names a tenant.")
                .withHeader("WWW-Authenticate", "Bearer");
    }

    /** {@return 401: what was presented is refused (RFC 6750 section 3.1)} */
    public static Problem refused() {
        return of("unauthenticated", 401, "Invalid credential", "The credential was refused.")
                .withHeader("WWW-Authenticate", "Bearer error=\"invalid_token\"");
    }

    /** {@return 403: the tenant is proven and suspended} */
    public static Problem suspended() {
        return of("suspended", 403, "Tenant suspended", "This tenant is suspended.");
    }

    /** {@return 404: there is nothing of that id, or it is another tenant's, which is the same} */
    public static Problem notFound() {
        return of("not-found", 404, "Not found", "There is nothing here under this id.");
    }

    /** {@return 409: what the request asks for contradicts what is there, within the same tenant} */
    public static Problem conflict(String detail) {
        return of("conflict", 409, "Conflict", detail);
    }

    /**
     * {@return 429: a limit is reached, and when to come back}
     *
     * @param slug the end of its type, such as {@code rate-limited}
     * @param retryAfter rounded up to whole seconds, at least one and at most 366 days (RFC 9110 section 10.2.3)
     */
    public static Problem limited(String slug, String title, String detail, Duration retryAfter) {
        Duration wait = retryAfter.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : retryAfter;
        long seconds = Math.max(1, wait.plusSeconds(1).minusNanos(1).toSeconds());
        return of(slug, 429, title, detail).withHeader("Retry-After", Long.toString(seconds));
    }

    /** {@return 500: the host's code is at fault, and nothing can be said to the caller} */
    public static Problem internal() {
        return of("internal", 500, "Internal error", "The request failed.");
    }

    /** {@return 503: a part that the answer depends on is down} */
    public static Problem unavailable() {
        return of("unavailable", 503, "Unavailable", "A part of the service cannot be reached. Try again later.");
    }

    /**
     * {@return the code that gRPC has for this status, 1–16: {@code Status.fromCodeValue(problem.grpcCode())}}
     *
     * <p>400 is {@code INVALID_ARGUMENT}, 401 {@code UNAUTHENTICATED}, 403 {@code PERMISSION_DENIED}, 404
     * {@code NOT_FOUND}, 409 {@code ABORTED}, 429 {@code RESOURCE_EXHAUSTED}, 503 {@code UNAVAILABLE}; others are
     * {@code FAILED_PRECONDITION} below 500 and {@code INTERNAL} from there on (gRPC, {@code doc/statuscodes.md}).
     */
    public int grpcCode() {
        return switch (status) {
            case 400 -> 3;
            case 401 -> 16;
            case 403 -> 7;
            case 404 -> 5;
            case 409 -> 10;
            case 429 -> 8;
            case 503 -> 14;
            default -> status < 500 ? 9 : 13;
        };
    }

    /** {@return this problem with one more header field} */
    public Problem withHeader(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Problem(type, status, title, detail, more);
    }

    /**
     * Answers with this problem through whatever a server calls its response: the header fields, {@code Content-Type}
     * among them, and then the rest.
     *
     * <pre>{@code
     * problem.sendTo(exchange.getResponseHeaders()::set, (status, body) -> {
     *     exchange.sendResponseHeaders(status, body.length);
     *     exchange.getResponseBody().write(body);
     * });
     * }</pre>
     *
     * <p>What a handler had begun to answer is taken back by the host, before, if its server lets it.
     *
     * @param <X> what {@code end} may throw
     * @param header sets a field, in the place of any of its name
     * @param end called once, after all fields
     * @throws X if {@code end} does
     */
    public <X extends Exception> void sendTo(BiConsumer<String, String> header, End<X> end) throws X {
        headers.forEach(header);
        header.accept("Content-Type", MEDIA_TYPE);
        end.send(status, toJson().getBytes(StandardCharsets.UTF_8));
    }

    /** {@return the body of the response, to be sent as {@value #MEDIA_TYPE}} */
    public String toJson() {
        return "{\"type\":" + quoted(type.toString()) + ",\"title\":" + quoted(title) + ",\"status\":" + status
                + ",\"detail\":" + quoted(detail) + "}";
    }

    private static String quoted(String text) {
        StringBuilder json = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            if (character == '"' || character == '\\') {
                json.append('\\').append(character);
            } else if (character < 0x20) {
                json.append(String.format("\\u%04x", (int) character));
            } else {
                json.append(character);
            }
        }
        return json.append('"').toString();
    }

    /**
     * What of a response comes after its header fields.
     *
     * @param <X> what it may throw
     * @since 0.1
     */
    @FunctionalInterface
    public interface End<X extends Exception> {
        /**
         * Sends it.
         *
         * @param status 400–599
         * @param body all of the body, in UTF-8; a server that does not by itself leave it out sends none to
         *     {@code HEAD}
         * @throws X if that fails
         */
        void send(int status, byte[] body) throws X;
    }
}
