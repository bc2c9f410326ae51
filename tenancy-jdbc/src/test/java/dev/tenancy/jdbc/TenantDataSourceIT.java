package dev.tenancy.jdbc;

import static dev.tenancy.jdbc.NotesDatabase.insert;
import static dev.tenancy.jdbc.NotesDatabase.store;
import static dev.tenancy.jdbc.NotesDatabase.visibleOn;
import static dev.tenancy.jdbc.NotesDatabase.visibleTo;
import static dev.tenancy.jdbc.Tenants.A;
import static dev.tenancy.jdbc.Tenants.B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.tenancy.TenantContext;
import dev.tenancy.TenantIdentity;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Array;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.PGConnection;
import org.postgresql.core.BaseConnection;

/** What a connection of a TenantDataSource lets be done with it. */
@ParameterizedClass
@EnumSource(Way.class)
class TenantDataSourceIT {
    private final Way way;

    @AutoClose
    private NotesDatabase notes;

    private HikariDataSource pool;
    private TenantDataSource source;

    TenantDataSourceIT(Way way) {
        this.way = way;
    }

    @BeforeEach
    void storeOneNoteOfEach() throws SQLException {
        notes = new NotesDatabase();
        pool = notes.poolOfOne(true);
        source = NotesDatabase.withANoteOfEach(pool, way.binding());
    }

    @AfterEach
    void close() {
        source.close();
    }

    @Test
    void withoutATenantThePoolIsNotTouched() {
        AtomicInteger borrowed = new AtomicInteger();
        TenantDataSource counted = TenantDataSource.wrap(counting(pool, borrowed), way.binding());

        assertState("28000", counted::getConnection);
        assertThat(borrowed).hasValue(0);
    }

    @Test
    void statementsOfAnotherIdentityAreRefusedAndTheConnectionStaysItsTenants() throws SQLException {
        TenantIdentity anotherSubject =
                TenantIdentity.builder(A.tenantId(), "test").subject("u2").build();
        TenantContext.run(A, () -> {
            try (Connection connection = source.getConnection();
                    Statement statement = connection.createStatement();
                    PreparedStatement prepared =
                            connection.prepareStatement("INSERT INTO notes (body) VALUES ('by B')")) {
                for (TenantIdentity other : new TenantIdentity[] {B, anotherSubject}) {
                    TenantContext.run(other, () -> {
                        assertState("28000", () -> statement.execute("SELECT 1"));
                        assertState("28000", () -> statement.executeQuery("SELECT 1"));
                        assertState("28000", () -> statement.executeUpdate("DELETE FROM notes"));
                        assertState("28000", prepared::execute);
                        assertState("28000", prepared::executeUpdate);
                        assertState("28000", prepared::addBatch);
                        assertState("28000", prepared::executeBatch);
                        assertState("28000", connection::commit);
                        assertState("28000", connection::getMetaData);
                        assertState("28000", () -> connection.setClientInfo("ApplicationName", "B"));
                    });
                }
                assertThat(visibleOn(connection)).containsExactly("of A");
            }
        });
    }

    @Test
    void rowsOfAResultSetAreNotWrittenForAnotherIdentity() throws SQLException {
        TenantContext.run(A, () -> {
            try (Connection connection = source.getConnection();
                    Statement statement =
                            connection.createStatement(ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_UPDATABLE);
                    ResultSet rows = statement.executeQuery("SELECT tenant_id, id, body FROM notes")) {
                rows.next();
                rows.updateString("body", "changed");
                TenantContext.run(B, () -> assertState("28000", rows::updateRow));
                rows.updateRow();
            }
        });

        assertThat(visibleTo(source, A)).containsExactly("changed");
    }

    @Test
    void workAsTheSystemGetsNoConnectionAndUsesNoneOfATenant() throws SQLException {
        TenantContext.run(A, () -> {
            try (Connection connection = source.getConnection();
                    Statement statement = connection.createStatement()) {
                TenantContext.callAsSystem("test", () -> {
                    assertState("28000", source::getConnection);
                    assertState("28000", () -> statement.executeQuery("SELECT 1"));
                    assertState("28000", connection::createStatement);
                    return "refused";
                });
                assertThat(statement.execute("SELECT 1")).isTrue();
            }
        });
    }

