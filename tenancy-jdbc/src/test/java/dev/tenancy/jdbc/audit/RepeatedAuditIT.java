package dev.tenancy.jdbc.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenancy.testservers.TestPostgres;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** An audit that is run again, each run made by the test. */
class RepeatedAuditIT {
    @AutoClose
    private TestPostgres.Database database;

    private PGSimpleDataSource source;
    private ByHand scheduler;
    private RepeatedAudit audit;

    /** Runs what it was given when it is told to. */
    private static final class ByHand extends ScheduledThreadPoolExecutor {
        private Runnable task = () -> {};

        ByHand() {
            super(1);
        }

        @Override
        public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long initial, long delay, TimeUnit unit) {
            task = command;
            return super.schedule(() -> {}, 1, TimeUnit.DAYS);
        }
    }

    @BeforeEach
    void create() throws SQLException {
        database = AuditedDatabase.hardened().database();
        source = new PGSimpleDataSource();
        source.setUrl(database.appUrl());
        scheduler = new ByHand();
        audit = IsolationAudit.standard().every(Duration.ofMinutes(1), source, scheduler);
    }

    @AfterEach
    void close() {
        audit.close();
        scheduler.shutdownNow();
    }

    @Test
    void nothingIsIsolatedBeforeTheFirstRun() {
        assertThat(audit.last()).isEmpty();
        assertThat(audit.isIsolated()).isFalse();
    }

    @Test
    void whatChangesIsSeen() {
        scheduler.task.run();
        assertThat(audit.isIsolated()).isTrue();

        database.asOwner("GRANT TRUNCATE ON notes TO " + database.app());
        scheduler.task.run();
        assertThat(audit.isIsolated()).isFalse();
        assertThat(audit.last())
                .hasValueSatisfying(report -> assertThat(report.findings()).hasSize(1));

        database.asOwner("REVOKE TRUNCATE ON notes FROM " + database.app());
        scheduler.task.run();
        assertThat(audit.isIsolated()).isTrue();
    }

    @Test
    void whatIsNoReasonToRefuseIsNoReasonHere() {
        database.asOwner("CREATE SEQUENCE numbers", "GRANT SELECT ON SEQUENCE numbers TO " + database.app());
        scheduler.task.run();

        assertThat(audit.last())
                .hasValueSatisfying(report -> assertThat(report.findings()).hasSize(1));
        assertThat(audit.isIsolated()).isTrue();
    }

    @Test
    void anAuditThatCannotBeRunIsNotACleanOneAndTheNextOneIsRun() {
        scheduler.task.run();
        source.setUrl("jdbc:postgresql://localhost:1/none");
        scheduler.task.run();
        assertThat(audit.isIsolated()).isFalse();
        assertThat(audit.failure()).isPresent();
        assertThat(audit.last()).isPresent();

        source.setUrl(database.appUrl());
        scheduler.task.run();
        assertThat(audit.failure()).isEmpty();
        assertThat(audit.isIsolated()).isTrue();
    }

    @Test
    void anIntervalThatWouldKeepTheServerBusyIsRefused() {
        ScheduledExecutorService any = scheduler;

        assertThatThrownBy(() -> IsolationAudit.standard().every(Duration.ofMillis(999), source, any))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("interval");
    }
}
