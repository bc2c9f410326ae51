package dev.tenancy.jdbc.differential;

import static dev.tenancy.jdbc.differential.Case.connection;
import static dev.tenancy.jdbc.differential.Case.statement;
import static dev.tenancy.jdbc.differential.Seen.done;
import static dev.tenancy.jdbc.differential.Seen.each;

import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Result sets: how one moves in them, and writes by way of them. */
final class RowCases {
    private static final String SELECT = "SELECT tenant_id, id, body FROM things ORDER BY id";

    static final List<Case> ALL = List.of(
            forward(
                    "moving forward only",
                    rows -> each(
                            rows::isBeforeFirst,
                            rows::getRow,
                            rows::next,
                            rows::isFirst,
                            rows::getRow,
                            rows::previous,
                            rows::first,
                            rows::last,
                            () -> rows.absolute(1),
                            done(rows::beforeFirst),
                            rows::next,
                            rows::next,
                            rows::isLast,
                            rows::next,
                            rows::isAfterLast,
                            rows::next,
                            () -> rows.getLong("id"))),
            scrollable(
                    "moving anywhere",
                    rows -> each(
                            rows::last,
                            rows::getRow,
                            rows::isLast,
                            rows::first,
                            () -> rows.absolute(-1),
                            () -> rows.getLong("id"),
                            () -> rows.absolute(2),
                            () -> rows.relative(-1),
                            () -> rows.getLong("id"),
                            rows::previous,
                            rows::isBeforeFirst,
                            () -> rows.absolute(0),
                            () -> rows.absolute(99),
                            rows::isAfterLast,
                            done(rows::afterLast),
                            rows::previous,
                            () -> rows.getLong("id"),
                            done(() -> rows.setFetchDirection(ResultSet.FETCH_REVERSE)),
                            rows::getFetchDirection)),
            forward(
                    "attributes of rows",
                    rows -> each(
                            rows::getType,
                            rows::getConcurrency,
                            rows::getHoldability,
                            rows::getFetchSize,
                            rows::getFetchDirection,
                            rows::getWarnings,
                            rows::getCursorName,
                            rows::isClosed,
                            rows::rowUpdated,
                            rows::rowInserted,
                            rows::rowDeleted)),
            forward(
                    "a column that is not there",
                    rows -> each(
                            rows::next,
                            () -> rows.getString("nowhere"),
                            () -> rows.getString(0),
                            () -> rows.getString(99),
                            () -> rows.findColumn("nowhere"),
                            () -> rows.findColumn("BODY"))),
            forward("before the first row", rows -> each(() -> rows.getString(1), rows::wasNull)),
            forward(
                    "closed rows",
                    rows -> each(
                            done(rows::close),
                            rows::isClosed,
                            rows::next,
                            () -> rows.getString(1),
                            rows::getMetaData,
                            rows::getStatement,
                            rows::getRow,
                            () -> rows.findColumn("id"),
                            rows::getType,
                            done(rows::close))),
            forward("columns of rows", rows -> PreparedCases.columns(rows.getMetaData())),
            forward(
                    "writing what is read only",
                    rows -> each(
                            rows::next,
                            done(() -> rows.updateString("body", "x")),
                            done(rows::updateRow),
                            done(rows::deleteRow),
                            done(rows::moveToInsertRow),
                            done(rows::refreshRow))),
            updatable(
                    "updateRow",
                    SELECT,
                    rows -> each(
                            rows::next,
                            done(() -> rows.updateString("body", "x")),
                            () -> rows.getString("body"),
                            done(rows::updateRow),
                            () -> rows.getString("body"),
                            rows::rowUpdated,
                            rows::next)),
            updatable(
                    "updateRow of several columns",
                    "SELECT * FROM things ORDER BY id",
                    rows -> each(
                            rows::next,
                            done(() -> rows.updateNull("flag")),
                            done(() -> rows.updateInt("int", 42)),
                            done(() -> rows.updateBytes("raw", new byte[] {1})),
                            done(() -> rows.updateObject("doc", "{}")),
                            done(rows::updateRow),
                            () -> rows.getInt("int"))),
            updatable("updateRow with nothing changed", SELECT, rows -> each(rows::next, done(rows::updateRow))),
            updatable(
                    "cancelRowUpdates",
                    SELECT,
                    rows -> each(
                            rows::next,
                            done(() -> rows.updateString("body", "x")),
                            done(rows::cancelRowUpdates),
                            () -> rows.getString("body"))),
            updatable(
                    "deleteRow",
                    SELECT,
                    rows -> each(
                            rows::next,
                            done(rows::deleteRow),
                            rows::rowDeleted,
                            rows::next,
                            () -> rows.getString("body"))),
            updatable(
                    "insertRow",
                    SELECT,
                    rows -> each(
                            done(rows::moveToInsertRow),
                            done(() -> rows.updateString("tenant_id", "tenant-a")),
                            done(() -> rows.updateLong("id", 10)),
                            done(() -> rows.updateString("body", "new")),
                            done(rows::insertRow),
                            done(rows::moveToCurrentRow),
                            rows::next,
                            () -> rows.getString("body"))),
            updatable(
                    "insertRow twice the same",
                    SELECT,
                    rows -> each(
                            done(rows::moveToInsertRow),
                            done(() -> rows.updateString("tenant_id", "tenant-a")),
                            done(() -> rows.updateLong("id", 1)),
                            done(() -> rows.updateString("body", "new")),
                            done(rows::insertRow))),
            updatable(
                    "insertRow for another tenant",
                    SELECT,
                    rows -> each(
                            done(rows::moveToInsertRow),
                            done(() -> rows.updateString("tenant_id", "tenant-b")),
                            done(() -> rows.updateLong("id", 10)),
                            done(rows::insertRow))),
            updatable(
                    "refreshRow",
                    SELECT,
                    rows -> each(rows::next, done(rows::refreshRow), () -> rows.getString("body"))),
            updatable(
                    "without a key",
                    "SELECT body FROM things",
                    rows -> each(rows::next, done(() -> rows.updateString("body", "x")), done(rows::updateRow))),
            updatable(
                    "of a join",
                    "SELECT a.id, b.body FROM things a, things b",
                    rows -> each(rows::next, done(() -> rows.updateString("body", "x")))),
            updatable("attributes of updatable rows", SELECT, rows -> each(rows::getType, rows::getConcurrency)),
            connection("rows after commit", c -> {
                try (Statement s = c.createStatement();
                        ResultSet rows = s.executeQuery(SELECT)) {
                    return each(rows::next, done(c::commit), rows::next, () -> rows.getLong("id"), rows::isClosed);
                }
            }),
            connection("rows with a fetch size after commit", c -> {
                try (Statement s = c.createStatement()) {
                    s.setFetchSize(1);
                    ResultSet rows = s.executeQuery(SELECT);
                    return each(rows::next, done(c::commit), rows::next, () -> rows.getLong("id"));
                }
            }),
            connection("rows that are held over commit", c -> {
                try (Statement s = c.createStatement(
                        ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY, ResultSet.HOLD_CURSORS_OVER_COMMIT)) {
                    s.setFetchSize(1);
                    ResultSet rows = s.executeQuery(SELECT);
                    return each(
                            rows::getHoldability, rows::next, done(c::commit), rows::next, () -> rows.getLong("id"));
                }
            }),
            connection("two result sets at once, read in turns", c -> {
                try (Statement one = c.createStatement();
                        Statement other = c.createStatement()) {
                    one.setFetchSize(1);
                    other.setFetchSize(1);
                    ResultSet first = one.executeQuery(SELECT);
                    ResultSet second = other.executeQuery(SELECT);
                    return each(
                            first::next,
                            second::next,
                            first::next,
                            second::next,
                            first::next,
                            second::next,
                            first::next,
                            second::next);
                }
            }),
            statement(
                    "a positioned update",
                    s -> each(
                            done(() -> s.setCursorName("mine")),
                            () -> s.executeQuery(SELECT).next(),
                            () -> s.executeUpdate("UPDATE things SET body = 'x' WHERE CURRENT OF mine"))));

    private RowCases() {}

    @FunctionalInterface
    private interface Calls {
        @Nullable
        Object on(ResultSet rows) throws Exception;
    }

    private static Case forward(String name, Calls calls) {
        return rows(name, SELECT, ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY, calls);
    }

    private static Case scrollable(String name, Calls calls) {
        return rows(name, SELECT, ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_READ_ONLY, calls);
    }

    /** Ends with what is in the table then. */
    private static Case updatable(String name, String sql, Calls calls) {
        return rows("updatable, " + name, sql, ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_UPDATABLE, rows -> {
            Object seen = calls.on(rows);
            try (Statement s = rows.getStatement().getConnection().createStatement()) {
                return List.of(
                        String.valueOf(seen), Seen.outcome(() -> s.executeQuery("SELECT * FROM things ORDER BY id")));
            }
        });
    }

    private static Case rows(String name, String sql, int type, int concurrency, Calls calls) {
        return connection(name, c -> {
            try (Statement s = c.createStatement(type, concurrency);
                    ResultSet rows = s.executeQuery(sql)) {
                return calls.on(rows);
            }
        });
    }
}
