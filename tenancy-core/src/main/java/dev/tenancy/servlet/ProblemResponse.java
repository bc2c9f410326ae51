package dev.tenancy.servlet;

import dev.tenancy.Problem;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts a problem in the place of whatever a handler had begun to answer, and keeps the header fields that were there
 * before it.
 *
 * <p>Writes the body itself: {@code sendError} would have an error page of the host or the container written.
 */
final class ProblemResponse {
    private final HttpServletResponse response;
    private final Map<String, List<String>> headers = new LinkedHashMap<>();

    /** Remembers the header fields that {@code response} has now. */
    ProblemResponse(HttpServletResponse response) {
        this.response = response;
        response.getHeaderNames().forEach(name -> headers.put(name, List.copyOf(response.getHeaders(name))));
    }

    /**
     * Answers with {@code problem}.
     *
     * @throws IllegalStateException if the response is committed
     */
    void send(Problem problem) throws IOException {
        response.reset();
        headers.forEach(this::restore);
        problem.sendTo(response::setHeader, (status, body) -> {
            response.setStatus(status);
            response.setContentLength(body.length);
            response.getOutputStream().write(body);
        });
    }

    /** Replaces the first value, since containers set some fields, such as {@code Date}, of themselves. */
    private void restore(String name, List<String> values) {
        response.setHeader(name, values.get(0));
        values.stream().skip(1).forEach(value -> response.addHeader(name, value));
    }
}
