package dev.tenancy.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenancy.jdbc.RowLevelSecurity;
import dev.tenancy.jdbc.audit.AuditRule;
import dev.tenancy.jdbc.audit.IsolationAudit;
import dev.tenancy.jdbc.audit.IsolationException;
import dev.tenancy.jdbc.audit.RepeatedAudit;
import dev.tenancy.testservers.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** The code in docs/audit.md is run here; its script and its tables are compared with the rules in tenancy-jdbc. */
class AuditGuideIT {
    private static final String GUIDE = "docs/audit.md";

    @Test
    void whatTheGuideSaysIsWhatIsRunHere() {
        assertThat(Documents.text(GUIDE)).contains(Documents.region(AuditGuideIT.class, "audit"));
    }

    @Test
    void theGuideHasEveryRule() {
        assertThat(IsolationAudit.rules()).hasSizeGreaterThanOrEqualTo(75);
        assertThat(IsolationAudit.rules())
                .extracting(AuditRule::id)
                .allSatisfy(id -> assertThat(Documents.text(GUIDE)).contains("| `" + id + "` |"));
    }

    @Test
    void aHostDoesNotStartOnADatabaseThatIsOpen() throws SQLException {
        TestPostgres.Database database = TestPostgres.newDatabase();
        database.asOwner(
                "CREATE TABLE notes (id bigint)",
                "CREATE TABLE countries (code text)",
                "GRANT SELECT ON countries TO " + database.app());
        try (Connection owner = database.ownerConnection()) {
            RowLevelSecurity.table("notes").grantTo(database.app()).build().apply(owner);
        }
        PGSimpleDataSource pool = new PGSimpleDataSource();
        pool.setUrl(database.appUrl());
        ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
        try {
            assertThatThrownBy(() -> start(pool, scheduler))
                    .isInstanceOfSatisfying(
                            IsolationException.class,
                            open -> database.asSuperuser(open.report().toSql()));

            start(pool, scheduler).close();
        } finally {
            scheduler.shutdownNow();
        }
    }

    private static RepeatedAudit start(DataSource pool, ScheduledExecutorService scheduler) throws SQLException {
        // region audit
        IsolationAudit audit = IsolationAudit.builder()
                .allow("table-shared", "table public.countries", "a list that is the same for everybody")
                .build();

        audit.enforce(pool);
        RepeatedAudit repeated = audit.every(Duration.ofMinutes(10), pool, scheduler);
        // endregion
        return repeated;
    }
}
