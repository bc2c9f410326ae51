package dev.tenancy.jdbc.poison;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Stream;

/**
 * Something that A does on the connection that B gets next.
 *
 * @param name what it is, with its number in the threat model
 * @param effect what it does without protection
 * @param earlier what A did when it had a connection before, before B came
 * @param attack what A does right before B comes again
 */
record Poison(String name, Effect effect, Attack earlier, Attack attack) {

    /** What comes of it without protection. */
    enum Effect {
        /** B is harmed. */
        HARMS,
        /** B may be harmed: by this alone it is not, or not by every version of PostgreSQL. */
        MAY_HARM,
        /** PostgreSQL does not let A do it. */
        DENIED
    }

    /** What A does. */
    @FunctionalInterface
    interface Attack {
        void on(Connection connection) throws SQLException;
    }

    Poison(String name, Effect effect, Attack attack) {
        this(name, effect, connection -> {}, attack);
    }

    /** The attack of a tenant that commits what it does. */
    static Poison committed(String name, String... statements) {
        return new Poison(name, Effect.HARMS, committing(statements));
    }

    static Attack committing(String... statements) {
        return connection -> {
            execute(connection, statements);
            commit(connection);
        };
    }

    Poison thatMayHarm() {
        return new Poison(name, Effect.MAY_HARM, earlier, attack);
    }

    Poison thatIsDenied() {
        return new Poison(name, Effect.DENIED, earlier, attack);
    }

    static void commit(Connection connection) throws SQLException {
        if (!connection.getAutoCommit()) {
            connection.commit();
        }
    }

    static void execute(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** All that are known, but for settings. */
    static Stream<Poison> all() {
        return Stream.of(
                        PreparedPoisons.all(),
                        ShadowPoisons.all(),
                        SearchPathPoisons.all(),
                        TransactionPoisons.all(),
                        SessionPoisons.all(),
                        JdbcPoisons.all())
                .flatMap(poisons -> poisons);
    }

    @Override
    public String toString() {
        return name;
    }
}
