package dev.tenancy.jdbc.differential;

import static dev.tenancy.jdbc.differential.Case.connection;
import static dev.tenancy.jdbc.differential.Case.statement;
import static dev.tenancy.jdbc.differential.Seen.done;
import static dev.tenancy.jdbc.differential.Seen.each;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;

/** What the server says of statements that fail, and what goes on afterwards. */
final class ErrorCases {
    private static final List<String> FAULTS = List.of(
            "SELECT 1 / 0",
            "SELEC 1",
            "SELECT nothing FROM things",
            "  \n SELECT id, body\n FROM things WHERE nothing = 1",
            "/* first */ SELECT nothing",
            ";SELECT nothing",
            "SELECT 1; SELECT nothing",
            "SELECT * FROM nowhere",
            "SELECT nowhere(1)",
            "SELECT 'x'::int",
            "SELECT body::int FROM things",
            "INSERT INTO things (id) VALUES (1)",
            "INSERT INTO things (id, body) VALUES (10, NULL)",
            "INSERT INTO things (id, tenant_id) VALUES (10, 'tenant-b')",
            "UPDATE things SET tenant_id = 'tenant-b'",
            "UPDATE things SET int = 1",
            "INSERT INTO things (id, num) VALUES (10, 1e20)",
            "DELETE FROM things WHERE id = 'x'",
            "SELECT set_config('work_mem', 'x', false)",
            "SET work_mem = 'x'",
            "SET nowhere = 1",
            "DROP TABLE things",
            "TRUNCATE things",
            "CREATE TABLE made (id int)",
            "DO 'BEGIN RAISE EXCEPTION ''told'' USING ERRCODE = ''TT001'', HINT = ''a hint'', DETAIL = ''a detail''; END'",
            "DO 'BEGIN PERFORM 1 / 0; END'",
            "EXECUTE nowhere",
            "FETCH ALL FROM nowhere",
            "RELEASE SAVEPOINT nowhere",
            "ROLLBACK TO SAVEPOINT nowhere",
            "COPY things FROM STDIN",
            "SELECT pg_terminate_backend(pg_backend_pid())");

    static final List<Case> ALL = Stream.of(
                    FAULTS.stream().map(ErrorCases::executed),
                    FAULTS.stream().map(ErrorCases::preparedAndExecuted),
                    Stream.of(
                            statement(
                                    "a statement timeout",
                                    s -> each(
                                            () -> s.execute("SET statement_timeout = 20"),
                                            () -> s.executeQuery("SELECT pg_sleep(30)"),
                                            () -> s.execute("RESET statement_timeout"))),
                            statement(
                                    "a query timeout",
                                    s -> each(
                                            done(() -> s.setQueryTimeout(1)),
                                            () -> s.executeQuery("SELECT pg_sleep(30)"),
                                            s::getQueryTimeout)),
                            connection("a failed transaction until its rollback", c -> {
                                try (Statement s = c.createStatement();
                                        PreparedStatement p = c.prepareStatement("SELECT id FROM things ORDER BY id")) {
                                    return each(
                                            p::executeQuery,
                                            () -> s.executeQuery("SELECT 1 / 0"),
                                            () -> s.executeQuery("SELECT 1"),
                                            p::executeQuery,
                                            () -> s.executeUpdate("UPDATE things SET body = 'x'"),
                                            done(c::commit),
                                            p::executeQuery,
                                            done(c::rollback),
                                            p::executeQuery);
                                }
                            }),
                            connection("a deferred constraint at commit", c -> {
                                try (Statement s = c.createStatement()) {
                                    return each(
                                            () -> s.executeUpdate("UPDATE things SET int = 1"),
                                            done(c::commit),
                                            done(c::commit),
                                            () -> s.executeQuery("SELECT int FROM things ORDER BY id"));
                                }
                            })))
            .flatMap(stream -> stream)
            .toList();

    private ErrorCases() {}

    private static Case executed(String sql) {
        return connection("error of execute: " + sql, c -> {
            try (Statement s = c.createStatement()) {
                return List.of(
                        each(
                                        () -> s.execute(sql),
                                        s::getUpdateCount,
                                        s::getResultSet,
                                        s::getMoreResults,
                                        s::getWarnings)
                                .toString(),
                        after(c));
            }
        });
    }

    private static Case preparedAndExecuted(String sql) {
        return connection("error of prepared: " + sql, c -> {
            try (PreparedStatement s = c.prepareStatement(sql)) {
                return List.of(
                        each(s::executeUpdate, s::executeQuery, s::getUpdateCount, s::getResultSet)
                                .toString(),
                        after(c));
            }
        });
    }

    private static String after(Connection c) throws SQLException {
        try (Statement s = c.createStatement()) {
            return each(
                            () -> s.executeQuery("SELECT id, body, int FROM things ORDER BY id"),
                            () -> {
                                if (!c.getAutoCommit()) {
                                    c.rollback();
                                }
                                return "rolled back";
                            },
                            () -> s.executeQuery("SELECT id, body, int FROM things ORDER BY id"))
                    .toString();
        } catch (SQLException closed) {
            return Seen.failure(closed);
        }
    }
}