    @Test
    void nothingLeadsToThePhysicalConnectionButTheMethodThatSaysSo() throws SQLException {
        TenantContext.run(A, () -> {
            try (Connection connection = source.getConnection();
                    Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("SELECT 1")) {
                DatabaseMetaData metaData = connection.getMetaData();
                assertThat(statement.getConnection()).isSameAs(connection);
                assertThat(rows.getStatement()).isSameAs(statement);
                assertThat(metaData.getConnection()).isSameAs(connection);
                try (ResultSet tables = metaData.getTables(null, null, "notes", null)) {
                    assertThat(tables.getStatement()).isNull();
                    assertThat(tables.next()).isTrue();
                }
                assertThat(connection.isWrapperFor(PGConnection.class)).isFalse();
                assertThatThrownBy(() -> connection.unwrap(PGConnection.class))
                        .isInstanceOf(SQLException.class)
                        .hasMessageContaining("physicalConnection()");
                assertThatThrownBy(() -> statement.unwrap(org.postgresql.PGStatement.class))
                        .isInstanceOf(SQLException.class);

                assertThat(connection.isWrapperFor(TenantConnection.class)).isTrue();
                TenantConnection bound = connection.unwrap(TenantConnection.class);
                assertThat(bound.identity()).contains(A);
                assertThat(bound.physicalConnection().unwrap(PGConnection.class).getBackendPID())
                        .isPositive();
            }
        });
    }

    @Test
    void aConnectionEqualsItselfOnly() throws SQLException {
        TenantContext.run(A, () -> {
            try (Connection connection = source.getConnection()) {
                assertThat(Set.of(connection)).contains(connection);
                assertThat(connection)
                        .isNotEqualTo(connection.unwrap(TenantConnection.class).physicalConnection());
                assertThat(connection.toString()).isNotEmpty();
            }
        });
    }

    @Test
    void aClosedConnectionIsClosedForGood() throws SQLException {
        TenantContext.run(A, () -> {
            Connection connection = source.getConnection();
            connection.close();
            connection.close();

            assertThat(connection.isClosed()).isTrue();
            assertThat(connection.isValid(1)).isFalse();
            assertState("08003", connection::createStatement);
            assertState("08003", () -> connection.setClientInfo("ApplicationName", "late"));
            assertState("08003", ((TenantConnection) connection)::physicalConnection);
            assertThat(connection.toString()).isNotEmpty();
        });
        assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
    }

    @Test
    void whatAConnectionMadeEndsWithItWhateverThePoolDoes() throws SQLException {
        try (Connection physical = DriverManager.getConnection(notes.database().appUrl())) {
            TenantDataSource carelessPool = TenantDataSource.wrap(carelessPoolOf(physical), way.binding());
            TenantContext.run(A, () -> {
                Connection connection = carelessPool.getConnection();
                PreparedStatement kept = connection.prepareStatement("SELECT body FROM notes");
                DatabaseMetaData keptMetaData = connection.getMetaData();
                ResultSet keptRows = kept.executeQuery();
                connection.close();

                TenantContext.run(B, () -> {
                    try (Connection ofB = carelessPool.getConnection()) {
                        assertThat(visibleOn(ofB)).containsExactly("of B");
                        TenantContext.run(A, () -> {
                            assertState("08003", kept::executeQuery);
                            assertState("08003", kept::cancel);
                            assertState("08003", keptRows::next);
                            assertState("08003", keptMetaData::getCatalogs);
                        });
                    }
                });
                kept.close();
            });
        }
    }

