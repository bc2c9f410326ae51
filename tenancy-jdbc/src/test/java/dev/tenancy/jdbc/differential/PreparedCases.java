package dev.tenancy.jdbc.differential;

import static dev.tenancy.jdbc.differential.Case.connection;
import static dev.tenancy.jdbc.differential.Case.prepared;
import static dev.tenancy.jdbc.differential.Seen.done;
import static dev.tenancy.jdbc.differential.Seen.each;

import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;

/** Prepared statements: parameters at the wrong place, wrong methods, attributes, metadata, and use again and again. */
final class PreparedCases {
    private static final String SELECT = "SELECT id, body FROM things WHERE id >= ? ORDER BY id";
    private static final String UPDATE = "UPDATE things SET body = ? WHERE id = ?";

    static final List<Case> ALL = List.of(
            prepared("executeQuery", SELECT, s -> each(done(() -> s.setLong(1, 2)), s::executeQuery)),
            prepared(
                    "execute",
                    SELECT,
                    s -> each(
                            done(() -> s.setLong(1, 2)),
                            s::execute,
                            s::getUpdateCount,
                            s::getResultSet,
                            s::getMoreResults,
                            s::getUpdateCount,
                            s::getResultSet)),
            prepared(
                    "executeUpdate",
                    UPDATE,
                    s -> each(
                            done(() -> s.setString(1, "x")),
                            done(() -> s.setLong(2, 1)),
                            s::executeUpdate,
                            s::getUpdateCount,
                            s::getResultSet,
                            s::getMoreResults,
                            s::getUpdateCount)),
            prepared(
                    "executeLargeUpdate",
                    UPDATE,
                    s -> each(
                            done(() -> s.setString(1, "x")),
                            done(() -> s.setLong(2, 1)),
                            s::executeLargeUpdate,
                            s::getLargeUpdateCount)),
            prepared("missing parameter", SELECT, s -> each(s::executeQuery, s::execute, s::executeUpdate)),
            prepared(
                    "missing second parameter",
                    UPDATE,
                    s -> each(
                            done(() -> s.setString(1, "x")),
                            s::executeUpdate,
                            done(() -> s.setLong(2, 1)),
                            s::executeUpdate)),
            prepared(
                    "parameters out of range",
                    SELECT,
                    s -> each(
                            done(() -> s.setLong(0, 1)),
                            done(() -> s.setLong(2, 1)),
                            done(() -> s.setLong(-1, 1)),
                            done(() -> s.setNull(3, Types.INTEGER)),
                            done(() -> s.setObject(7, "x")),
                            s::executeQuery)),
            prepared(
                    "parameters of a text without any",
                    "SELECT 1",
                    s -> each(done(() -> s.setLong(1, 1)), done(() -> s.setString(0, "x")), s::executeQuery)),
            prepared(
                    "cleared parameters",
                    SELECT,
                    s -> each(
                            done(() -> s.setLong(1, 2)),
                            done(s::clearParameters),
                            s::executeQuery,
                            done(() -> s.setLong(1, 3)),
                            s::executeQuery)),
            prepared(
                    "parameters stay",
                    SELECT,
                    s -> each(done(() -> s.setLong(1, 3)), s::executeQuery, s::executeQuery)),
            prepared(
                    "methods of a plain statement",
                    SELECT,
                    s -> each(
                            () -> s.executeQuery("SELECT 1"),
                            () -> s.executeUpdate("SELECT 1"),
                            () -> s.execute("SELECT 1"),
                            done(() -> s.addBatch("SELECT 1")),
                            () -> s.executeLargeUpdate("SELECT 1"),
                            () -> s.execute("SELECT 1", Statement.RETURN_GENERATED_KEYS),
                            () -> s.executeUpdate("SELECT 1", new String[] {"id"}))),
            prepared(
                    "executeUpdate of a query",
                    SELECT,
                    s -> each(done(() -> s.setLong(1, 1)), s::executeUpdate, s::executeLargeUpdate)),
            prepared(
                    "executeQuery of an update",
                    UPDATE,
                    s -> each(
                            done(() -> s.setString(1, "x")),
                            done(() -> s.setLong(2, 1)),
                            s::executeQuery,
                            s::getUpdateCount)),
            prepared("closed after execution", SELECT, s -> {
                        s.setLong(1, 1);
                        ResultSet rows = s.executeQuery();
                        s.close();
                        return each(
                                s::isClosed,
                                rows::isClosed,
                                s::executeQuery,
                                s::execute,
                                done(() -> s.setLong(1, 1)),
                                done(s::clearParameters),
                                done(s::addBatch),
                                s::executeBatch,
                                s::getMetaData,
                                s::getParameterMetaData,
                                s::getUpdateCount,
                                s::getResultSet,
                                done(() -> s.setMaxRows(1)),
                                done(() -> s.setNull(1, Types.INTEGER)),
                                done(() -> s.setString(1, "x")),
                                s::getMaxRows);
                    })
                    .differs(
                            "what the driver answers of a closed statement all the same is refused, as JDBC has it",
                            (way, start) -> true),
            prepared(
                    "closed before it was executed",
                    SELECT,
                    s -> each(
                            done(s::close),
                            s::isClosed,
                            s::executeQuery,
                            done(() -> s.setLong(1, 1)),
                            s::getWarnings,
                            done(s::close))),
            prepared(
                    "maxRows",
                    SELECT,
                    s -> each(
                            done(() -> s.setLong(1, 1)),
                            done(() -> s.setMaxRows(1)),
                            s::executeQuery,
                            s::getMaxRows,
                            done(() -> s.setMaxRows(0)),
                            s::executeQuery)),
            prepared(
                    "fetchSize",
                    SELECT,
                    s -> each(
                            done(() -> s.setLong(1, 1)),
                            done(() -> s.setFetchSize(1)),
                            s::executeQuery,
                            s::getFetchSize,
                            s::executeQuery)),
            prepared(
                    "queryTimeout",
                    "SELECT pg_sleep(?)",
                    s -> each(
                            done(() -> s.setQueryTimeout(1)),
                            s::getQueryTimeout,
                            done(() -> s.setDouble(1, 0)),
                            s::execute,
                            done(() -> s.setDouble(1, 30)),
                            s::execute)),
            prepared("closeOnCompletion", SELECT, s -> {
                s.closeOnCompletion();
                s.setLong(1, 1);
                ResultSet rows = s.executeQuery();
                return each(s::isCloseOnCompletion, done(rows::close), s::isClosed, s::executeQuery);
            }),
            prepared(
                    "warnings",
                    "SELECT notice(?)",
                    s -> each(
                            done(() -> s.setString(1, "told")),
                            s::executeQuery,
                            s::getWarnings,
                            done(s::clearWarnings),
                            s::getWarnings)),
            prepared("metadata", SELECT, s -> columns(s.getMetaData())),
            prepared("metadata of an update", UPDATE, s -> each(s::getMetaData)),
            prepared(
                    "metadata of an update that returns",
                    UPDATE + " RETURNING id, body",
                    s -> columns(s.getMetaData())),
            prepared("metadata of all columns", "SELECT * FROM things", s -> columns(s.getMetaData())),
            prepared(
                    "metadata of an error",
                    "SELECT nothing FROM things",
                    s -> each(s::getMetaData, s::getParameterMetaData)),
            prepared(
                    "metadata, then executed",
                    SELECT,
                    s -> each(
                            () -> s.getMetaData().getColumnCount(),
                            done(() -> s.setLong(1, 1)),
                            s::executeQuery,
                            () -> s.getMetaData().getColumnCount(),
                            s::executeQuery)),
            prepared(
                    "parameter metadata",
                    "UPDATE things SET body = ?, num = ?, at = ?, tags = ? WHERE id = ?",
                    s -> parameters(s.getParameterMetaData())),
            prepared("parameter metadata after parameters", SELECT, s -> {
                s.setInt(1, 1);
                return parameters(s.getParameterMetaData());
            }),
            prepared("parameter metadata of none", "SELECT 1", s -> parameters(s.getParameterMetaData())),
            prepared("parameter metadata out of range", SELECT, s -> {
                ParameterMetaData parameters = s.getParameterMetaData();
                return each(() -> parameters.getParameterType(0), () -> parameters.getParameterType(2));
            }),
            prepared("executed often", SELECT, s -> {
                List<String> seen = new ArrayList<>();
                for (int i = 0; i < 12; i++) {
                    s.setLong(1, 1 + i % 3);
                    seen.addAll(each(s::executeQuery));
                }
                return seen;
            }),
            prepared(
                    "several statements",
                    "UPDATE things SET body = ? WHERE id = ?; SELECT body FROM things WHERE id >= ? ORDER BY id",
                    s -> {
                        s.setString(1, "x");
                        s.setLong(2, 1);
                        s.setLong(3, 1);
                        return TextCases.results(s, s::execute);
                    }),
            prepared(
                    "an operator with a question mark",
                    "SELECT doc ?? ? FROM things WHERE id = 1",
                    s -> each(done(() -> s.setString(1, "a")), s::executeQuery)),
            prepared(
                    "a parameter in parentheses, a literal and a comment",
                    "SELECT (?::int), '?' /* ? */, \"id\" -- ?\n FROM things",
                    s -> each(done(() -> s.setInt(1, 1)), done(() -> s.setInt(2, 1)), s::executeQuery)),
            prepared(
                    "escapes",
                    "SELECT {fn upper(?)}, {d '2020-01-02'}",
                    s -> each(done(() -> s.setString(1, "a")), s::executeQuery)),
            connection("prepared for a scrollable result", c -> {
                try (PreparedStatement s =
                        c.prepareStatement(SELECT, ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_READ_ONLY)) {
                    s.setLong(1, 1);
                    ResultSet rows = s.executeQuery();
                    return each(
                            s::getResultSetType,
                            s::getResultSetConcurrency,
                            rows::getType,
                            rows::last,
                            rows::getRow,
                            rows::first);
                }
            }),
            connection("prepared with holdability", c -> {
                try (PreparedStatement s = c.prepareStatement(
                        SELECT,
                        ResultSet.TYPE_FORWARD_ONLY,
                        ResultSet.CONCUR_READ_ONLY,
                        ResultSet.HOLD_CURSORS_OVER_COMMIT)) {
                    s.setLong(1, 1);
                    return each(s::getResultSetHoldability, s::executeQuery);
                }
            }),
            connection(
                    "prepared with types that are not there",
                    c -> each(
                            () -> c.prepareStatement(SELECT, 1, 2),
                            () -> c.createStatement(7, 8),
                            () -> c.prepareStatement(SELECT, 1003, 1007, 9))),
            connection("prepared before, executed after the transaction", c -> {
                try (PreparedStatement s = c.prepareStatement(SELECT)) {
                    s.setLong(1, 2);
                    return each(
                            s::executeQuery,
                            done(() -> c.setAutoCommit(!c.getAutoCommit())),
                            s::executeQuery,
                            done(() -> c.setAutoCommit(!c.getAutoCommit())),
                            s::executeQuery);
                }
            }),
            prepared("the table changes between executions", "SELECT * FROM changing WHERE id = ?", s -> {
                try (Statement other = s.getConnection().createStatement()) {
                    return each(
                            () -> other.execute("CREATE TEMPORARY TABLE changing AS SELECT 1 AS id"),
                            done(() -> s.setInt(1, 1)),
                            s::executeQuery,
                            s::executeQuery);
                }
            }));

