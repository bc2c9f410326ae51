package dev.tenancy.jdbc;

import static dev.tenancy.jdbc.NotesDatabase.insert;
import static dev.tenancy.jdbc.NotesDatabase.visibleOn;
import static dev.tenancy.jdbc.Tenants.A;
import static dev.tenancy.jdbc.Tenants.B;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.tenancy.TenantContext;
import dev.tenancy.TenantIdentity;
import java.io.ByteArrayInputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Array;
import java.sql.BatchUpdateException;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLXML;
import java.sql.Savepoint;
import java.sql.Statement;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.util.PGobject;

/** What the transaction binding is easily wrong about: what is cleaned when, and what a session keeps. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TransactionBindingIT {
    @AutoClose
    private NotesDatabase notes;

    private HikariDataSource pool;
    private TenantDataSource source;

    @BeforeEach
    void setUp() throws SQLException {
        notes = new NotesDatabase();
        notes.database()
                .asOwner(
                        "CREATE SCHEMA evil",
                        "GRANT USAGE ON SCHEMA evil TO " + notes.database().app());
        pool = notes.poolOfOne(true);
        source = NotesDatabase.withANoteOfEach(pool, TenantBinding.transaction());
        asA(c -> query(c, "SELECT count(*) FROM notes"));
    }

    @AfterEach
    void close() {
        source.close();
    }

    interface Work {
        void with(Connection connection) throws Exception;
    }

    private void as(TenantIdentity who, TenantDataSource from, Work work) throws SQLException {
        TenantContext.run(who, () -> {
            try (Connection connection = from.getConnection()) {
                work.with(connection);
            } catch (SQLException | RuntimeException failure) {
                throw failure;
            } catch (Exception failure) {
                throw new SQLException(failure);
            }
        });
    }

    private void asA(Work work) throws SQLException {
        as(A, source, work);
    }

    private void asB(Work work) throws SQLException {
        as(B, source, work);
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String query(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    @Test
    void aTemporaryTableMadeInAutocommitIsThereInTheNextStatement() throws SQLException {
        asB(c -> {
            execute(c, "CREATE TEMPORARY TABLE mine (x int)");
            execute(c, "INSERT INTO mine VALUES (1)");
            assertThat(query(c, "SELECT count(*) FROM mine")).isEqualTo("1");
        });
    }

    @Test
    void aLockTakenByTheFirstCallIsKept() throws SQLException {
        asB(c -> {
            try (CallableStatement call = c.prepareCall("{call pg_catalog.pg_advisory_lock(7)}")) {
                call.execute();
            }
            assertThat(query(c, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"))
                    .isEqualTo("1");
        });
    }

    @Test
    void whatWasPreparedInSqlInAutocommitIsThereInTheNextStatement() throws SQLException {
        asB(c -> {
            execute(c, "PREPARE mine AS SELECT count(*) FROM notes");
            assertThat(query(c, "EXECUTE mine")).isEqualTo("1");
        });
    }

    @Test
    void aSessionLockOutlivesTheRollbackOfTheTransactionThatTookIt() throws SQLException {
        asB(c -> {
            c.setAutoCommit(false);
            query(c, "SELECT pg_advisory_lock(7)");
            c.rollback();
            assertThat(query(c, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"))
                    .isEqualTo("1");
        });
    }

    @Test
    void aBatchOutlivesTheRollbackOfTheFirstTransaction() throws SQLException {
        asB(c -> {
            c.setAutoCommit(false);
            execute(c, "PREPARE mine AS SELECT 1");
            try (PreparedStatement batch = c.prepareStatement("INSERT INTO notes (body) VALUES (?)")) {
                batch.setString(1, "batched");
                batch.addBatch();
                c.rollback();
                assertThat(batch.executeBatch()).containsExactly(1);
                assertThat(query(c, "EXECUTE mine")).isEqualTo("1");
            }
        });
    }

    @Test
    void thePhysicalConnectionHasNothingOfTheFormerBorrower() throws SQLException {
        asA(c -> query(
                c,
                "SELECT set_config('search_path', 'evil', false), set_config('tenancy.tenant_id', 'tenant-a', false)"));
        asB(c -> {
            Connection physical = c.unwrap(TenantConnection.class).physicalConnection();
            assertThat(query(physical, "SHOW search_path")).doesNotContain("evil");
            assertThat(visibleOn(physical)).isEmpty();
        });
    }

    @Test
    void whatTheFirstBorrowerDidOnThePhysicalConnectionDoesNotStay() throws SQLException {
        try (TenantDataSource fresh = TenantDataSource.wrap(notes.poolOfOne(true), TenantBinding.transaction())) {
            as(A, fresh, c -> execute(c.unwrap(TenantConnection.class).physicalConnection(), "SET search_path = evil"));
            as(B, fresh, c -> assertThat(query(c, "SHOW search_path")).doesNotContain("evil"));
        }
    }

    @Test
    void theFirstTransactionIsNotReadOnlySinceTheFormerBorrowersWere() throws SQLException {
        asA(c -> query(c, "SELECT set_config('default_transaction_read_only', 'on', false)"));
        asB(c -> insert(c, "by B"));
    }

    @Test
    void theFirstStatementHasNotTheIsolationOfTheFormerBorrower() throws SQLException {
        asA(c -> query(c, "SELECT set_config('default_transaction_isolation', 'serializable', false)"));
        asB(c -> assertThat(query(c, "SELECT current_setting('transaction_isolation')"))
                .isEqualTo("read committed"));
    }

    @Test
    void theFirstTransactionHasNotTheIsolationOfTheFormerBorrower() throws SQLException {
        asA(c -> query(c, "SELECT set_config('default_transaction_isolation', 'serializable', false)"));
        asB(c -> {
            c.setAutoCommit(false);
            assertThat(query(c, "SELECT current_setting('transaction_isolation')"))
                    .isEqualTo("read committed");
        });
    }

    /** Whatever a borrower can know: the text, should it read it in pg_stat_activity. */
    @Test
    void aValueThatLooksLikeDirtCostsNoSession() throws Exception {
        String cleaning =
                Prologue.textOf(SessionCleaning.afterRows(new Baseline(0, "none", Map.of(), Map.of(), Duration.ZERO))
                        .statements());
        Matcher mark =
                Pattern.compile("tenancy: left in the session [0-9a-f-]+").matcher(cleaning);
        assertThat(mark.find()).isTrue();

        assertThat(sessionsOfAFailure("SELECT '" + mark.group() + "'::int")).isOne();
    }

    @Test
    void anErrorThatLooksLikeAnEndedSessionCostsNoSession() throws Exception {
        notes.database()
                .asOwner("CREATE FUNCTION ended() RETURNS int LANGUAGE plpgsql AS"
                        + " $$BEGIN RAISE 'not really' USING ERRCODE = '57P05'; END$$");

        assertThat(sessionsOfAFailure("SELECT ended()")).isOne();
    }

    /** How many sessions a statement uses that fails as the first one of a borrower. */
    private int sessionsOfAFailure(String sql) throws Exception {
        HikariDataSource counted = notes.poolOfOne(true);
        AtomicInteger borrowed = new AtomicInteger();
        TenantDataSource other = TenantDataSource.wrap(counting(counted, borrowed), TenantBinding.transaction());
        Thread thread = new Thread(() ->
                assertThatThrownBy(() -> as(A, other, c -> query(c, sql))).isInstanceOf(SQLException.class));
        thread.start();
        thread.join(5_000);
        int sessions = borrowed.get();
        counted.close();
        return sessions;
    }

    @Test
    void aBatchThatWasRefusedIsNotRunUnboundLater() throws SQLException {
        asA(c -> {
            try (Statement s = c.createStatement()) {
                s.addBatch("UPDATE notes SET body = 'first'");
                s.addBatch("COMMIT");
                s.addBatch("UPDATE notes SET body = 'second'");
                assertThatThrownBy(s::executeBatch).isInstanceOf(SQLException.class);
                int[] counts = s.executeBatch();
                assertThat(counts).isEmpty();
            }
        });
    }

    @Test
    void aParameterIsWhatItWasWhenItWasSet() throws SQLException {
        asA(c -> {
            c.setAutoCommit(false);
            try (PreparedStatement s = c.prepareStatement("SELECT ?::text || ' ' || ?::timestamp || ?::text")) {
                for (int i = 0; i < 2; i++) {
                    PGobject object = new PGobject();
                    object.setType("text");
                    object.setValue("set");
                    Timestamp stamp = Timestamp.valueOf("2020-01-01 00:00:00");
                    byte[] bytes = {1};
                    s.setObject(1, object);
                    s.setTimestamp(2, stamp);
                    s.setBytes(3, bytes);
                    object.setValue("changed");
                    stamp.setTime(0);
                    bytes[0] = 2;
                    try (ResultSet row = s.executeQuery()) {
                        row.next();
                        assertThat(row.getString(1)).as("round " + i).isEqualTo("set 2020-01-01 00:00:00\\x01");
                    }
                }
            }
        });
    }

    @Test
    void anArrayThatIsFreedAfterItWasSetIsAParameterStill() throws SQLException {
        asA(c -> {
            c.setAutoCommit(false);
            try (PreparedStatement s = c.prepareStatement("SELECT ?::text[]")) {
                for (int i = 0; i < 2; i++) {
                    Array array = c.createArrayOf("text", new String[] {"x"});
                    s.setArray(1, array);
                    array.free();
                    try (ResultSet row = s.executeQuery()) {
                        row.next();
                        assertThat(row.getString(1)).as("round " + i).isEqualTo("{x}");
                    }
                }
            }
        });
    }

    @Test
    void anXmlThatIsFreedAfterItWasSetIsAParameterStill() throws SQLException {
        asA(c -> {
            c.setAutoCommit(false);
            try (PreparedStatement s = c.prepareStatement("SELECT ?::text")) {
                SQLXML xml = c.createSQLXML();
                xml.setString("<a/>");
                s.setSQLXML(1, xml);
                xml.free();
                visibleOn(c); // binds, so that the statement is executed without what would bind
                try (ResultSet row = s.executeQuery()) {
                    row.next();
                    assertThat(row.getString(1)).isEqualTo("<a/>");
                }
            }
        });
    }

    @Test
    @SuppressWarnings("deprecation")
    void aUnicodeStreamIsReadOnceAndStored() throws SQLException {
        asB(c -> {
            try (PreparedStatement s = c.prepareStatement("INSERT INTO notes (body) VALUES (?)")) {
                byte[] bytes = "of B, \u00fc".getBytes(UTF_8);
                s.setUnicodeStream(1, new ByteArrayInputStream(bytes), bytes.length);
                s.executeUpdate();
            }
            assertThat(visibleOn(c)).containsExactly("of B", "of B, \u00fc");
        });
    }

    @Test
    void aBatchThatFailsInAutocommitSaysWhatWasStored() throws SQLException {
        asA(c -> {
            try (PreparedStatement s = c.prepareStatement("INSERT INTO notes (body) VALUES (?)")) {
                for (int i = 0; i < 1000; i++) {
                    s.setString(1, i == 900 ? null : "n" + i);
                    s.addBatch();
                }
                long said;
                try {
                    s.executeBatch();
                    said = -1;
                } catch (BatchUpdateException expected) {
                    said = Arrays.stream(expected.getUpdateCounts())
                            .filter(n -> n == 1)
                            .count();
                }
                assertThat(visibleOn(c)).hasSize((int) said + 1);
            }
        });
    }

    /** A pool of two physical connections, where the second waits. */
    @Test
    void aConnectionThatIsClosedWhileItsSessionIsReplacedGoesBack() throws Exception {
        replaceWhile(Connection::close);
    }

    @Test
    void aConnectionThatIsAbortedWhileItsSessionIsReplacedGoesBack() throws Exception {
        replaceWhile(c -> c.abort(Runnable::run));
    }

    private void replaceWhile(Work meanwhile) throws Exception {
        CountDownLatch replacing = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicInteger calls = new AtomicInteger();
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(notes.database().appUrl());
        config.setMaximumPoolSize(1);
        HikariDataSource hikari = new HikariDataSource(config);
        DataSource slow = (DataSource) Proxy.newProxyInstance(
                TransactionBindingIT.class.getClassLoader(),
                new Class<?>[] {DataSource.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("getConnection") && calls.incrementAndGet() == 3) {
                        replacing.countDown();
                        goOn.await(10, TimeUnit.SECONDS);
                    }
                    try {
                        return method.invoke(hikari, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        TenantDataSource other = TenantDataSource.builder(slow)
                .binding(TenantBinding.transaction())
                .connectionsPerTenant(1, Duration.ofSeconds(1))
                .build();
        notes.database()
                .asOwner("CREATE FUNCTION dirty() RETURNS int LANGUAGE plpgsql AS"
                        + " $$BEGIN CREATE TEMP TABLE trap (x int); RETURN 1; END$$");
        as(A, other, c -> query(c, "SELECT dirty()"));
        Connection[] ofB = new Connection[1];
        TenantContext.run(B, () -> ofB[0] = other.getConnection());
        Thread running = new Thread(() -> TenantContext.run(B, () -> {
            try {
                query(ofB[0], "SELECT 1");
            } catch (SQLException expected) {
                // closed meanwhile
            }
        }));
        running.start();
        assertThat(replacing.await(10, TimeUnit.SECONDS)).isTrue();
        Thread closing = new Thread(() -> TenantContext.run(B, () -> {
            try {
                meanwhile.with(ofB[0]);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }));
        closing.start();
        while (closing.getState() != Thread.State.WAITING && closing.getState() != Thread.State.TERMINATED) {
            Thread.onSpinWait();
        }
        goOn.countDown();
        running.join();
        closing.join();
        assertThat(hikari.getHikariPoolMXBean().getActiveConnections()).isZero();
        hikari.close();
    }

    @Test
    void whatWasReadOnlyForOneIsNotForTheNext() throws SQLException {
        try (TenantDataSource fresh = TenantDataSource.wrap(
                NotesDatabase.poolOfOne(notes.database().appUrl() + "&readOnlyMode=always", true),
                TenantBinding.transaction())) {
            as(A, fresh, c -> {
                c.setReadOnly(true);
                query(c, "SELECT 1");
            });
            as(B, fresh, c -> insert(c, "by B"));
            as(B, fresh, c -> insert(c, "by B again"));
        }
    }

    @Test
    void readOnlyStaysWhenAutocommitIsSwitchedOn() throws SQLException {
        HikariDataSource hikari = NotesDatabase.poolOfOne(notes.database().appUrl() + "&readOnlyMode=always", true);
        try (TenantDataSource fresh = TenantDataSource.wrap(hikari, TenantBinding.transaction())) {
            as(A, fresh, c -> query(c, "SELECT 1"));
            as(B, fresh, c -> {
                c.setAutoCommit(false);
                c.setReadOnly(true);
                c.setAutoCommit(true);
                query(c, "SELECT 1");
                assertThatThrownBy(() -> insert(c, "by B")).isInstanceOf(SQLException.class);
            });
        }
    }

    @Test
    void aLiteralIsReadAsTheServerReadsIt() throws SQLException {
        asA(c -> {
            execute(c, "SET standard_conforming_strings = off");
            try (Statement s = c.createStatement()) {
                s.execute("SELECT '\\''; COMMIT; UPDATE notes SET body = 'changed' --'");
                s.getMoreResults();
                s.getMoreResults();
            } catch (SQLException refused) {
                return;
            }
            assertThat(visibleOn(c)).containsExactly("changed");
        });
    }

    @Test
    void aTextThatIsPreparedAsACallAndIsNoneDoesNotRunUnbound() throws SQLException {
        asA(c -> {
            try (CallableStatement s = c.prepareCall("SELECT 1; COMMIT; UPDATE notes SET body = 'changed'")) {
                s.execute();
            } catch (SQLException refused) {
                return;
            }
            assertThat(visibleOn(c)).containsExactly("changed");
        });
    }

    @Test
    void commitAndChainKeepsWhatTheBorrowerLeft() throws SQLException {
        asB(c -> {
            c.setAutoCommit(false);
            insert(c, "by B");
            execute(c, "CREATE TEMP TABLE mine (x int)");
            execute(c, "COMMIT AND CHAIN");
            insert(c, "again by B");
            execute(c, "ROLLBACK");
            assertThat(query(c, "SELECT count(*) FROM mine")).isEqualTo("0");
        });
    }

    @Test
    void severalSettingsInOneTextComeBeforeTheSnapshot() throws SQLException {
        asA(c -> {
            c.setAutoCommit(false);
            execute(c, "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE; SET LOCAL statement_timeout = 1000");
            assertThat(visibleOn(c)).hasSize(1);
            c.rollback();
        });
    }

    static List<String> properties() {
        return List.of(
                "prepareThreshold=-1",
                "prepareThreshold=0",
                "prepareThreshold=1",
                "preferQueryMode=extended",
                "preferQueryMode=extendedForPrepared",
                "preferQueryMode=extendedCacheEverything&prepareThreshold=1",
                "reWriteBatchedInserts=true",
                "defaultRowFetchSize=1",
                "defaultRowFetchSize=1&prepareThreshold=1&autosave=always",
                "readOnlyMode=always",
                "readOnlyMode=ignore",
                "binaryTransfer=false",
                "stringtype=unspecified",
                "stringtype=unspecified&prepareThreshold=1",
                "escapeSyntaxCallMode=call",
                "autosave=always",
                "autosave=always&prepareThreshold=1",
                "autosave=conservative&cleanupSavepoints=true",
                "cleanupSavepoints=true&autosave=always",
                "preparedStatementCacheQueries=0",
                "quoteReturningIdentifiers=false",
                "raiseExceptionOnSilentRollback=false",
                "options=-c%20standard_conforming_strings=off");
    }

    @ParameterizedTest
    @MethodSource("properties")
    void everyStatementIsBoundWithEveryPropertyOfTheDriver(String property) throws SQLException {
        for (boolean autoCommit : new boolean[] {true, false}) {
            HikariDataSource hikari = NotesDatabase.poolOfOne(notes.database().appUrl() + "&" + property, autoCommit);
            try (TenantDataSource other = TenantDataSource.wrap(hikari, TenantBinding.transaction())) {
                for (int i = 0; i < 8; i++) {
                    int round = i;
                    for (TenantIdentity who : List.of(A, B)) {
                        String own = who == A ? "of A" : "of B";
                        int position = (i + (autoCommit ? 0 : 3)) % 8;
                        as(who, other, c -> everything(c, own, position, round, property.contains("autosave")));
                    }
                }
            }
        }
    }

    private static void everything(Connection c, String own, int position, int round, boolean autosave)
            throws SQLException {
        for (int k = 0; k < 8; k++) {
            if (autosave && (position + k) % 8 == 3) {
                continue; // the driver's own savepoint comes before what must come first
            }
            String what = "unit " + (position + k) % 8 + " in round " + round;
            try {
                unit(c, own, (position + k) % 8);
            } catch (SQLException failure) {
                throw new SQLException(what + ": " + failure.getMessage(), failure.getSQLState(), failure);
            }
            assertThat(visibleOn(c)).as(what).containsExactly(own);
            if (!c.getAutoCommit()) {
                c.commit();
            }
        }
    }

    private static void unit(Connection c, String own, int unit) throws SQLException {
        boolean autoCommit = c.getAutoCommit();
        switch (unit) {
            case 0 -> assertThat(query(c, "SELECT body FROM notes")).isEqualTo(own);
            case 1 -> {
                try (PreparedStatement batch = c.prepareStatement("UPDATE notes SET body = ? WHERE ? = 1")) {
                    for (int i = 0; i < 3; i++) {
                        batch.setString(1, own);
                        batch.setInt(2, 1);
                        batch.addBatch();
                    }
                    assertThat(batch.executeBatch()).containsExactly(1, 1, 1);
                }
            }
            case 2 -> {
                c.setAutoCommit(false);
                Savepoint savepoint = c.setSavepoint();
                assertThat(query(c, "SELECT body FROM notes")).isEqualTo(own);
                c.rollback(savepoint);
                insert(c, "zzz");
                c.rollback(savepoint);
                assertThatThrownBy(() -> query(c, "SELECT 1 / 0")).isInstanceOf(SQLException.class);
                c.rollback(savepoint);
                insert(c, "zzz");
                assertThat(visibleOn(c)).containsExactly(own, "zzz");
                c.rollback();
                c.setAutoCommit(autoCommit);
            }
            case 3 -> {
                execute(c, "BEGIN ISOLATION LEVEL REPEATABLE READ");
                insert(c, "zzz");
                execute(c, "ROLLBACK AND CHAIN");
                assertThat(visibleOn(c)).containsExactly(own);
                assertThat(query(c, "SELECT current_setting('transaction_isolation')"))
                        .isIn("repeatable read", "read committed");
                execute(c, "COMMIT AND CHAIN");
                assertThat(visibleOn(c)).containsExactly(own);
                execute(c, "COMMIT");
            }
            case 4 -> {
                try (Statement s = c.createStatement(ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_UPDATABLE);
                        ResultSet rows = s.executeQuery("SELECT tenant_id, id, body FROM notes")) {
                    rows.next();
                    rows.updateString("body", own);
                    rows.updateRow();
                    if (!autoCommit) {
                        c.commit();
                    }
                    rows.updateString("body", own);
                    rows.updateRow();
                    rows.refreshRow();
                    assertThat(rows.getString("body")).isEqualTo(own);
                }
            }
            case 5 -> {
                assertThatThrownBy(() -> query(c, "SELECT 1 / 0")).isInstanceOf(SQLException.class);
                if (!autoCommit) {
                    c.rollback();
                }
                try (CallableStatement call = c.prepareCall("{? = call pg_catalog.current_setting(?, true)}")) {
                    call.registerOutParameter(1, Types.VARCHAR);
                    call.setString(2, TenantBinding.SETTING);
                    call.execute();
                    assertThat(call.getString(1)).isEqualTo(own.equals("of A") ? "tenant-a" : "tenant-b");
                } catch (SQLException procedure) {
                    assertThat(procedure.getMessage()).contains("procedure");
                    if (!autoCommit) {
                        c.rollback();
                    }
                }
            }
            case 6 -> {
                try (PreparedStatement insert =
                                c.prepareStatement("INSERT INTO notes (body) VALUES (?)", new String[] {"id"});
                        PreparedStatement delete =
                                c.prepareStatement("DELETE FROM notes WHERE id = ? AND ?::text IS NULL")) {
                    insert.setString(1, "zzz");
                    insert.executeUpdate();
                    try (ResultSet keys = insert.getGeneratedKeys()) {
                        keys.next();
                        delete.setLong(1, keys.getLong(1));
                    }
                    delete.setObject(2, null);
                    assertThat(delete.getParameterMetaData().getParameterCount())
                            .isEqualTo(2);
                    assertThat(delete.executeUpdate()).isOne();
                }
            }
            default -> {
                c.setAutoCommit(false);
                execute(c, "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE");
                try (Statement s = c.createStatement()) {
                    s.setFetchSize(1);
                    try (ResultSet rows = s.executeQuery(
                            "SELECT body, current_setting('transaction_isolation') FROM notes, generate_series(1, 5)")) {
                        while (rows.next()) {
                            assertThat(rows.getString(1)).isEqualTo(own);
                            assertThat(rows.getString(2)).isEqualTo("serializable");
                        }
                    }
                }
                c.commit();
                c.setReadOnly(true);
                try (PreparedStatement s = c.prepareStatement("SELECT body FROM notes WHERE ? > 0")) {
                    s.setInt(1, 1);
                    s.getMetaData();
                    for (int i = 0; i < 3; i++) {
                        try (ResultSet row = s.executeQuery()) {
                            assertThat(row.next()).isTrue();
                        }
                    }
                }
                c.rollback();
                c.setReadOnly(false);
                c.setAutoCommit(autoCommit);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aReadOnlyTransactionIsReadOnlyAfterAnotherTenant(boolean autosave) throws SQLException {
        try (TenantDataSource other = TenantDataSource.wrap(
                NotesDatabase.poolOfOne(notes.database().appUrl() + (autosave ? "&autosave=always" : ""), true),
                TenantBinding.transaction())) {
            for (TenantIdentity who : List.of(A, B, A, B)) {
                as(who, other, c -> {
                    c.setReadOnly(true);
                    c.setAutoCommit(false);
                    assertThatThrownBy(() -> insert(c, "read only"))
                            .extracting(f -> ((SQLException) f).getSQLState())
                            .isEqualTo("25006");
                    c.rollback();
                });
            }
        }
    }

    @Test
    void withAutosaveTheFirstStatementMayFail() throws SQLException {
        try (TenantDataSource other = TenantDataSource.wrap(
                NotesDatabase.poolOfOne(notes.database().appUrl() + "&autosave=always", false),
                TenantBinding.transaction())) {
            for (TenantIdentity who : List.of(A, B, A, B)) {
                as(who, other, c -> {
                    assertThatThrownBy(() -> query(c, "SELECT 1 / 0")).isInstanceOf(SQLException.class);
                    assertThat(visibleOn(c)).hasSize(1);
                    assertThatThrownBy(() -> query(c, "SELECT 1 / 0")).isInstanceOf(SQLException.class);
                    insert(c, "temporary");
                    assertThat(visibleOn(c)).hasSize(2);
                });
            }
        }
    }

    @Test
    void whatIsSetOnAConnectionAndAStatementIsCarriedToAnotherSession() throws SQLException {
        notes.database()
                .asOwner("CREATE FUNCTION dirty() RETURNS int LANGUAGE plpgsql AS"
                        + " $$BEGIN CREATE TEMP TABLE IF NOT EXISTS trap (x int); RETURN 1; END$$");
        for (boolean prepared : new boolean[] {true, false}) {
            asA(c -> query(c, "SELECT dirty()"));
            asB(c -> {
                c.setAutoCommit(false);
                c.setReadOnly(true);
                c.setHoldability(ResultSet.CLOSE_CURSORS_AT_COMMIT);
                c.setNetworkTimeout(Runnable::run, 12_345);
                String sql = "SELECT body || ? FROM notes, generate_series(1, 5)";
                try (Statement s = prepared ? c.prepareStatement(sql) : c.createStatement()) {
                    s.setFetchSize(2);
                    s.setMaxRows(3);
                    s.setQueryTimeout(7);
                    ResultSet rows;
                    if (s instanceof PreparedStatement p) {
                        p.setString(1, "!");
                        rows = p.executeQuery();
                    } else {
                        rows = s.executeQuery(sql.replace("?", "'!'"));
                    }
                    int n = 0;
                    while (rows.next()) {
                        assertThat(rows.getString(1)).isEqualTo("of B!");
                        n++;
                    }
                    assertThat(n).isEqualTo(3);
                    assertThat(s.getQueryTimeout()).isEqualTo(7);
                    assertThat(s.getFetchSize()).isEqualTo(2);
                }
                assertThat(c.getAutoCommit()).isFalse();
                assertThat(c.isReadOnly()).isTrue();
                assertThat(c.getHoldability()).isEqualTo(ResultSet.CLOSE_CURSORS_AT_COMMIT);
                assertThat(c.getNetworkTimeout()).isEqualTo(12_345);
                assertThatThrownBy(() -> insert(c, "x")).isInstanceOf(SQLException.class);
                c.rollback();
            });
        }
    }

    private static DataSource counting(DataSource source, AtomicInteger borrowed) {
        return (DataSource) Proxy.newProxyInstance(
                TransactionBindingIT.class.getClassLoader(),
                new Class<?>[] {DataSource.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("getConnection")) {
                        borrowed.incrementAndGet();
                    }
                    try {
                        return method.invoke(source, arguments);
                    } catch (InvocationTargetException failure) {
                        throw failure.getCause();
                    }
                });
    }
}
