package dev.tenancy.jdbc.differential;

import dev.tenancy.jdbc.Way;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Calls of JDBC, and what can be seen of them.
 *
 * @param differs why what is seen is not the same, where it cannot be; empty if it must be the same
 * @param where in which way of binding, and from which start, it differs
 */
record Case(String name, Calls calls, String differs, BiPredicate<Way, Start> where) {

    /** What is done with a connection. */
    @FunctionalInterface
    interface Calls {
        @Nullable
        Object on(Connection connection) throws Exception;
    }

    /** What is done with a statement. */
    @FunctionalInterface
    interface StatementCalls {
        @Nullable
        Object on(Statement statement) throws Exception;
    }

    /** What is done with a prepared statement. */
    @FunctionalInterface
    interface PreparedCalls {
        @Nullable
        Object on(PreparedStatement statement) throws Exception;
    }

    static Case connection(String name, Calls calls) {
        return new Case(name, calls, "", (way, start) -> false);
    }

    /** Calls on a new statement. */
    static Case statement(String name, StatementCalls calls) {
        return connection(name, connection -> {
            try (Statement statement = connection.createStatement()) {
                return calls.on(statement);
            }
        });
    }

    /** Calls on a statement that was prepared for {@code sql}, which is the name too. */
    static Case prepared(String name, String sql, PreparedCalls calls) {
        return connection(name + ": " + sql, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                return calls.on(statement);
            }
        });
    }

    /** The same, known to differ by transaction. */
    Case differs(String why, BiPredicate<Way, Start> inWhich) {
        return new Case(name, calls, why, inWhich);
    }

    /** The same, known to differ where a statement has a transaction that it would not have alone. */
    Case differsInAutoCommit(String why) {
        return differs(why, (way, start) -> way == Way.TRANSACTION && start.autoCommit());
    }

    @Override
    public String toString() {
        return name;
    }
}
