package dev.tenancy.jdbc.differential;

import static dev.tenancy.jdbc.differential.Case.connection;
import static dev.tenancy.jdbc.differential.Seen.done;
import static dev.tenancy.jdbc.differential.Seen.each;

import java.sql.CallableStatement;
import java.sql.Types;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Calls of functions and procedures. */
final class CallCases {
    static final List<Case> ALL = List.of(
            call(
                    "a function",
                    "{? = call upper(?)}",
                    s -> each(
                            done(() -> s.registerOutParameter(1, Types.VARCHAR)),
                            done(() -> s.setString(2, "a")),
                            s::execute,
                            () -> s.getString(1),
                            s::wasNull,
                            () -> s.getObject(1),
                            s::getUpdateCount,
                            s::getMoreResults)),
            call("a function executed often", "{? = call upper(?)}", s -> {
                s.registerOutParameter(1, Types.VARCHAR);
                s.setString(2, "a");
                return each(
                        s::execute,
                        s::execute,
                        s::execute,
                        s::execute,
                        s::execute,
                        s::execute,
                        s::execute,
                        () -> s.getString(1));
            }),
            call(
                    "several out parameters",
                    "{call add_up(?, ?, ?, ?)}",
                    s -> each(
                            done(() -> s.setInt(1, 1)),
                            done(() -> s.setInt(2, 2)),
                            done(() -> s.registerOutParameter(3, Types.INTEGER)),
                            done(() -> s.registerOutParameter(4, Types.INTEGER)),
                            done(() -> s.setInt(4, 9)),
                            s::execute,
                            () -> s.getInt(3),
                            () -> s.getInt(4),
                            () -> s.getInt(1),
                            () -> s.getInt(9))),
            call(
                    "the wrong type",
                    "{? = call upper(?)}",
                    s -> each(
                            done(() -> s.registerOutParameter(1, Types.INTEGER)),
                            done(() -> s.setString(2, "a")),
                            s::execute,
                            () -> s.getInt(1))),
            call(
                    "no out parameter registered",
                    "{? = call upper(?)}",
                    s -> each(done(() -> s.setString(2, "a")), s::execute)),
            call(
                    "not executed yet",
                    "{? = call upper(?)}",
                    s -> each(done(() -> s.registerOutParameter(1, Types.VARCHAR)), () -> s.getString(1))),
            call(
                    "a query of a function",
                    "{call rows_of_things()}",
                    s -> each(s::executeQuery, s::execute, s::getResultSet)),
            call(
                            "a cursor",
                            "{? = call all_things()}",
                            s -> each(
                                    done(() -> s.registerOutParameter(1, Types.REF_CURSOR)),
                                    s::execute,
                                    () -> s.getObject(1)))
                    .differsInAutoCommit(
                            "a cursor of a function can be read, since its transaction has not ended when the driver reads it"),
            call(
                    "a procedure",
                    "call add_thing(?)",
                    s -> each(done(() -> s.setLong(1, 10)), s::execute, s::getUpdateCount, s::executeUpdate)),
            call(
                    "a procedure by the escape",
                    "{call add_thing(?)}",
                    s -> each(done(() -> s.setLong(1, 10)), s::execute)),
            call("a procedure that commits", "call add_and_commit()", s -> each(s::execute))
                    .differsInAutoCommit("a procedure cannot commit in the transaction that binds it (2D000)"),
            call(
                    "a function that is not there",
                    "{call nowhere(?)}",
                    s -> each(done(() -> s.setInt(1, 1)), s::execute)),
            call(
                    "parameter metadata",
                    "{? = call upper(?)}",
                    s -> each(() -> s.getParameterMetaData().getParameterCount())),
            call(
                    "closed",
                    "{? = call upper(?)}",
                    s -> each(
                            done(s::close),
                            s::isClosed,
                            s::execute,
                            done(() -> s.setString(2, "a")),
                            () -> s.getString(1))),
            call(
                    "parameters by name",
                    "{? = call upper(?)}",
                    s -> each(done(() -> s.setString("a", "b")), () -> s.getString("a"))),
            call(
                    "a query, not a call",
                    "SELECT id FROM things WHERE id = ?",
                    s -> each(done(() -> s.setLong(1, 1)), s::executeQuery, s::execute)),
            call(
                    "maxRows and fetchSize",
                    "{call rows_of_things()}",
                    s -> each(
                            done(() -> s.setMaxRows(2)),
                            s::executeQuery,
                            done(() -> s.setMaxRows(0)),
                            done(() -> s.setFetchSize(1)),
                            s::executeQuery,
                            s::getFetchSize)),
            call(
                    "a batch of calls",
                    "{call add_up(?, ?, 1)}",
                    s -> each(
                            done(() -> s.setInt(1, 1)),
                            done(() -> s.setInt(2, 1)),
                            done(s::addBatch),
                            s::executeBatch)));

    private CallCases() {}

    @FunctionalInterface
    private interface Calls {
        @Nullable
        Object on(CallableStatement statement) throws Exception;
    }

    private static Case call(String name, String sql, Calls calls) {
        return connection("call, " + name, c -> {
            try (CallableStatement s = c.prepareCall(sql)) {
                return calls.on(s);
            }
        });
    }
}