    private PreparedCases() {}

    static List<String> columns(ResultSetMetaData columns) throws Exception {
        List<String> seen = new ArrayList<>();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            int column = i;
            seen.addAll(each(
                    () -> columns.getColumnName(column),
                    () -> columns.getColumnLabel(column),
                    () -> columns.getColumnType(column),
                    () -> columns.getColumnTypeName(column),
                    () -> columns.getColumnClassName(column),
                    () -> columns.getPrecision(column),
                    () -> columns.getScale(column),
                    () -> columns.isNullable(column),
                    () -> columns.isAutoIncrement(column),
                    () -> columns.getTableName(column),
                    () -> columns.getSchemaName(column),
                    () -> columns.getColumnDisplaySize(column),
                    () -> columns.isSigned(column),
                    () -> columns.isWritable(column),
                    () -> columns.isSearchable(column),
                    () -> columns.isCurrency(column),
                    () -> columns.isCaseSensitive(column),
                    () -> columns.getCatalogName(column)));
        }
        seen.addAll(each(() -> columns.getColumnName(0), () -> columns.getColumnName(99)));
        return seen;
    }

    private static List<String> parameters(ParameterMetaData parameters) throws Exception {
        List<String> seen = new ArrayList<>(each(parameters::getParameterCount));
        for (int i = 1; i <= parameters.getParameterCount(); i++) {
            int index = i;
            seen.addAll(each(
                    () -> parameters.getParameterType(index),
                    () -> parameters.getParameterTypeName(index),
                    () -> parameters.getParameterClassName(index),
                    () -> parameters.getParameterMode(index),
                    () -> parameters.isNullable(index),
                    () -> parameters.isSigned(index),
                    () -> parameters.getPrecision(index)));
        }
        return seen;
    }
}
