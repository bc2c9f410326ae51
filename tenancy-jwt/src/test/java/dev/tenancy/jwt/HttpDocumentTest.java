package dev.tenancy.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenancy.testservers.TestHttpServer;
import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.text.ParseException;
import java.time.Duration;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One document over HTTP: what is taken, what is refused, and how often the server is asked. */
@Timeout(60)
class HttpDocumentTest {
    private static final int MOST = 512 * 1024;

    private final TestHttpServer server = TestHttpServer.start();
    private final HttpDocument document = new HttpDocument(Duration.ofSeconds(20));

    @AfterEach
    void stop() {
        server.close();
    }

    private Map<String, Object> read() throws IOException, ParseException {
        return document.read(server.uri("/doc"));
    }

    private void assertFails(ThrowingCallable read, String message, int requests) {
        int before = server.requests();
        assertThatThrownBy(read)
                .isInstanceOf(IOException.class)
                .hasMessageContaining(message)
                .hasMessageNotContaining("127.0.0.1")
                .hasMessageNotContaining("/doc");
        assertThat(server.requests() - before).isEqualTo(requests);
    }

    @Test
    void theObjectAtAnAddressIsRead() throws IOException, ParseException {
        server.answerByPath(path -> path.equals("/doc") ? "{\"a\":1}" : "");

        assertThat(read()).isEqualTo(Map.of("a", 1L));
        assertThat(server.requests()).isEqualTo(1);
    }

    @Test
    void whatIsNoObjectIsNotAskedForAgain() {
        server.answer("garbage");

        assertThatThrownBy(this::read).isInstanceOf(ParseException.class);
        assertThat(server.requests()).isEqualTo(1);
    }

    @Test
    void aDocumentHasAtMost512KiB() throws IOException, ParseException {
        String frame = "{\"a\":\"\"}";
        String most = frame.replace("\"\"", "\"" + "x".repeat(MOST - frame.length()) + "\"");

        server.answer(most);
        assertThat(read()).containsOnlyKeys("a");
        server.answer(most + " ");
        assertFails(this::read, "more than 524288 bytes", 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {201, 204, 301, 304, 400, 401, 404, 429, 499})
    void anotherAnswerIsNoneAndStaysSo(int status) {
        server.refuse(status);

        assertFails(this::read, "answered with status " + status, 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 599})
    void aServerThatFailsIsAskedOnceMore(int status) {
        server.refuse(status);

        assertFails(this::read, "answered with status " + status, 2);
    }

    @Test
    void theSecondAnswerMayBeTheGoodOne() throws IOException, ParseException {
        server.refuseOnce(503, "{\"a\":1}");

        assertThat(read()).isEqualTo(Map.of("a", 1L));
        assertThat(server.requests()).isEqualTo(2);
    }

    @Test
    void noRedirectIsFollowed() {
        server.sendTo(server.origin() + "/elsewhere");

        assertFails(this::read, "answered with status 302", 1);
    }

    @Test
    void anAnswerThatBreaksOffIsAskedForOnceMore() {
        server.breakOff();

        assertFails(this::read, "the answer broke off", 2);
    }

    @Test
    void nobodyThereIsNoAnswer() {
        server.close();

        assertThatThrownBy(this::read)
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(HttpDocument.Failure.class)
                .hasMessage("no answer");
    }

    @Test
    void aServerThatIsSilentIsNotAskedAgain() {
        HttpDocument impatient = new HttpDocument(Duration.ofSeconds(1));
        server.stayBusy();

        assertThatThrownBy(() -> impatient.read(server.uri("/doc")))
                .isInstanceOf(HttpTimeoutException.class)
                .hasMessage("no whole answer in PT1S");
        assertThat(server.requests()).isLessThanOrEqualTo(1);
    }

    @Test
    void whoeverIsInterruptedStaysSo() {
        server.answer("{}");
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(this::read).isInstanceOf(IOException.class).hasMessage("interrupted");
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }
}
