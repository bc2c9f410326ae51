package dev.tenancy.jdbc;

import static dev.tenancy.jdbc.NotesDatabase.insert;
import static dev.tenancy.jdbc.NotesDatabase.visibleOn;
import static dev.tenancy.jdbc.NotesDatabase.visibleTo;
import static dev.tenancy.jdbc.NotesDatabase.withANoteOfEach;
import static dev.tenancy.jdbc.Tenants.A;
import static dev.tenancy.jdbc.Tenants.B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.tenancy.TenantContext;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.lang.reflect.Proxy;
import java.sql.Array;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.core.BaseConnection;

/** What becomes of a call that began before another thread closed the connection, and comes after it. */
@ParameterizedClass
@EnumSource
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LateCallsIT {
    private final Way way;

    @AutoClose
    private final NotesDatabase notes = new NotesDatabase();

    LateCallsIT(Way way) throws SQLException {
        this.way = way;
    }

    /** Something that may ask the server, and waits for whoever else does. */
    private enum Call {
        EXECUTE(connection -> {
            Statement statement = connection.createStatement();
            return () -> statement.execute("SELECT 1");
        }),
        CREATE(connection -> connection::createStatement),
        PREPARE(connection -> () -> connection.prepareStatement("SELECT 1")),
        PREPARE_CALL(connection -> () -> connection.prepareCall("{call now()}")),
        COMMIT(connection -> connection::commit),
        ROLLBACK(connection -> connection::rollback),
        ATTRIBUTE_OF_THE_CONNECTION(connection -> () -> connection.setTypeMap(Map.of())),
        CLIENT_INFO(connection -> () -> connection.setClientInfo("ApplicationName", "of A")),
        PHYSICAL_CONNECTION(connection -> {
            TenantConnection bound = connection.unwrap(TenantConnection.class);
            return bound::physicalConnection;
        }),
        METADATA(connection -> connection.getMetaData()::getMaxColumnNameLength),
        METADATA_AS_ROWS(connection -> connection.getMetaData()::getCatalogs),
        EXECUTE_PREPARED(connection -> connection.prepareStatement("SELECT 1")::executeQuery),
        PARAMETER(connection -> {
            PreparedStatement statement = connection.prepareStatement("SELECT ?::text");
            return () -> statement.setString(1, "of A");
        }),
        ATTRIBUTE_OF_A_STATEMENT(connection -> connection.prepareStatement("SELECT 1")::getFetchSize),
        PARAMETER_OF_A_CALL(connection -> {
            CallableStatement statement = connection.prepareCall("{call length(?)}");
            return () -> statement.setString(1, "of A");
        }),
        RESULT(connection -> connection.prepareStatement("SELECT 1")::getResultSet),
        MORE_RESULTS(connection -> connection.prepareStatement("SELECT 1")::getMoreResults),
        NEXT_ROW(connection -> rows(connection)::next),
        OBJECT_OF_A_ROW(connection -> {
            ResultSet rows = rows(connection);
            return () -> rows.getObject("body");
        }),
        CHANGE_OF_A_ROW(connection -> {
            ResultSet rows = rows(connection);
            return () -> rows.updateString("body", "changed");
        }),
        CHANGED_ROW(connection -> {
            ResultSet rows = rows(connection);
            rows.updateString("body", "changed");
            return rows::updateRow;
        }),
        DESCRIPTION(connection -> {
            ResultSetMetaData columns = rows(connection).getMetaData();
            return () -> columns.isNullable(1);
        }),
        ARRAY(connection -> {
            Array array = connection.createArrayOf("text", new String[] {"x"});
            return array::getArray;
        }),
        LARGE_OBJECT(connection -> largeObject(connection).getBlob(1)::length),
        BYTES_OF_A_LARGE_OBJECT(connection -> {
            InputStream bytes = largeObject(connection).getBlob(1).getBinaryStream();
            return bytes::read;
        }),
        BYTES_FOR_A_LARGE_OBJECT(connection -> {
            OutputStream bytes = largeObject(connection).getBlob(1).setBinaryStream(1);
            return bytes::flush;
        }),
        CHARACTERS_OF_A_LARGE_OBJECT(connection -> {
            Reader characters = largeObject(connection).getClob(1).getCharacterStream();
            return characters::read;
        });

        @SuppressWarnings("ImmutableEnumChecker") // it has no state
        private final Beginning beginning;

        Call(Beginning beginning) {
            this.beginning = beginning;
        }

        /** The call, when what is before it is done. */
        ThrowingCallable on(Connection connection) throws SQLException {
            return beginning.of(connection);
        }

        private interface Beginning {
            ThrowingCallable of(Connection connection) throws SQLException;
        }

        private static ResultSet rows(Connection connection) throws SQLException {
            ResultSet rows = connection
                    .createStatement(ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_UPDATABLE)
                    .executeQuery("SELECT tenant_id, id, body FROM notes");
            rows.next();
            return rows;
        }

        private static ResultSet largeObject(Connection connection) throws SQLException {
            ResultSet row = connection.createStatement().executeQuery("SELECT lo_from_bytea(0, 'of A')");
            row.next();
            return row;
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCallThatWaitsWhenTheConnectionIsClosedIsRefused(Call call) throws Exception {
        try (HikariDataSource pool = notes.poolOfOne(false)) {
            TenantDataSource source = withANoteOfEach(pool, way.binding());
            Connection connection = TenantContext.call(A, source::getConnection);
            ThrowingCallable begun = TenantContext.call(A, () -> call.on(connection));
            FutureTask<String> late = new FutureTask<>(() -> TenantContext.call(A, () -> {
                assertThatThrownBy(begun).satisfies(LateCallsIT::saysThatItIsClosed);
                return "refused";
            }));
            Thread waiting = new Thread(late);
            FutureTask<String> closed = new FutureTask<>(() -> {
                connection.close();
                return "closed";
            });
            try (BoundConnection.Hold held = holdOf(connection)) {
                waiting.start();
                while (waiting.getState() != Thread.State.WAITING && waiting.isAlive()) {
                    Thread.onSpinWait();
                }
                new Thread(closed).start();
                while (!connection.isClosed()) {
                    Thread.onSpinWait();
                }
            }
            assertThat(late.get()).isEqualTo("refused");
            assertThat(closed.get()).isEqualTo("closed");
            assertThat(visibleTo(source, B)).containsExactly("of B");
        }
    }

    private static BoundConnection.Hold holdOf(Connection connection) throws SQLException {
        return ((BoundConnection) Proxy.getInvocationHandler(connection)).hold();
    }

    private static void saysThatItIsClosed(Throwable failure) {
        Throwable refusal = failure instanceof SQLException ? failure : failure.getCause();
        assertThat(refusal)
                .isInstanceOfSatisfying(
                        SQLException.class,
                        told -> assertThat(told.getSQLState()).isEqualTo("08003"));
    }

    @Test
    void aCallThatComesAfterTheNextHasTheSessionIsRefusedAndTheNextHasItForItself() throws Exception {
        Pause pause = new Pause();
        try (OneConnection one = new OneConnection(notes.database().appUrl())) {
            TenantDataSource source = withANoteOfEach(pause.beforeTextsAreRead(one.pool()), way.binding());
            Connection ofA = TenantContext.call(A, source::getConnection);
            Statement statement = TenantContext.call(A, ofA::createStatement);
            FutureTask<String> late = new FutureTask<>(() -> TenantContext.call(A, () -> {
                assertThatThrownBy(() -> statement.executeQuery("SELECT body FROM notes"))
                        .satisfies(LateCallsIT::saysThatItIsClosed);
                assertThatThrownBy(ofA::commit).satisfies(LateCallsIT::saysThatItIsClosed);
                return "refused";
            }));
            pause.begin(late);
            ofA.close();
            TenantContext.run(B, () -> {
                try (Connection ofB = source.getConnection()) {
                    ofB.setAutoCommit(false);
                    insert(ofB, "not committed");
                    pause.end();
                    assertThat(late.get()).isEqualTo("refused");
                    assertThat(visibleOn(ofB)).containsExactly("not committed", "of B");
                }
            });
            assertThat(visibleTo(source, B)).containsExactly("of B");
            assertThat(visibleTo(source, A)).containsExactly("of A");
        }
    }

    /** Keeps a thread between where its call is let in, and where it waits for whoever else uses the connection. */
    private static final class Pause {
        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch ended = new CountDownLatch(1);
        private volatile Thread paused = new Thread();

        void begin(Runnable call) throws InterruptedException {
            paused = new Thread(call);
            paused.start();
            assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
        }

        void end() {
            ended.countDown();
        }

        /** The same pool, in whose connections the one thread pauses when the driver is asked how it reads texts. */
        DataSource beforeTextsAreRead(DataSource pool) throws SQLException {
            Connection connection = pool.getConnection();
            BaseConnection driver = connection.unwrap(BaseConnection.class);
            BaseConnection slow = OneConnection.standingFor(BaseConnection.class, (proxy, method, arguments) -> {
                if (method.getName().equals("getStandardConformingStrings") && Thread.currentThread() == paused) {
                    begun.countDown();
                    assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
                }
                return method.invoke(driver, arguments);
            });
            Connection reused = OneConnection.standingFor(
                    Connection.class,
                    (proxy, method, arguments) ->
                            method.getName().equals("unwrap") && arguments[0] == BaseConnection.class
                                    ? slow
                                    : method.invoke(connection, arguments));
            return OneConnection.standingFor(DataSource.class, (proxy, method, arguments) -> reused);
        }
    }
}
