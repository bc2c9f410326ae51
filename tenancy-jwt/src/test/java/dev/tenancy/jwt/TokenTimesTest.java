package dev.tenancy.jwt;

import static dev.tenancy.jwt.StrictJsonTest.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.text.ParseException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenTimesTest {
    private static final Duration LEEWAY = Duration.ofSeconds(30);

    private static TokenTimes times(String members) throws RefusedException, ParseException {
        return TokenTimes.of(read("{" + members + "}"));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1, 1000",
        "1.5, 1500",
        "1.0009, 1000",
        "1e3, 1000000",
        "1900000000, 1900000000000",
        "1900000000.25, 1900000000250",
        "253402300799, 253402300799000",
        "253402300799.0, 253402300799000"
    })
    void aTimeIsANumberOfSeconds(String seconds, long millis) throws RefusedException, ParseException {
        assertThat(times("\"exp\":" + seconds)).isEqualTo(new TokenTimes(millis, null, 0));
        assertThat(times("\"exp\":1,\"iat\":" + seconds)).isEqualTo(new TokenTimes(1000, millis, millis));
        assertThat(times("\"exp\":1,\"nbf\":" + seconds)).isEqualTo(new TokenTimes(1000, null, millis));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "true",
                "\"1\"",
                "[1]",
                "{}",
                "-1",
                "-0.5",
                "253402300800",
                "253402300799.5",
                "9223372036854775807",
                "99999999999999999999",
                "1e300"
            })
    void nothingElseIsATime(String time) {
        for (String members : new String[] {"\"exp\":", "\"exp\":1,\"iat\":", "\"exp\":1,\"nbf\":"}) {
            assertThatThrownBy(() -> times(members + time))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining(members.substring(members.length() - 5, members.length() - 2))
                    .hasMessageContaining("not a number of seconds");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"iat\":1", "\"iat\":1,\"nbf\":1", "\"EXP\":1"})
    void aTokenSaysWhenItExpires(String members) {
        assertThatThrownBy(() -> times(members)).hasMessage("it has no exp");
    }

    @Test
    void aTokenBeginsWithTheLaterOfIssueAndNotBefore() throws RefusedException, ParseException {
        assertThat(times("\"exp\":9,\"iat\":5,\"nbf\":7").begins()).isEqualTo(7000);
        assertThat(times("\"exp\":9,\"iat\":7,\"nbf\":5").begins()).isEqualTo(7000);
        assertThat(times("\"exp\":9").begins()).isZero();
    }

    @Test
    void itIsGoodUntilJustBeforeTheEndOfTheLeewayAfterItExpires() {
        TokenTimes times = new TokenTimes(1_000_000, null, 0);

        assertThatCode(() -> times.check(1_029_999, LEEWAY)).doesNotThrowAnyException();
        assertThatThrownBy(() -> times.check(1_030_000, LEEWAY)).hasMessage("it has expired");
        assertThatCode(() -> times.check(999_999, Duration.ZERO)).doesNotThrowAnyException();
        assertThatThrownBy(() -> times.check(1_000_000, Duration.ZERO)).hasMessage("it has expired");
    }

    @Test
    void itIsGoodFromTheBeginningOfTheLeewayBeforeItBegins() {
        TokenTimes times = new TokenTimes(2_000_000, null, 1_000_000);

        assertThatThrownBy(() -> times.check(969_999, LEEWAY)).hasMessageContaining("not valid yet");
        assertThatCode(() -> times.check(970_000, LEEWAY)).doesNotThrowAnyException();
        assertThatThrownBy(() -> times.check(999_999, Duration.ZERO)).hasMessageContaining("not valid yet");
        assertThatCode(() -> times.check(1_000_000, Duration.ZERO)).doesNotThrowAnyException();
    }
}
