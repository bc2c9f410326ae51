package dev.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProblemTest {

    @Test
    void isWrittenAsJson() {
        assertThat(Problem.of("kind", 400, "A \"title\"", "back\\slash\nnew line")
                        .toJson())
                .isEqualTo(
                        "{\"type\":\"https://tenancy.dev/problems/kind\",\"title\":\"A \\\"title\\\"\",\"status\":400,"
                                + "\"detail\":\"back\\\\slash\\u000anew line\"}");
    }

    @Test
    void isSentWithItsFieldsAndItsMediaTypeBeforeTheRest() {
        Problem problem = Problem.of("kind", 429, "Zu früh", "d").withHeader("Retry-After", "7");
        List<String> sent = new ArrayList<>();

        problem.sendTo(
                (name, value) -> sent.add(name + ": " + value),
                (status, body) -> sent.add(status + " " + new String(body, StandardCharsets.UTF_8)));

        assertThat(sent)
                .containsExactly(
                        "Retry-After: 7",
                        "Content-Type: application/problem+json",
                        "429 {\"type\":\"https://tenancy.dev/problems/kind\",\"title\":\"Zu früh\",\"status\":429,"
                                + "\"detail\":\"d\"}");
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S,1",
        "PT0.000000001S,1",
        "PT1S,1",
        "PT1.000000001S,2",
        "PT59.5S,60",
        "-PT5S,1",
        "P400D,31622400",
        "PT2562047788015215H,31622400"
    })
    void retryAfterIsRoundedUpToWholeSeconds(Duration wait, String header) {
        assertThat(Problem.limited("rate-limited", "t", "d", wait).headers()).containsEntry("Retry-After", header);
    }

    @Test
    void unauthenticatedAnswersCarryAChallenge() {
        assertThat(Problem.unauthenticated().headers()).containsEntry("WWW-Authenticate", "Bearer");
        assertThat(Problem.refused().headers()).containsEntry("WWW-Authenticate", "Bearer error=\"invalid_token\"");
    }

    @ParameterizedTest
    @CsvSource({"400,3", "401,16", "403,7", "404,5", "409,10", "413,9", "429,8", "500,13", "503,14", "504,13"})
    void hasACodeInGrpc(int status, int code) {
        assertThat(Problem.of("x", status, "t", "d").grpcCode()).isEqualTo(code);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 399, 600})
    void aStatusThatRefusesNothingIsAnError(int status) {
        assertThatThrownBy(() -> Problem.of("x", status, "t", "d")).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"08006", "08001", "53300", "57P01", "57P03"})
    void aLostDatabaseIsAnOutage(String state) {
        RuntimeException wrapped = new IllegalStateException("by a library", new SQLException("lost", state));

        assertThat(Problems.of(wrapped)).contains(Problem.unavailable());
    }

    @Test
    void aPoolThatTimesOutIsAnOutage() {
        assertThat(Problems.of(new SQLTransientConnectionException("no connection within 3 s")))
                .contains(Problem.unavailable());
    }

    @Test
    void theLibrarysExceptionsBringTheirAnswer() {
        assertThat(Problems.of(new IllegalStateException(new NoTenantException())))
                .contains(Problem.internal());
    }

    @Test
    void otherFailuresAreTheHosts() {
        assertThat(Problems.of(new SQLException("syntax error", "42601"))).isEmpty();
        assertThat(Problems.of(new SQLException("no state"))).isEmpty();
        assertThat(Problems.of(new IllegalStateException("bug"))).isEmpty();
    }

    @Test
    void aHostThatHasToAnswerSaysNoMoreThanThatItFailed() {
        assertThat(Problems.answerTo(new IllegalStateException("bug"))).isEqualTo(Problem.internal());
        assertThat(Problems.answerTo(new SQLException("lost", "08006"))).isEqualTo(Problem.unavailable());
    }

    @Test
    void aLoopOfCausesEnds() {
        Exception first = new Exception("first");
        Exception second = new Exception("second", first);
        first.initCause(second);

        assertThat(Problems.of(first)).isEmpty();
    }
}
