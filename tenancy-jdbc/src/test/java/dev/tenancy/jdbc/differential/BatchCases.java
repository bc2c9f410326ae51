package dev.tenancy.jdbc.differential;

import static dev.tenancy.jdbc.differential.Case.connection;
import static dev.tenancy.jdbc.differential.Case.prepared;
import static dev.tenancy.jdbc.differential.Case.statement;
import static dev.tenancy.jdbc.differential.Seen.done;
import static dev.tenancy.jdbc.differential.Seen.each;

import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.List;

/** Batches of texts and of parameters, and what is said of those that fail. */
final class BatchCases {
    private static final String INSERT = "INSERT INTO things (id, body) VALUES (?, ?)";

    static final List<Case> ALL = List.of(
            prepared(
                    "batch",
                    INSERT,
                    s -> each(
                            done(() -> add(s, 10)),
                            done(() -> add(s, 11)),
                            s::executeBatch,
                            s::getUpdateCount,
                            s::getResultSet,
                            s::executeBatch,
                            () -> all(s))),
            prepared(
                    "executeLargeBatch",
                    INSERT,
                    s -> each(done(() -> add(s, 10)), s::executeLargeBatch, s::getLargeUpdateCount)),
            prepared("empty batch", INSERT, s -> each(s::executeBatch, s::executeLargeBatch)),
            prepared(
                    "cleared batch",
                    INSERT,
                    s -> each(done(() -> add(s, 10)), done(s::clearBatch), s::executeBatch, () -> all(s))),
            prepared("batch without a parameter", INSERT, s -> each(done(s::addBatch), s::executeBatch)),
            prepared(
                    "batch, then one alone",
                    INSERT,
                    s -> each(
                            done(() -> add(s, 10)),
                            s::executeBatch,
                            done(() -> s.setLong(1, 11)),
                            done(() -> s.setString(2, "x")),
                            s::executeUpdate,
                            () -> all(s))),
            prepared(
                    "one alone while a batch waits",
                    INSERT,
                    s -> each(
                            done(() -> add(s, 10)),
                            done(() -> s.setLong(1, 11)),
                            done(() -> s.setString(2, "x")),
                            s::executeUpdate,
                            s::executeBatch,
                            () -> all(s))),
            prepared(
                    "batch of updates that change many and none",
                    "UPDATE things SET body = ? WHERE id >= ?",
                    s -> each(
                            done(() -> s.setString(1, "x")),
                            done(() -> s.setLong(2, 1)),
                            done(s::addBatch),
                            done(() -> s.setLong(2, 99)),
                            done(s::addBatch),
                            s::executeBatch)),
            prepared(
                    "batch of queries",
                    "SELECT id FROM things WHERE id = ?",
                    s -> each(done(() -> s.setLong(1, 1)), done(s::addBatch), s::executeBatch)),
            prepared(
                    "batch that fails in the middle",
                    INSERT,
                    s -> each(
                            done(() -> add(s, 10)),
                            done(() -> add(s, 1)),
                            done(() -> add(s, 11)),
                            s::executeBatch,
                            s::getWarnings)),
            prepared(
                    "large batch that fails at its end",
                    INSERT,
                    s -> each(done(() -> add(s, 10)), done(() -> add(s, 1)), s::executeLargeBatch)),
            prepared(
                    "batch that fails, then another",
                    INSERT,
                    s -> each(done(() -> add(s, 1)), s::executeBatch, done(() -> add(s, 10)), s::executeBatch)),
            prepared("batch of 300", INSERT, s -> {
                for (int i = 0; i < 300; i++) {
                    add(s, 100 + i);
                }
                return each(s::executeBatch);
            }),
            connection("what is kept of a batch that fails", c -> {
                try (PreparedStatement s = c.prepareStatement(INSERT)) {
                    add(s, 10);
                    add(s, 1);
                    return each(s::executeBatch, () -> {
                        if (!c.getAutoCommit()) {
                            c.rollback();
                        }
                        return all(s);
                    });
                }
            }),
            connection("batch with generated keys", c -> {
                try (PreparedStatement s =
                        c.prepareStatement("INSERT INTO things (body) VALUES (?)", new String[] {"id"})) {
                    s.setString(1, "a");
                    s.addBatch();
                    s.setString(1, "b");
                    s.addBatch();
                    return each(s::executeBatch, s::getGeneratedKeys, s::getGeneratedKeys);
                }
            }),
            statement(
                    "batch of texts",
                    s -> each(
                            done(() -> s.addBatch("INSERT INTO things (id) VALUES (10)")),
                            done(() -> s.addBatch("UPDATE things SET body = 'x'")),
                            done(() -> s.addBatch("DELETE FROM things WHERE id = 1")),
                            s::executeBatch,
                            s::getUpdateCount,
                            s::executeBatch,
                            () -> all(s))),
            statement(
                    "batch of texts with a query",
                    s -> each(
                            done(() -> s.addBatch("INSERT INTO things (id) VALUES (10)")),
                            done(() -> s.addBatch("SELECT 1")),
                            s::executeBatch)),
            statement(
                    "batch of texts that fails",
                    s -> each(
                            done(() -> s.addBatch("INSERT INTO things (id) VALUES (10)")),
                            done(() -> s.addBatch("SELEC 1")),
                            s::executeBatch)),
            statement(
                    "batch of a text of several statements",
                    s -> each(
                            done(() -> s.addBatch(
                                    "INSERT INTO things (id) VALUES (10); INSERT INTO things (id) VALUES (11)")),
                            s::executeBatch)),
            statement(
                    "cleared batch of texts",
                    s -> each(done(() -> s.addBatch("SELEC 1")), done(s::clearBatch), s::executeBatch)),
            statement(
                    "batch of SET",
                    s -> each(
                            done(() -> s.addBatch("SET work_mem = '5MB'")),
                            done(() -> s.addBatch("SET work_mem = '6MB'")),
                            s::executeBatch,
                            () -> s.executeQuery("SHOW work_mem"))),
            statement(
                    "batch of notices",
                    s -> each(
                            done(() -> s.addBatch("DO 'BEGIN RAISE NOTICE ''told''; END'")),
                            s::executeBatch,
                            s::getWarnings)));

    private BatchCases() {}

    private static void add(PreparedStatement s, long id) throws Exception {
        s.setLong(1, id);
        s.setString(2, "b" + id);
        s.addBatch();
    }

    private static String all(Statement s) throws Exception {
        try (Statement other = s.getConnection().createStatement()) {
            return Seen.outcome(() -> other.executeQuery("SELECT id, body FROM things ORDER BY id"));
        }
    }
}
