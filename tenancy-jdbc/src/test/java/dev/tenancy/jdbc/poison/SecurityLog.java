package dev.tenancy.jdbc.poison;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.slf4j.LoggerFactory;

/** What is logged as a matter of security, from opening to closing; nothing of it is printed meanwhile. */
final class SecurityLog implements AutoCloseable {
    private final Logger logger = (Logger) LoggerFactory.getLogger("dev.tenancy.security");
    private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

    SecurityLog() {
        appender.start();
        logger.addAppender(appender);
        logger.setAdditive(false);
    }

    List<ILoggingEvent> events() {
        return appender.list;
    }

    @Override
    public void close() {
        logger.detachAppender(appender);
        logger.setAdditive(true);
    }
}
