package dev.tenancy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Collects what is written to one logger, at whatever level, until it is closed. */
public final class CapturedLog implements AutoCloseable {
    private final Logger logger;
    private final @Nullable Level level;
    private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

    private CapturedLog(Logger logger) {
        this.logger = logger;
        this.level = logger.getLevel();
    }

    public static CapturedLog of(String name) {
        CapturedLog log = new CapturedLog((Logger) LoggerFactory.getLogger(name));
        log.appender.start();
        log.logger.setLevel(Level.TRACE);
        log.logger.addAppender(log.appender);
        return log;
    }

    public static CapturedLog ofSecurity() {
        return of("dev.tenancy.security");
    }

    /** {@return the messages, oldest first} */
    public List<String> messages() {
        return appender.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Override
    public void close() {
        logger.detachAppender(appender);
        logger.setLevel(level);
    }
}
