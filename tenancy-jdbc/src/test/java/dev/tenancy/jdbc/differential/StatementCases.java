package dev.tenancy.jdbc.differential;

import static dev.tenancy.jdbc.differential.Case.connection;
import static dev.tenancy.jdbc.differential.Case.statement;
import static dev.tenancy.jdbc.differential.Seen.done;
import static dev.tenancy.jdbc.differential.Seen.each;

import dev.tenancy.jdbc.Way;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.Set;

/** Statements that get their text when they are executed: results, attributes, and the wrong method. */
@SuppressWarnings("ReferenceEquality") // whether it is the same object is what is compared
final class StatementCases {
    private static final String SELECT = "SELECT id, body FROM things ORDER BY id";
    private static final String UPDATE = "UPDATE things SET body = 'changed' WHERE id < 3";

    static final List<Case> ALL = List.of(
            statement("executeQuery", s -> s.executeQuery(SELECT)),
            statement("executeUpdate", s -> s.executeUpdate(UPDATE)),
            statement("executeLargeUpdate", s -> s.executeLargeUpdate(UPDATE)),
            statement("executeUpdate of nothing", s -> s.executeUpdate("DELETE FROM things WHERE id = 99")),
            statement(
                    "execute of a query, and its results",
                    s -> each(
                            () -> s.execute(SELECT),
                            s::getUpdateCount,
                            s::getResultSet,
                            s::getMoreResults,
                            s::getResultSet,
                            s::getUpdateCount,
                            s::getLargeUpdateCount,
                            s::getMoreResults)),
            statement(
                    "execute of an update, and its results",
                    s -> each(
                            () -> s.execute(UPDATE),
                            s::getResultSet,
                            s::getUpdateCount,
                            s::getLargeUpdateCount,
                            s::getMoreResults,
                            s::getUpdateCount,
                            s::getResultSet)),
            statement("the same result set twice", s -> {
                s.execute(SELECT);
                ResultSet first = s.getResultSet();
                return each(
                        () -> first == s.getResultSet(),
                        first::next,
                        () -> s.getResultSet().getLong(1));
            }),
            statement("results closed by getMoreResults", s -> {
                ResultSet rows = s.executeQuery(SELECT);
                return each(s::getMoreResults, rows::isClosed, rows::next);
            }),
            statement("results kept by getMoreResults", s -> {
                ResultSet rows = s.executeQuery(SELECT);
                return each(() -> s.getMoreResults(Statement.KEEP_CURRENT_RESULT), rows::isClosed, rows::next);
            }),
            statement("getMoreResults(CLOSE_ALL_RESULTS)", s -> {
                ResultSet rows = s.executeQuery(SELECT);
                return each(() -> s.getMoreResults(Statement.CLOSE_ALL_RESULTS), rows::isClosed, s::getUpdateCount);
            }),
            statement("executed again, the former rows are closed", s -> {
                ResultSet rows = s.executeQuery(SELECT);
                s.executeQuery(SELECT);
                return each(rows::isClosed, rows::next);
            }),
            statement("an update closes the former rows", s -> {
                ResultSet rows = s.executeQuery(SELECT);
                s.executeUpdate(UPDATE);
                return each(rows::isClosed, s::getResultSet, s::getUpdateCount);
            }),
            statement(
                    "nothing executed yet",
                    s -> each(
                            s::getResultSet,
                            s::getUpdateCount,
                            s::getLargeUpdateCount,
                            s::getMoreResults,
                            s::getWarnings,
                            s::getGeneratedKeys)),
            statement("executeQuery of an update", s -> each(() -> s.executeQuery(UPDATE), s::getUpdateCount)),
            statement("executeUpdate of a query", s -> each(() -> s.executeUpdate(SELECT), s::getResultSet))
                    .differs(
                            "the rows of a query that was run as an update can be read all the same",
                            (way, start) -> way == Way.TRANSACTION && start != Start.IN_TRANSACTION),
            statement("executeLargeUpdate of a query", s -> each(() -> s.executeLargeUpdate(SELECT))),
            statement("executeQuery of an update that returns", s -> s.executeQuery(UPDATE + " RETURNING id, body")),
            statement("executeUpdate that returns", s -> each(() -> s.executeUpdate(UPDATE + " RETURNING id"))),
            statement(
                    "execute that returns",
                    s -> each(
                            () -> s.execute(UPDATE + " RETURNING id"),
                            s::getUpdateCount,
                            s::getResultSet,
                            s::getMoreResults,
                            s::getUpdateCount)),
            statement("executeQuery of SET", s -> each(() -> s.executeQuery("SET work_mem = '5MB'"))),
            statement("executeUpdate of SET", s -> each(() -> s.executeUpdate("SET work_mem = '5MB'"))),
            statement(
                    "SET and SHOW",
                    s -> each(
                            () -> s.execute("SET work_mem = '5MB'"), () -> s.executeQuery("SHOW work_mem"),
                            () -> s.execute("RESET work_mem"), () -> s.executeQuery("SHOW work_mem"))),
            statement(
                    "maxRows",
                    s -> each(
                            done(() -> s.setMaxRows(2)),
                            s::getMaxRows,
                            s::getLargeMaxRows,
                            () -> s.executeQuery(SELECT),
                            done(() -> s.setLargeMaxRows(1)),
                            () -> s.executeQuery(SELECT),
                            done(() -> s.setMaxRows(0)),
                            () -> s.executeQuery(SELECT))),
            statement(
                    "maxRows and an update",
                    s -> each(
                            done(() -> s.setMaxRows(1)), () -> s.executeUpdate(UPDATE), () -> s.executeQuery(SELECT))),
            statement(
                    "fetchSize",
                    s -> each(
                            done(() -> s.setFetchSize(2)),
                            s::getFetchSize,
                            () -> s.executeQuery(SELECT),
                            s::getFetchSize,
                            () -> s.executeQuery(SELECT).getFetchSize())),
            statement("fetchSize changed between rows", s -> {
                s.setFetchSize(1);
                ResultSet rows = s.executeQuery(SELECT);
                return each(
                        rows::next,
                        done(() -> rows.setFetchSize(2)),
                        rows::getFetchSize,
                        rows::next,
                        rows::next,
                        rows::next,
                        rows::isAfterLast);
            }),
            statement(
                    "attributes out of range",
                    s -> each(
                            done(() -> s.setMaxRows(-1)),
                            done(() -> s.setFetchSize(-1)),
                            done(() -> s.setQueryTimeout(-1)),
                            done(() -> s.setMaxFieldSize(-1)),
                            done(() -> s.setFetchDirection(7)))),
            statement(
                    "attributes",
                    s -> each(
                            s::getMaxRows,
                            s::getFetchSize,
                            s::getQueryTimeout,
                            s::getMaxFieldSize,
                            s::getFetchDirection,
                            s::getResultSetType,
                            s::getResultSetConcurrency,
                            s::getResultSetHoldability,
                            s::isPoolable,
                            s::isCloseOnCompletion,
                            s::isClosed)),
            statement(
                    "attributes set",
                    s -> each(
                            done(() -> s.setQueryTimeout(5)),
                            s::getQueryTimeout,
                            done(() -> s.setMaxFieldSize(2)),
                            s::getMaxFieldSize,
                            done(() -> s.setPoolable(true)),
                            s::isPoolable,
                            done(() -> s.setFetchDirection(ResultSet.FETCH_REVERSE)),
                            s::getFetchDirection,
                            done(() -> s.setCursorName("mine")),
                            () -> s.executeQuery(SELECT))),
            statement(
                    "maxFieldSize",
                    s -> each(
                            done(() -> s.setMaxFieldSize(1)),
                            () -> s.executeQuery("SELECT body, raw FROM things ORDER BY id"))),
            statement("closeOnCompletion", s -> {
                s.closeOnCompletion();
                ResultSet rows = s.executeQuery(SELECT);
                return each(
                        s::isCloseOnCompletion,
                        s::isClosed,
                        done(rows::close),
                        s::isClosed,
                        () -> s.executeQuery(SELECT));
            }),
            statement("closeOnCompletion after execution", s -> {
                ResultSet rows = s.executeQuery(SELECT);
                return each(done(s::closeOnCompletion), s::isCloseOnCompletion, done(rows::close), s::isClosed);
            }),
            statement(
                    "closeOnCompletion and an update",
                    s -> each(done(s::closeOnCompletion), () -> s.executeUpdate(UPDATE), s::isClosed)),
            statement(
                            "closed",
                            s -> each(
                                    done(s::close),
                                    s::isClosed,
                                    () -> s.executeQuery(SELECT),
                                    () -> s.executeUpdate(UPDATE),
                                    s::getResultSet,
                                    s::getUpdateCount,
                                    s::getMoreResults,
                                    s::getMaxRows,
                                    done(() -> s.setMaxRows(1)),
                                    s::getWarnings,
                                    done(s::clearWarnings),
                                    () -> s.getConnection() != null,
                                    s::getFetchSize,
                                    done(() -> s.addBatch(UPDATE)),
                                    s::executeBatch,
                                    done(s::cancel),
                                    done(s::close),
                                    s::isPoolable,
                                    s::isCloseOnCompletion,
                                    s::getGeneratedKeys,
                                    s::getResultSetType))
                    .differs(
                            "what the driver answers of a closed statement all the same is refused, as JDBC has it",
                            (way, start) -> true),
            statement("closed after execution", s -> {
                ResultSet rows = s.executeQuery(SELECT);
                s.close();
                return each(
                        s::isClosed, rows::isClosed, rows::next, s::getUpdateCount, s::getResultSet, s::getMoreResults);
            }),
            statement("closed after an update", s -> {
                s.executeUpdate(UPDATE);
                s.close();
                return each(s::isClosed, s::getUpdateCount, s::getResultSet, s::getMoreResults, s::getWarnings);
            }),
            statement("cancel of nothing", s -> each(done(s::cancel), () -> s.executeQuery(SELECT))),
            statement(
                    "warnings",
                    s -> each(
                            () -> s.executeQuery("SELECT notice('told')"),
                            s::getWarnings,
                            done(s::clearWarnings),
                            s::getWarnings)),
            statement(
                    "warnings of the one before are gone",
                    s -> each(
                            () -> s.executeQuery("SELECT notice('told')"),
                            () -> s.executeQuery(SELECT),
                            s::getWarnings)),
            statement(
                    "warnings of a block",
                    s -> each(() -> s.execute("DO $$ BEGIN RAISE NOTICE 'in a block'; END $$"), s::getWarnings)),
            statement(
                    "warnings of an update",
                    s -> each(
                            () -> s.executeUpdate("UPDATE things SET body = body WHERE notice(body) = 1 AND id = 1"),
                            s::getWarnings)),
            connection("warnings of the connection", c -> {
                try (Statement s = c.createStatement()) {
                    s.executeQuery("SELECT notice('told')");
                    return each(c::getWarnings, done(c::clearWarnings), c::getWarnings);
                }
            }),
            connection("statements lead to their connection", c -> {
                try (Statement s = c.createStatement();
                        ResultSet rows = s.executeQuery(SELECT)) {
                    return each(
                            () -> s.getConnection() == c,
                            () -> rows.getStatement() == s,
                            () -> Set.of(s).contains(s),
                            () -> s.isWrapperFor(Statement.class),
                            () -> s.unwrap(Statement.class) == s);
                }
            }),
            statement(
                    "a temporary table of one's own stays",
                    s -> each(
                            () -> s.execute("CREATE TEMPORARY TABLE mine (id int)"),
                            () -> s.executeUpdate("INSERT INTO mine VALUES (1)"),
                            () -> s.executeQuery("SELECT id FROM mine"))),
            statement(
                    "PREPARE and EXECUTE",
                    s -> each(
                            () -> s.execute("PREPARE mine(bigint) AS SELECT body FROM things WHERE id = $1"),
                            () -> s.executeQuery("EXECUTE mine(2)"),
                            () -> s.execute("DEALLOCATE mine"))),
            statement("EXPLAIN", s -> s.executeQuery("EXPLAIN (COSTS OFF) SELECT 1")),
            statement(
                    "VALUES and TABLE",
                    s -> each(() -> s.executeQuery("VALUES (1, 'a'), (2, 'b')"), () -> s.executeQuery("TABLE things"))),
            statement(
                    "WITH that writes",
                    s -> each(
                            () -> s.executeQuery(
                                    "WITH gone AS (DELETE FROM things RETURNING id) SELECT count(*) FROM gone"),
                            () -> s.executeQuery(SELECT))));

    private StatementCases() {}
}