    @Test
    void whatTheServerWarnedOfAtACommitIsNotToldToTheNext() throws SQLException {
        notes.database()
                .asOwner(
                        "CREATE FUNCTION warn() RETURNS trigger LANGUAGE plpgsql AS"
                                + " $$BEGIN RAISE WARNING 'stored %', NEW.body; RETURN NEW; END$$",
                        "CREATE CONSTRAINT TRIGGER warn AFTER INSERT ON notes DEFERRABLE INITIALLY DEFERRED"
                                + " FOR EACH ROW EXECUTE FUNCTION warn()");
        try (OneConnection one = new OneConnection(notes.database().appUrl())) {
            TenantDataSource carelessPool = TenantDataSource.wrap(one.pool(), way.binding());
            TenantContext.run(A, () -> {
                try (Connection connection = carelessPool.getConnection()) {
                    connection.setAutoCommit(false);
                    insert(connection, "secret of A");
                    connection.commit();
                    assertThat((Object) connection.getWarnings()).isNotNull();
                }
            });
            TenantContext.run(B, () -> {
                try (Connection connection = carelessPool.getConnection()) {
                    assertThat((Object) connection.getWarnings()).isNull();
                }
            });
        }
    }

    /** A pool of one that neither closes what a connection made, nor resets anything. */
    private static DataSource carelessPoolOf(Connection physical) {
        Connection reused = intercepting(
                Connection.class,
                (proxy, method, arguments) ->
                        method.getName().equals("close") ? null : method.invoke(physical, arguments));
        return intercepting(DataSource.class, (proxy, method, arguments) -> reused);
    }

    @Test
    void anArrayLeadsNowhereAndIsStillAParameter() throws SQLException {
        TenantContext.run(A, () -> {
            try (Connection connection = source.getConnection();
                    PreparedStatement echo = connection.prepareStatement("SELECT ?::text[]")) {
                echo.setArray(1, connection.createArrayOf("text", new String[] {"x", "y"}));
                try (ResultSet row = echo.executeQuery()) {
                    row.next();
                    Array array = row.getArray(1);
                    assertThat((Object[]) array.getArray()).containsExactly("x", "y");
                    try (ResultSet elements = array.getResultSet()) {
                        assertThat(elements.getStatement()).isNull();
                    }
                    echo.setArray(1, array);
                    TenantContext.run(B, () -> assertState("28000", array::getResultSet));
                }
                try (ResultSet again = echo.executeQuery()) {
                    again.next();
                    assertThat(again.getString(1)).isEqualTo("{x,y}");
                }
            }
        });
    }

    @Test
    void anAbortedConnectionIsBrokenAtOnceGivenBackAndReplaced() throws SQLException {
        List<Runnable> never = new ArrayList<>();
        for (Executor executor : List.<Executor>of(Runnable::run, never::add, task -> {
            throw new RejectedExecutionException("expected");
        })) {
            TenantContext.run(A, () -> {
                Connection connection = source.getConnection();
                try (Statement statement = connection.createStatement()) {
                    statement.execute("BEGIN");
                }
                connection.abort(executor);
                assertThat(connection.isClosed()).isTrue();
                connection.close();
            });

            try (Connection raw = pool.getConnection()) {
                assertThat(visibleOn(raw)).isEmpty();
            }
            assertThat(visibleTo(source, B)).containsExactly("of B");
        }
        TenantContext.run(A, () -> {
            try (Connection connection = source.getConnection()) {
                assertThatThrownBy(() -> connection.abort(null)).isInstanceOf(SQLException.class);
            }
        });
    }

    @Test
    void aTransactionLeftOpenByAnotherUserOfThePoolIsRolledBackAtBorrow() throws SQLException {
        try (Connection raw = pool.getConnection();
                Statement statement = raw.createStatement()) {
            statement.execute("BEGIN");
        }

        store(source, A, "acknowledged");

        assertThat(visibleTo(source, A)).containsExactly("acknowledged", "of A");
    }

