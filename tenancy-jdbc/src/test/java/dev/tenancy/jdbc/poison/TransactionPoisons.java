package dev.tenancy.jdbc.poison;

import static dev.tenancy.jdbc.poison.Poison.execute;

import dev.tenancy.jdbc.poison.Poison.Attack;
import dev.tenancy.jdbc.poison.Poison.Effect;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.stream.Stream;

/** B2, B6, S3: transactions that are left open, failed, or undone, by the driver and behind its back. */
final class TransactionPoisons {
    private static final String BECOME_A = "SELECT set_config('tenancy.tenant_id', 'tenant-a', false)";
    private static final String INSERT = "INSERT INTO notes (body) VALUES ('of A, not committed')";
    private static final String FAIL = "SELECT 1 / 0";

    private TransactionPoisons() {}

    static Stream<Poison> all() {
        return Stream.of(
                harming("B6 BEGIN in SQL is left open", connection -> execute(connection, "BEGIN", INSERT)),
                harming("B6 BEGIN READ ONLY is left open", connection -> execute(connection, "BEGIN READ ONLY")),
                harming(
                        "B6 START TRANSACTION is left open, with a setting of its own",
                        connection -> execute(
                                connection,
                                "START TRANSACTION ISOLATION LEVEL SERIALIZABLE",
                                "SET LOCAL TimeZone = 'Asia/Tokyo'")),
                harming("B6 BEGIN in SQL has failed", connection -> {
                    execute(connection, "BEGIN", INSERT);
                    fail(connection);
                }),
                harming(
                        "B6 COMMIT AND CHAIN leaves a transaction open",
                        connection -> execute(connection, "BEGIN", BECOME_A, "COMMIT AND CHAIN")),
                harming(
                        "B6 ROLLBACK AND CHAIN leaves a transaction open",
                        connection -> execute(connection, "BEGIN", "ROLLBACK AND CHAIN")),
                harming(
                        "B6 a text that leaves a transaction open",
                        connection -> execute(connection, "BEGIN; " + INSERT)),
                may("B2 the tenant is set in a transaction that is committed", connection -> {
                    connection.setAutoCommit(false);
                    execute(connection, BECOME_A);
                    connection.commit();
                }),
                may("B2 the tenant is set in a transaction that is rolled back", connection -> {
                    connection.setAutoCommit(false);
                    execute(connection, BECOME_A, INSERT);
                    connection.rollback();
                }),
                may("B2 the tenant is set in a transaction that is left open", connection -> {
                    connection.setAutoCommit(false);
                    execute(connection, BECOME_A, INSERT);
                }),
                may("B2 the tenant is set in a transaction that has failed", connection -> {
                    connection.setAutoCommit(false);
                    execute(connection, BECOME_A, INSERT);
                    fail(connection);
                }),
                may("B2 the tenant is set before a savepoint, and the transaction goes on", connection -> {
                    connection.setAutoCommit(false);
                    execute(connection, BECOME_A);
                    connection.setSavepoint("here");
                    fail(connection);
                    execute(connection, "ROLLBACK TO SAVEPOINT here");
                    connection.commit();
                }),
                may("B2 the tenant is set after a savepoint that is rolled back to", connection -> {
                    connection.setAutoCommit(false);
                    execute(connection, INSERT);
                    connection.rollback(saved(connection, BECOME_A));
                }),
                may("S6 a transaction is made read-only, and left open", connection -> {
                    connection.setAutoCommit(false);
                    execute(connection, "SET TRANSACTION READ ONLY");
                }),
                may("S6 a setting of the transaction only", connection -> {
                    connection.setAutoCommit(false);
                    execute(connection, "SET LOCAL TimeZone = 'Asia/Tokyo'");
                    connection.commit();
                }),
                may("a lock on a table is held by an open transaction", connection -> {
                    connection.setAutoCommit(false);
                    execute(connection, "LOCK TABLE notes IN ROW EXCLUSIVE MODE");
                }),
                new Poison("P10 a prepared transaction", Effect.DENIED, connection -> {
                    connection.setAutoCommit(false);
                    execute(connection, INSERT, "PREPARE TRANSACTION 'of A'");
                }),
                may("B6 a procedure that commits, and sets the tenant", connection -> {
                    connection.setAutoCommit(true);
                    execute(
                            connection,
                            "CREATE PROCEDURE workshop.become() LANGUAGE plpgsql AS $$ BEGIN COMMIT; "
                                    + "PERFORM set_config('tenancy.tenant_id', 'tenant-a', false); COMMIT; END $$",
                            "CALL workshop.become()");
                }));
    }

    private static java.sql.Savepoint saved(Connection connection, String sql) throws SQLException {
        java.sql.Savepoint savepoint = connection.setSavepoint();
        execute(connection, sql);
        return savepoint;
    }

    private static void fail(Connection connection) throws SQLException {
        try {
            execute(connection, FAIL);
        } catch (SQLException expected) {
            if (!"22012".equals(expected.getSQLState())) {
                throw expected;
            }
        }
    }

    private static Poison harming(String name, Attack attack) {
        return new Poison(name, Effect.HARMS, attack);
    }

    private static Poison may(String name, Attack attack) {
        return new Poison(name, Effect.MAY_HARM, attack);
    }
}
