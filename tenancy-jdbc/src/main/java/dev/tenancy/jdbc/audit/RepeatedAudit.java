package dev.tenancy.jdbc.audit;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An audit that is run again and again. What it finds goes to the logger {@code dev.tenancy.security}, once for as long
 * as it is there. Thread-safe.
 *
 * @since 0.1
 */
public final class RepeatedAudit implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RepeatedAudit.class);
    private static final Logger SECURITY = LoggerFactory.getLogger("dev.tenancy.security");
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    private final IsolationAudit audit;
    private final DataSource source;
    private final ScheduledFuture<?> task;
    private volatile State state = new State(Optional.empty(), Optional.empty());

    /** The last report, and why there is none of the last run. */
    private record State(Optional<AuditReport> report, Optional<Exception> failure) {}

    RepeatedAudit(IsolationAudit audit, Duration interval, DataSource source, ScheduledExecutorService scheduler) {
        if (interval.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException("interval " + interval + " is too short; allowed: a second or more");
        }
        this.audit = audit;
        this.source = source;
        this.task = scheduler.scheduleWithFixedDelay(this::runOnce, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void runOnce() {
        try {
            AuditReport report = audit.run(source);
            List<Finding> before = state.report.map(AuditReport::findings).orElse(List.of());
            report.findings().stream()
                    .filter(finding -> !before.contains(finding))
                    .forEach(finding -> SECURITY.warn("isolation audit: {}", AuditReport.textOf(List.of(finding))));
            state = new State(Optional.of(report), Optional.empty());
        } catch (SQLException | RuntimeException failure) {
            LOG.error("the isolation audit could not be run", failure);
            state = new State(state.report, Optional.of(failure));
        }
    }

    /** {@return the last report; empty if there is none yet} */
    public Optional<AuditReport> last() {
        return state.report;
    }

    /** {@return why the last run has no report; empty if it has one, or there was none} */
    public Optional<Exception> failure() {
        return state.failure;
    }

    /**
     * {@return whether the last run could be made and found nothing that {@link IsolationAudit#enforce} would refuse}
     *
     * <p>For a readiness probe; false until the first run is done.
     */
    public boolean isIsolated() {
        State now = state;
        return now.failure.isEmpty()
                && now.report
                        .filter(report -> report.atLeast(audit.refusal()).isEmpty())
                        .isPresent();
    }

    /** Ends it; a run that has begun is not disturbed. */
    @Override
    public void close() {
        task.cancel(false);
    }
}
