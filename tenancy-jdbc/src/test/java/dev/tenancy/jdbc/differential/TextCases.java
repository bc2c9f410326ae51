package dev.tenancy.jdbc.differential;

import static dev.tenancy.jdbc.differential.Case.connection;
import static dev.tenancy.jdbc.differential.Case.statement;
import static dev.tenancy.jdbc.differential.Seen.done;
import static dev.tenancy.jdbc.differential.Seen.each;

import dev.tenancy.jdbc.Way;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/** Ways to write a text: comments, semicolons, quotes, operators, escapes of JDBC, and several statements. */
final class TextCases {
    private static final List<String> TEXTS = List.of(
            "",
            " ",
            ";",
            ";;",
            "-- a comment",
            "/* a comment */",
            "/* not closed",
            "SELECT 1;",
            "SELECT 1;;",
            "SELECT 1; ;",
            ";SELECT 1",
            "SELECT 1 -- the end",
            "SELECT 1 /* the end */",
            "-- first\nSELECT 1",
            "/* first /* nested */ */ SELECT 1",
            "SELECT ';', $$;$$, $a$ ; $$ $a$, \"id\" FROM things WHERE id = 1",
            "SELECT E'\\';', U&'\\0041', B'101', X'1F'",
            "SELECT 'not closed",
            "SELECT \"not closed",
            "SELECT $$not closed",
            "SELECT (1",
            "SELECT 1)",
            "SELECT doc ? 'a' FROM things WHERE id = 1",
            "SELECT doc ?| array['a', 'b'] FROM things WHERE id = 1",
            "SELECT doc ?? 'a' FROM things WHERE id = 1",
            "SELECT body FROM things WHERE id = ?",
            "SELECT body FROM things WHERE id = $1",
            "SELECT {fn upper(body)} FROM things WHERE id = 1",
            "SELECT {fn concat(body, '{fn x}')}, {d '2020-01-02'}, {t '03:04:05'}, {ts '2020-01-02 03:04:05'} FROM things",
            "SELECT {fn ucase('a')}, {fn now()} IS NOT NULL",
            "SELECT * FROM {oj things a LEFT OUTER JOIN things b ON a.id = b.id} WHERE a.id = 1",
            "SELECT body FROM things WHERE body LIKE 'o|%' {escape '|'}",
            "SELECT {fn nowhere(1)}",
            "SELECT {x}",
            "INSERT INTO things (id) VALUES (10); SELECT id FROM things ORDER BY id",
            "SELECT 1; SELECT 2; SELECT 3",
            "UPDATE things SET body = 'x' WHERE id = 1; DELETE FROM things WHERE id = 2; SELECT count(*) FROM things;",
            "SELECT 1; -- the end",
            "SELECT 1; /* the end */",
            "SELECT 1; SELECT 1 / 0; SELECT 2",
            "SELECT 1; SELEC 2",
            "SELECT 1\n;\nSELECT 2\n",
            "CREATE TEMPORARY TABLE made (id int); INSERT INTO made VALUES (1); SELECT * FROM made",
            "SET work_mem = '5MB'; SHOW work_mem",
            "DO $$ BEGIN PERFORM 1; END $$",
            "SELECT id, body, id AS body FROM things ORDER BY 1",
            "select 1 union all (select 2) order by 1",
            "(SELECT 1)",
            "((SELECT 1) UNION (SELECT 2)) ORDER BY 1",
            "SELECT 1 AS \"a;b\"",
            "LISTEN something",
            "NOTIFY something, 'told'",
            "SELECT pg_notify('something', 'told')",
            "LOCK TABLE things IN ROW EXCLUSIVE MODE",
            "SELECT",
            "INSERT INTO things DEFAULT VALUES",
            "INSERT INTO things (id) VALUES (1) ON CONFLICT DO NOTHING",
            "MERGE INTO things USING (VALUES (1)) AS v (id) ON things.id = v.id WHEN MATCHED THEN DELETE");

    static final List<Case> ALL = Stream.of(
                    TEXTS.stream().map(TextCases::executed),
                    TEXTS.stream().map(TextCases::queried),
                    TEXTS.stream().map(TextCases::preparedAndExecuted),
                    special().stream())
            .flatMap(stream -> stream)
            .toList();

    private TextCases() {}

    private static Case known(String sql, Case unknown) {
        return sql.startsWith("SELECT 1; ") && sql.contains("the end")
                ? unknown.differs(
                        "for the driver a comment behind the last semicolon is another statement, which is empty",
                        (way, start) -> way == Way.TRANSACTION)
                : unknown;
    }

    private static Case executed(String sql) {
        return known(sql, statement("execute: " + sql, s -> results(s, () -> s.execute(sql))));
    }

    private static Case queried(String sql) {
        return known(sql, statement("executeQuery: " + sql, s -> each(() -> s.executeQuery(sql))));
    }

    private static Case preparedAndExecuted(String sql) {
        return known(sql, connection("prepared: " + sql, c -> {
            try (PreparedStatement s = c.prepareStatement(sql)) {
                List<String> seen = new ArrayList<>(results(s, s::execute));
                seen.addAll(results(s, s::execute));
                seen.addAll(each(s::executeQuery));
                return seen;
            }
        }));
    }

    /** All results, one after the other. */
    static List<String> results(Statement s, Callable<?> execute) {
        List<String> seen = new ArrayList<>(each(execute));
        for (int i = 0; i < 6; i++) {
            seen.addAll(each(s::getResultSet, s::getUpdateCount, s::getMoreResults));
        }
        return seen;
    }

    private static List<Case> special() {
        return List.of(
                statement(
                        "null text",
                        s -> each(
                                () -> s.executeQuery(null),
                                () -> s.execute(null),
                                () -> s.executeUpdate(null),
                                done(() -> s.addBatch(null)))),
                connection(
                        "null text prepared",
                        c -> each(
                                () -> c.prepareStatement(null),
                                () -> c.prepareCall(null),
                                () -> c.nativeSQL("{d '2020-01-02'}"))),
                statement(
                        "without escape processing",
                        s -> each(
                                done(() -> s.setEscapeProcessing(false)),
                                () -> s.executeQuery("SELECT {fn upper('a')}"))),
                statement(
                        "without escape processing, and with it again",
                        s -> each(
                                done(() -> s.setEscapeProcessing(false)),
                                done(() -> s.setEscapeProcessing(true)),
                                () -> s.executeQuery("SELECT {fn upper('a')}"))),
                statement("a text with 300 statements", s -> results(s, () -> s.execute("SELECT 1;".repeat(300)))),
                statement("a long text", s -> s.executeQuery("SELECT '" + "x".repeat(100_000) + "'")),
                connection("the same text again and again", c -> {
                    List<String> seen = new ArrayList<>();
                    for (int i = 0; i < 12; i++) {
                        try (Statement s = c.createStatement();
                                ResultSet rows = s.executeQuery("SELECT id FROM things ORDER BY id")) {
                            rows.next();
                            seen.add(rows.getString(1));
                        }
                    }
                    return seen;
                }));
    }
}
