package dev.tenancy.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.Problem;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpTester;

/** A response as a client got it, with its body as UTF-8. */
record Answer(HttpTester.Response response, int status, String body) {

    /**
     * Reads the next response.
     *
     * @throws EOFException if it breaks off
     */
    static Answer read(HttpTester.Input in) throws IOException {
        HttpTester.Response response = HttpTester.parseResponse(in);
        if (response == null || !response.isComplete()) {
            throw new EOFException("the response breaks off");
        }
        byte[] body = response.getContentBytes();
        return new Answer(response, response.getStatus(), body == null ? "" : new String(body, StandardCharsets.UTF_8));
    }

    Iterable<String> header(String name) {
        return response.getValuesList(name);
    }

    void expect(Problem problem) {
        assertThat(body).isEqualTo(problem.toJson());
        assertThat(status).isEqualTo(problem.status());
        assertThat(header("Content-Type")).containsExactly(Problem.MEDIA_TYPE);
        problem.headers().forEach((name, value) -> assertThat(header(name)).containsExactly(value));
    }
}
