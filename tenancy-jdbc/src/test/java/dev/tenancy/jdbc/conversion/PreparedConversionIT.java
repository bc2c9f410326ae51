package dev.tenancy.jdbc.conversion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenancy.testservers.TestPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What can be done ahead is done while the tables are in use, and leaves little to do. */
@Timeout(120)
class PreparedConversionIT {
    private static final Duration LOCK_TIMEOUT = Duration.ofMillis(200);
    private static final Pattern READS_ALL_ROWS = Pattern.compile(
            "CREATE (UNIQUE )?INDEX (?!CONCURRENTLY)|ADD CONSTRAINT \\S+ (PRIMARY KEY|UNIQUE)(?! USING INDEX)|ADD CONSTRAINT \\S+ FOREIGN KEY");

    private static ConversionPlan plan(SchemaConversion conversion, TestPostgres.Database database)
            throws SQLException {
        try (Connection owner = database.ownerConnection()) {
            return conversion.plan(owner);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPreparedSchemaIsConvertedWithoutReadingItsRowsAgain(ForeignSchema schema) throws SQLException {
        TestPostgres.Database database = schema.load();
        SchemaConversion conversion = schema.conversion(database);
        Map<String, String> before = ForeignSchema.rows(database);
        try (Connection owner = database.ownerConnection()) {
            conversion.plan(owner).prepare(owner, LOCK_TIMEOUT, 1);
            ConversionPlan rest = conversion.plan(owner);

            assertThat(rest.preparation()).noneMatch(sql -> sql.contains("INDEX") || sql.contains("CONSTRAINT"));
            assertThat(rest.statements())
                    .filteredOn(sql ->
                            !sql.startsWith("DO") && READS_ALL_ROWS.matcher(sql).find())
                    .allMatch(sql -> sql.contains("work_log") || sql.contains("EXCLUDE"));
            rest.apply(owner);
            assertThat(conversion.plan(owner).statements()).isEmpty();
        }
        assertThat(ForeignSchema.query(database, "SELECT relname FROM pg_class WHERE relname LIKE 'tenancy\\_%'"))
                .isEmpty();
        assertThat(ForeignSchema.query(database, "SELECT conname FROM pg_constraint WHERE conname LIKE 'tenancy\\_%'"))
                .isEmpty();
        if (schema != ForeignSchema.TRACKER) {
            assertThat(ForeignSchema.rows(database)).isEqualTo(before);
        }
        assertThat(ForeignSchema.query(database, definitions())).containsExactlyElementsOf(convertedAtOnce(schema));
    }

    /** Keys and indexes are the same whichever way they came. */
    private static List<String> convertedAtOnce(ForeignSchema schema) throws SQLException {
        TestPostgres.Database database = schema.load();
        try (Connection owner = database.ownerConnection()) {
            schema.conversion(database).plan(owner).apply(owner);
        }
        return ForeignSchema.query(database, definitions());
    }

    private static String definitions() {
        return "SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint"
                + " WHERE connamespace = 'public'::regnamespace AND contype <> 'n' UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1";
    }

    @Test
    void theApplicationReadsAndWritesMeanwhile() throws Exception {
        TestPostgres.Database database = ForeignSchema.TRACKER.load();
        SchemaConversion conversion = ForeignSchema.TRACKER.conversion(database);
        AtomicBoolean ended = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            List<Future<Integer>> work = List.of(
                    threads.submit(writer(
                            database,
                            ended,
                            "INSERT INTO comments (issue_id, body) SELECT id, 'more' FROM issues LIMIT 3")),
                    threads.submit(writer(database, ended, "UPDATE issues SET title = title || '.' WHERE number = 7")),
                    threads.submit(writer(
                            database,
                            ended,
                            "DELETE FROM issue_labels WHERE ctid IN (SELECT ctid FROM issue_labels LIMIT 1)")));
            try (Connection owner = database.ownerConnection()) {
                conversion.plan(owner).prepare(owner, LOCK_TIMEOUT, 1000);
            } finally {
                ended.set(true);
            }
            for (Future<Integer> each : work) {
                assertThat(each.get()).isPositive();
            }
            try (Connection owner = database.ownerConnection()) {
                conversion.plan(owner).apply(owner);
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(plan(conversion, database).isEmpty()).isTrue();
        assertThat(
                        ForeignSchema.query(
                                database,
                                "SELECT count(*) FROM comments c JOIN issues i ON i.id = c.issue_id WHERE i.tenant_id <> c.tenant_id OR c.tenant_id IS NULL"))
                .containsExactly("0");
        assertThat(ForeignSchema.query(database, "SELECT count(*) > 0 FROM comments WHERE body = 'more'"))
                .containsExactly("t");
    }

    /** Even if there is a row more for each that is filled; and whatever columns are called. */
    @Test
    void whoAddsRowsDoesNotKeepItFromEnding() throws SQLException {
        TestPostgres.Database database = ForeignSchema.TRACKER.load();
        database.asOwner(
                "ALTER TABLE comments ADD COLUMN block int, ADD COLUMN former int, ADD COLUMN done int",
                "CREATE FUNCTION add_more() RETURNS trigger LANGUAGE plpgsql AS"
                        + " 'BEGIN INSERT INTO comments (issue_id, body) VALUES (NEW.issue_id, ''more''); RETURN NULL; END'",
                "CREATE TRIGGER add_more AFTER UPDATE ON comments FOR EACH ROW EXECUTE FUNCTION add_more()",
                "CREATE FUNCTION add_work() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO work_log"
                        + " VALUES (NEW.account_id, NEW.day + 1, NEW.issue_id, 1) ON CONFLICT DO NOTHING; RETURN NULL; END'",
                "CREATE TRIGGER add_work AFTER UPDATE ON work_log FOR EACH ROW EXECUTE FUNCTION add_work()");
        SchemaConversion conversion = ForeignSchema.TRACKER.conversion(database);
        try (Connection owner = database.ownerConnection();
                Statement statement = owner.createStatement()) {
            statement.execute("SET statement_timeout = '60s'");
            conversion.plan(owner).prepare(owner, LOCK_TIMEOUT, 1);
            conversion.plan(owner).apply(owner);

            assertThat(conversion.plan(owner).isEmpty()).isTrue();
        }
    }

    /** How often it was done; an error ends it, as does a lock that is held for long. */
    private static Callable<Integer> writer(TestPostgres.Database database, AtomicBoolean ended, String sql) {
        return () -> {
            try (Connection owner = database.ownerConnection();
                    Statement statement = owner.createStatement()) {
                int times = 0;
                do {
                    statement.execute(sql);
                    times++;
                } while (!ended.get());
                return times;
            }
        };
    }

    @Test
    void whoHoldsALockIsNotWaitedForByAllOthers() throws SQLException {
        TestPostgres.Database database = ForeignSchema.TRACKER.load();
        SchemaConversion conversion = ForeignSchema.TRACKER.conversion(database);
        try (Connection reader = DriverManager.getConnection(database.superuserUrl());
                Statement reading = reader.createStatement();
                Connection owner = database.ownerConnection()) {
            reader.setAutoCommit(false);
            reading.execute("SELECT * FROM projects");
            owner.createStatement().execute("SET lock_timeout = '7s'");

            assertThatThrownBy(() -> conversion.plan(owner).prepare(owner, Duration.ofMillis(10), 3))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("55P03"));
            assertThat(lockTimeoutOf(owner)).isEqualTo("7s");

            reader.commit();
            conversion.plan(owner).prepare(owner, LOCK_TIMEOUT, 1);
            conversion.plan(owner).apply(owner);
            assertThat(conversion.plan(owner).isEmpty()).isTrue();
            assertThat(lockTimeoutOf(owner)).isEqualTo("7s");
        }
    }

    private static String lockTimeoutOf(Connection owner) throws SQLException {
        try (Statement statement = owner.createStatement();
                ResultSet row = statement.executeQuery("SHOW lock_timeout")) {
            row.next();
            return row.getString(1);
        }
    }

    @Test
    void rowsThatSomebodyHoldsAreLeftForLaterAndNotWaitedFor() throws SQLException {
        TestPostgres.Database database = ForeignSchema.TRACKER.load();
        SchemaConversion conversion = ForeignSchema.TRACKER.conversion(database);
        try (Connection holder = DriverManager.getConnection(database.superuserUrl());
                Statement holding = holder.createStatement();
                Connection owner = database.ownerConnection();
                Statement filling = owner.createStatement()) {
            List<String> steps = conversion.plan(owner).preparation();
            for (String sql : steps) {
                if (sql.contains(" ADD COLUMN ")) {
                    filling.execute(sql);
                }
            }
            holder.setAutoCommit(false);
            holding.execute("SELECT * FROM issues WHERE number = 7 FOR UPDATE");
            filling.execute("SET lock_timeout = '1s'");
            for (String sql : steps) {
                if (sql.startsWith("DO ")) {
                    filling.execute(sql);
                }
            }

            assertThat(ForeignSchema.query(database, "SELECT DISTINCT number FROM issues WHERE tenant_id IS NULL"))
                    .containsExactly("7");
            holder.commit();
            conversion.plan(owner).apply(owner);
            assertThat(conversion.plan(owner).isEmpty()).isTrue();
        }
    }

    @Test
    void rowsWhoseParentIsHeldAreNotTakenForRowsOfNobody() throws SQLException {
        TestPostgres.Database database = ForeignSchema.TRACKER.load();
        String rest = "00000000-0000-4000-8000-00000000000f";
        SchemaConversion conversion = ForeignSchema.TRACKER
                .describe(SchemaConversion.of("public"))
                .existingRowsBelongTo(rest)
                .tenantColumn(ForeignSchema.TRACKER.column())
                .grantTo(database.app())
                .build();
        try (Connection holder = DriverManager.getConnection(database.superuserUrl());
                Statement holding = holder.createStatement();
                Connection owner = database.ownerConnection();
                Statement filling = owner.createStatement()) {
            List<String> steps = conversion.plan(owner).preparation();
            for (String sql : steps) {
                if (sql.contains(" ADD COLUMN ")) {
                    filling.execute(sql);
                }
            }
            holder.setAutoCommit(false);
            holding.execute("SELECT * FROM organizations WHERE slug = 'org-1' FOR UPDATE");
            for (String sql : steps) {
                if (sql.startsWith("DO ")) {
                    filling.execute(sql);
                }
            }
            holder.commit();

            conversion.plan(owner).apply(owner);

            assertThat(conversion.plan(owner).isEmpty()).isTrue();
            assertThat(ForeignSchema.query(
                            database,
                            "SELECT count(*) FROM accounts WHERE tenant_id <> organization_id OR tenant_id = '" + rest
                                    + "'"))
                    .containsExactly("0");
        }
    }

    @Test
    void anIndexThatWasNotFinishedIsMadeAnew() throws SQLException {
        TestPostgres.Database database = ForeignSchema.SHOP.load();
        SchemaConversion conversion = ForeignSchema.SHOP.conversion(database);
        try (Connection owner = database.ownerConnection()) {
            conversion.plan(owner).prepare(owner, LOCK_TIMEOUT, 1);
            database.asSuperuser(
                    "UPDATE pg_index SET indisvalid = false WHERE indexrelid IN (SELECT oid FROM pg_class WHERE relname LIKE 'tenancy\\_%')"
                            + " AND indexrelid NOT IN (SELECT refobjid FROM pg_depend)");
            ConversionPlan again = conversion.plan(owner);

            assertThat(again.statements())
                    .anyMatch(sql -> sql.contains("ADD CONSTRAINT coupon_uses_pkey PRIMARY KEY ("));
            assertThat(again.preparation()).anyMatch(sql -> sql.startsWith("DROP INDEX CONCURRENTLY"));
            again.prepare(owner, LOCK_TIMEOUT, 1);
            conversion.plan(owner).apply(owner);
            assertThat(conversion.plan(owner).isEmpty()).isTrue();
        }
    }

    @Test
    void whatIsWrongIsSaid() throws SQLException {
        TestPostgres.Database database = ForeignSchema.SHOP.load();
        try (Connection owner = database.ownerConnection()) {
            ConversionPlan plan = ForeignSchema.SHOP.conversion(database).plan(owner);
            assertThatThrownBy(() -> plan.prepare(owner, Duration.ZERO, 1))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> plan.prepare(owner, LOCK_TIMEOUT, 0)).isInstanceOf(IllegalArgumentException.class);
            owner.setAutoCommit(false);
            assertThatThrownBy(() -> plan.prepare(owner, LOCK_TIMEOUT, 1)).isInstanceOf(IllegalStateException.class);
        }
    }
}