    @Test
    void aConnectionThatCannotBeBoundIsNeverUsedAgain() throws SQLException {
        int before = backendPid(pool);
        whileNobodyMaySet(() -> TenantContext.run(
                A,
                () -> assertState("08006", () -> {
                    try (Connection connection = source.getConnection()) {
                        connection.createStatement().execute("CALL nothing()");
                    }
                })));

        assertThat(backendPid(pool)).as("a new session").isNotEqualTo(before);
    }

    @Test
    void aConnectionThatCannotBeCleanedIsNeverUsedAgain() throws SQLException {
        int before = backendPid(pool);
        TenantContext.run(A, () -> {
            Connection connection = source.getConnection();
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET tenancy.tenant_id = 'tenant-b'");
            }
            whileNobodyMaySet(connection::close);
        });

        try (Connection raw = pool.getConnection()) {
            assertThat(visibleOn(raw)).isEmpty();
        }
        assertThat(backendPid(pool)).as("a new session").isNotEqualTo(before);
    }

    private static int backendPid(DataSource pool) throws SQLException {
        try (Connection raw = pool.getConnection()) {
            return raw.unwrap(PGConnection.class).getBackendPID();
        }
    }

    /** Makes every binding fail. */
    private void whileNobodyMaySet(ThrowingCallable work) throws SQLException {
        String function = "FUNCTION pg_catalog.set_config(text, text, boolean)";
        notes.database().asSuperuser("REVOKE EXECUTE ON " + function + " FROM PUBLIC");
        try {
            assertThatCode(work).doesNotThrowAnyException();
        } finally {
            notes.database().asSuperuser("GRANT EXECUTE ON " + function + " TO PUBLIC");
        }
    }

    @Test
    void aStatementThatTimesOutLeavesTheConnectionToItsTenant() throws SQLException {
        TenantContext.run(A, () -> {
            try (Connection connection = source.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.setQueryTimeout(1);
                assertState("57014", () -> statement.execute("SELECT pg_sleep(60)"));
                assertThat(visibleOn(connection)).containsExactly("of A");
            }
        });

        assertThat(visibleTo(source, B)).containsExactly("of B");
    }

    @Test
    void aCloseEndsTheStatementThatAnotherThreadWaitsFor() throws Exception {
        Connection connection = TenantContext.call(A, source::getConnection);
        FutureTask<String> waiting = new FutureTask<>(() -> TenantContext.call(A, () -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute("SELECT pg_sleep(600)");
                return "ended by itself";
            } catch (SQLException failure) {
                return String.valueOf(failure.getSQLState());
            }
        }));
        new Thread(waiting).start();
        awaitSleep();

        connection.close();

        assertThat(waiting.get()).isEqualTo("57014");
        assertThat(visibleTo(source, B)).containsExactly("of B");
    }

    private void awaitSleep() throws SQLException {
        try (Connection superuser = DriverManager.getConnection(notes.database().superuserUrl());
                PreparedStatement select = superuser.prepareStatement(
                        "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'")) {
            boolean sleeps = false;
            while (!sleeps) {
                try (ResultSet row = select.executeQuery()) {
                    sleeps = row.next();
                }
            }
        }
    }

    @Test
    void aDataSourceMadeOfAnotherClosesNothing() throws SQLException {
        source.untrusted().close();
        ((TenantDataSource) source.withoutTenant()).close();

        assertThat(visibleTo(source, A)).containsExactly("of A");
    }

    @Test
    void aConnectionWhoseServerSessionDiedIsReplaced() throws SQLException {
        TenantContext.run(A, () -> {
            try (Connection connection = source.getConnection()) {
                notes.database().asSuperuser("SELECT pg_terminate_backend(" + backendPid(connection) + ", 10000)");
            }
        });

        assertThat(visibleTo(source, B)).containsExactly("of B");
    }

    @Test
    void whatASessionCollectedIsGone() throws SQLException {
        TenantContext.run(A, () -> {
            try (Connection connection = source.getConnection();
                    Statement statement = connection.createStatement()) {
                insert(connection, "numbered by a sequence");
                statement.execute("CREATE TEMPORARY TABLE notes AS SELECT 'a trap for B' AS body");
                statement.execute("SELECT pg_advisory_lock(42)");
                statement.execute("LISTEN secrets");
                statement.execute("DECLARE kept CURSOR WITH HOLD FOR SELECT 'of A'");
            }
        });

        TenantContext.run(B, () -> {
            try (Connection connection = source.getConnection();
                    Statement statement = connection.createStatement()) {
                assertThat(visibleOn(connection)).containsExactly("of B");
                assertThat(count(statement, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"))
                        .isZero();
                assertThat(count(statement, "SELECT count(*) FROM pg_listening_channels()"))
                        .isZero();
                assertThat(count(statement, "SELECT count(*) FROM pg_cursors WHERE is_holdable"))
                        .isZero();
                // The number that A drew would be 42501 here: known, and not to be read.
                assertState("55000", () -> statement.executeQuery("SELECT lastval()"));
            }
        });
    }

    /** S2 of the threat model: A replaces every statement that the driver has prepared, to make B read as A. */
    @Test
    void bindingNeedsNoStatementThatATenantCanReplace() throws SQLException {
        String preparesEverything = notes.database().appUrl() + "&prepareThreshold=1";
        try (TenantDataSource other =
                TenantDataSource.wrap(NotesDatabase.poolOfOne(preparesEverything, true), way.binding())) {
            assertThat(visibleTo(other, B)).containsExactly("of B");
            TenantContext.run(A, () -> {
                try (Connection connection = other.getConnection();
                        Statement statement = connection.createStatement()) {
                    statement.execute("""
                            DO $$ DECLARE prepared record; BEGIN
                                FOR prepared IN SELECT name FROM pg_prepared_statements LOOP
                                    EXECUTE format('DEALLOCATE %I', prepared.name);
                                    EXECUTE format('PREPARE %I(text) AS SELECT set_config(''tenancy.tenant_id'','
                                        || ' ''tenant-a'', false), pg_backend_pid() WHERE $1 IS NOT NULL', prepared.name);
                                END LOOP;
                            END $$
                            """);
                }
            });

            TenantContext.run(B, () -> {
                try (Connection connection = other.getConnection();
                        Statement statement = connection.createStatement();
                        ResultSet rows = statement.executeQuery("SELECT body FROM notes")) {
                    assertThat(rows.next()).isTrue();
                    assertThat(rows.getString(1)).isEqualTo("of B");
                }
            });
        }
    }

    private static int backendPid(Connection connection) throws SQLException {
        return connection
                .unwrap(TenantConnection.class)
                .physicalConnection()
                .unwrap(PGConnection.class)
                .getBackendPID();
    }

    @Test
    void withoutTenantNothingIsSeenAndNothingIsRefused() throws SQLException {
        try (Connection nobody = source.withoutTenant().getConnection()) {
            assertThat(nobody.isValid(1)).isTrue();
            assertThat(visibleOn(nobody)).isEmpty();
            assertThat(nobody.unwrap(TenantConnection.class).identity()).isEmpty();
            TenantContext.run(
                    A, () -> assertThat(visibleOn(nobody)).as("whoever asks").isEmpty());
            ((TenantDataSource) source.withoutTenant()).close();
            assertThat(pool.isClosed()).as("closing this view closes nothing").isFalse();
        }
    }

    @Test
    void aSuperusersPoolIsRefused() {
        try (TenantDataSource superuser =
                TenantDataSource.wrap(NotesDatabase.poolOfOne(notes.database().superuserUrl(), true), way.binding())) {
            assertThatThrownBy(() -> TenantContext.call(A, superuser::getConnection))
                    .isInstanceOf(SQLException.class)
                    .rootCause()
                    .hasMessageContaining("superuser");
        }
    }

    @Test
    void aPoolerThatSharesSessionsIsRefusedAndItsConnectionGivenBack() throws SQLException {
        AtomicInteger given = new AtomicInteger();
        TenantDataSource throughPooler =
                TenantDataSource.wrap(counting(new OtherSessionDataSource(pool).source(), given), way.binding());
        TenantDataSource refused = way == Way.SESSION ? throughPooler : throughPooler.untrusted();

        assertThatThrownBy(() -> TenantContext.call(A, refused::getConnection))
                .isInstanceOf(SQLException.class)
                .rootCause()
                .hasMessageContaining("pooler");

        assertThat(given).hasValue(1);
        assertThat(visibleTo(source, B)).as("the pool of one still works").containsExactly("of B");
    }

    @Test
    void otherUsersAndForeignTypesAreRefused() throws SQLException {
        assertThatThrownBy(() -> source.getConnection("postgres", "secret"))
                .isInstanceOf(SQLFeatureNotSupportedException.class)
                .hasMessageNotContaining("secret");
        assertThat(source.isWrapperFor(DataSource.class)).isTrue();
        assertThat(source.unwrap(TenantDataSource.class)).isSameAs(source);
        assertThat(source.isWrapperFor(HikariDataSource.class)).isFalse();
        assertThatThrownBy(() -> source.unwrap(HikariDataSource.class)).isInstanceOf(SQLException.class);
    }

    @Test
    void whatConcernsThePoolIsThePools() throws SQLException {
        assertThat(source.getLoginTimeout()).isEqualTo(pool.getLoginTimeout());
        assertThatThrownBy(() -> source.setLogWriter(null)).isInstanceOf(SQLFeatureNotSupportedException.class);
        assertThatThrownBy(source::getLogWriter).isInstanceOf(SQLFeatureNotSupportedException.class);
        assertThatThrownBy(source::getParentLogger).isInstanceOf(SQLFeatureNotSupportedException.class);
        source.close();
        assertThat(pool.isClosed()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void thePoolsOwnAutoCommitStaysAsItIs(boolean autoCommit) throws SQLException {
        try (TenantDataSource other = TenantDataSource.wrap(notes.poolOfOne(autoCommit), way.binding())) {
            for (int i = 0; i < 3; i++) {
                TenantContext.run(A, () -> {
                    try (Connection connection = other.getConnection()) {
                        assertThat(connection.getAutoCommit()).isEqualTo(autoCommit);
                        insert(connection, "a note " + System.nanoTime());
                    }
                });
            }
        }
    }

    private static long count(Statement statement, String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    private static void assertState(String state, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(SQLException.class)
                .extracting(failure -> ((SQLException) failure).getSQLState())
                .isEqualTo(state);
    }

    private static DataSource counting(DataSource source, AtomicInteger borrowed) {
        return intercepting(DataSource.class, (proxy, method, arguments) -> {
            if (method.getName().equals("getConnection")) {
                borrowed.incrementAndGet();
            }
            return method.invoke(source, arguments);
        });
    }

    private static <T> T intercepting(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(
                TenantDataSourceIT.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    try {
                        return handler.invoke(proxy, method, arguments);
                    } catch (InvocationTargetException failure) {
                        throw failure.getCause() == null ? failure : failure.getCause();
                    }
                }));
    }

    /** Looks as PgBouncer does: the driver was told another backend's process id than the one that answers. */
    private record OtherSessionDataSource(DataSource pool) {
        DataSource source() {
            return intercepting(DataSource.class, (proxy, method, arguments) -> {
                Object result = method.invoke(pool, arguments);
                return result instanceof Connection connection ? ofAnotherSession(connection) : result;
            });
        }

        private static Connection ofAnotherSession(Connection connection) {
            return intercepting(Connection.class, (proxy, method, arguments) -> {
                Object result = method.invoke(connection, arguments);
                return method.getName().equals("unwrap") && arguments[0] == BaseConnection.class
                        ? withAnotherPid((BaseConnection) result)
                        : result;
            });
        }

        private static BaseConnection withAnotherPid(BaseConnection driver) {
            return intercepting(
                    BaseConnection.class,
                    (proxy, method, arguments) -> method.getName().equals("getBackendPID")
                            ? Integer.MAX_VALUE
                            : method.invoke(driver, arguments));
        }
    }
}
