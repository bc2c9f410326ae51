package dev.tenancy.example.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.joran.spi.JoranException;
import ch.qos.logback.core.status.Status;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;

/** The configuration of the logs that users have. */
class LogsTest {
    private final LoggerContext logs = new LoggerContext();

    @Test
    void linesOfTextAreTheDefaultAndSayNothingOfRequests() throws JoranException {
        assertThat(encoder()).isInstanceOf(PatternLayoutEncoder.class);
        assertThat(logs.getLogger(AgentGateway.class).isInfoEnabled()).isTrue();
        assertThat(logs.getLogger(RequestLog.class).isErrorEnabled()).isFalse();
    }

    @Test
    void objectsOfJsonHaveALineForEachRequest() throws JoranException {
        logs.putProperty("GATEWAY_LOG", "json");

        assertThat(encoder()).isInstanceOf(JsonEncoder.class);
        assertThat(logs.getLogger(RequestLog.class).isInfoEnabled()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " "})
    void blankIsAsNotSaid(String blank) throws JoranException {
        logs.putProperty("GATEWAY_LOG", blank);

        assertThat(Settings.of(Map.of("GATEWAY_LOG", blank)).port()).isEqualTo(8_080);
        assertThat(encoder()).isInstanceOf(PatternLayoutEncoder.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"JSON", "xml", "../logback"})
    void anythingElseIsRefused(String log) {
        assertThatThrownBy(() -> Settings.of(Map.of("GATEWAY_LOG", log)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("GATEWAY_LOG is bad; allowed: text, json");
    }

    private Encoder<ILoggingEvent> encoder() throws JoranException {
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(logs);
        configurator.doConfigure(LogsTest.class.getResource("/logback.xml"));
        assertThat(logs.getStatusManager().getCopyOfStatusList())
                .noneMatch(status -> status.getEffectiveLevel() >= Status.WARN);
        ConsoleAppender<ILoggingEvent> console = (ConsoleAppender<ILoggingEvent>)
                logs.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("console");
        return console.getEncoder();
    }
}
