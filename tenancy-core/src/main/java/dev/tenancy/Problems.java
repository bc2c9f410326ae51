package dev.tenancy;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the answer to a failure.
 *
 * @since 0.1
 */
public final class Problems {
    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

    /** A chain of causes longer than this is a loop. */
    private static final int DEEPEST_CAUSE = 50;

    private Problems() {}

    /**
     * {@return the answer to {@code failure}, or empty if the failure is the host's own to answer}
     *
     * <p>The first of its causes that says something decides: a {@link TenancyException} brings its problem, and a lost
     * or refused database connection is an outage.
     */
    public static Optional<Problem> of(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST_CAUSE; depth++) {
            if (cause instanceof TenancyException known) {
                return Optional.of(known.problem());
            }
            if (cause instanceof SQLException sql && isOutage(sql)) {
                return Optional.of(Problem.unavailable());
            }
            cause = cause.getCause();
        }
        return Optional.empty();
    }

    /**
     * {@return the answer to {@code failure}, for a host that has to answer: {@link #of} it, or else
     * {@link Problem#internal}}
     *
     * <p>Logs the failure, as {@link #log} does. Of an answer that is internal the caller learns nothing else.
     */
    public static Problem answerTo(Throwable failure) {
        Problem answer = of(failure).orElseGet(Problem::internal);
        log(failure, answer);
        return answer;
    }

    /**
     * Logs a failure that is answered, as every host of a {@link Tenancy} should: as an error if the host or a part of
     * it is at fault, else for debugging only.
     */
    public static void log(Throwable failure, Problem answer) {
        if (answer.status() >= 500) {
            LOG.error("answered with {}", answer.status(), failure);
        } else {
            LOG.debug("answered with {}", answer.status(), failure);
        }
    }

    /**
     * PostgreSQL manual, appendix A: class 08 connection exception, 53 insufficient resources, 57P operator
     * intervention (shutdown, crash, cannot connect now).
     */
    private static boolean isOutage(SQLException failure) {
        if (failure instanceof SQLTransientConnectionException
                || failure instanceof SQLNonTransientConnectionException
                || failure instanceof SQLRecoverableException) {
            return true;
        }
        String state = failure.getSQLState();
        return state != null && (state.startsWith("08") || state.startsWith("53") || state.startsWith("57P"));
    }
}
