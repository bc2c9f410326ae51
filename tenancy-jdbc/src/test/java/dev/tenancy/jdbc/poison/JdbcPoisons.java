package dev.tenancy.jdbc.poison;

import static dev.tenancy.jdbc.poison.Poison.commit;
import static dev.tenancy.jdbc.poison.Poison.committed;
import static dev.tenancy.jdbc.poison.Poison.execute;

import dev.tenancy.jdbc.TenantConnection;
import dev.tenancy.jdbc.poison.Poison.Attack;
import dev.tenancy.jdbc.poison.Poison.Effect;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;

/** What JDBC lets one say of a connection, and what is done on the pool's connection beside the bound one. */
final class JdbcPoisons {
    private static final String BECOME_A = "SELECT set_config('tenancy.tenant_id', 'tenant-a', false)";
    private static final String INSERT = "INSERT INTO notes (body) VALUES ('of A, not committed')";

    private JdbcPoisons() {}

    static Stream<Poison> all() {
        return Stream.concat(onTheConnection(), onThePoolsConnection());
    }

    private static Stream<Poison> onTheConnection() {
        return Stream.of(
                may("JDBC read-only", connection -> connection.setReadOnly(true)),
                may("JDBC read-only, and used", connection -> {
                    connection.setReadOnly(true);
                    execute(connection, "SELECT 1");
                    commit(connection);
                }),
                may(
                        "JDBC serializable",
                        connection -> connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE)),
                may("JDBC schema", connection -> {
                    execute(connection, "CREATE TABLE workshop.notes (tenant_id text, id bigint, body text)");
                    commit(connection);
                    connection.setSchema("workshop");
                    commit(connection);
                }),
                harming("JDBC client info", connection -> {
                    connection.setClientInfo("ApplicationName", "of A");
                    commit(connection);
                }),
                harming("JDBC client info as properties", connection -> {
                    Properties properties = new Properties();
                    properties.setProperty("ApplicationName", "of A");
                    connection.setClientInfo(properties);
                    commit(connection);
                }),
                harming(
                        "JDBC holdability",
                        connection -> connection.setHoldability(ResultSet.HOLD_CURSORS_OVER_COMMIT)),
                harming("JDBC type map", connection -> connection.setTypeMap(Map.of("mood", String.class))),
                may("JDBC network timeout", connection -> connection.setNetworkTimeout(Runnable::run, 1_234_567)),
                may("JDBC autocommit the other way, with work", connection -> {
                    connection.setAutoCommit(!connection.getAutoCommit());
                    execute(connection, "UPDATE notes SET body = body");
                }),
                may("JDBC autocommit off, with work", connection -> {
                    connection.setAutoCommit(false);
                    execute(connection, INSERT);
                }),
                may("JDBC batch that is not executed", connection -> {
                    PreparedStatement left = connection.prepareStatement("INSERT INTO notes (body) VALUES (?)");
                    left.setString(1, "of A, in a batch");
                    left.addBatch();
                }),
                may("JDBC cursor that is left open", connection -> {
                    connection.setAutoCommit(false);
                    Statement left = connection.createStatement();
                    left.setFetchSize(1);
                    left.executeQuery("SELECT generate_series(1, 10)").next();
                }),
                may("JDBC cursor over a commit that is left open", connection -> {
                    connection.setAutoCommit(false);
                    Statement left = connection.createStatement(
                            ResultSet.TYPE_FORWARD_ONLY,
                            ResultSet.CONCUR_READ_ONLY,
                            ResultSet.HOLD_CURSORS_OVER_COMMIT);
                    left.setFetchSize(1);
                    left.executeQuery("SELECT generate_series(1, 10)").next();
                    connection.commit();
                }),
                may("JDBC savepoint that is left", connection -> {
                    connection.setAutoCommit(false);
                    connection.setSavepoint("left");
                    execute(connection, BECOME_A);
                }));
    }

    private static Stream<Poison> onThePoolsConnection() {
        return Stream.of(
                may("the pool's connection: set_config", connection -> {
                    execute(physical(connection), BECOME_A);
                    commit(physical(connection));
                }),
                harming("the pool's connection: BEGIN", connection -> execute(physical(connection), "BEGIN", INSERT)),
                harming("the pool's connection: a search path, and a commit", connection -> {
                    physical(connection).setAutoCommit(false);
                    execute(physical(connection), "SET search_path = pg_catalog");
                    physical(connection).commit();
                }),
                harming(
                        "the pool's connection: a type map",
                        connection -> physical(connection).setTypeMap(Map.of("mood", String.class))),
                harming("the pool's connection: a statement under the driver's next name", connection -> {
                    execute(
                            physical(connection),
                            "DO $$ BEGIN FOR i IN 1..300 LOOP BEGIN EXECUTE format('PREPARE %I AS SELECT 1', 'S_' || i);"
                                    + " EXCEPTION WHEN OTHERS THEN NULL; END; END LOOP; END $$");
                    commit(physical(connection));
                }),
                // At the first RESET ALL that it sees, the driver prepares everything again.
                new Poison(
                        "the pool's connection: all that was prepared is taken away",
                        Effect.MAY_HARM,
                        Poison.committing("SELECT 1"),
                        connection -> {
                            execute(physical(connection), "DO $$ BEGIN DEALLOCATE ALL; END $$");
                            commit(physical(connection));
                        }),
                committed("a text of several statements", "SELECT 1; " + BECOME_A + "; SET TimeZone = 'Asia/Tokyo'"));
    }

    /** What the pool gave. */
    static Connection physical(Connection connection) throws SQLException {
        return connection.isWrapperFor(TenantConnection.class)
                ? connection.unwrap(TenantConnection.class).physicalConnection()
                : connection;
    }

    private static Poison harming(String name, Attack attack) {
        return new Poison(name, Effect.HARMS, attack);
    }

    private static Poison may(String name, Attack attack) {
        return new Poison(name, Effect.MAY_HARM, attack);
    }
}
