package dev.tenancy.internal;

import java.util.Arrays;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The log {@code dev.tenancy.security}: who was refused, and what is done across tenants. */
public final class SecurityLog {
    private static final Logger LOG = LoggerFactory.getLogger("dev.tenancy.security");

    private static final Pattern CONTROL_CHARACTERS = Pattern.compile("[\\p{Cc}\\u2028\\u2029]");

    private SecurityLog() {}

    /**
     * Writes one line. What stands in it may come from anybody's resolver or request, and cannot forge another line.
     *
     * @param format with {@code {}} for each argument
     */
    public static void info(String format, Object... arguments) {
        if (LOG.isInfoEnabled()) {
            LOG.info(
                    format, Arrays.stream(arguments).map(SecurityLog::onOneLine).toArray());
        }
    }

    private static String onOneLine(Object argument) {
        return CONTROL_CHARACTERS.matcher(String.valueOf(argument)).replaceAll("?");
    }
}
