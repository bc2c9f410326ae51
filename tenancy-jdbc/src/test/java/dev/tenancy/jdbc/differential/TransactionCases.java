package dev.tenancy.jdbc.differential;

import static dev.tenancy.jdbc.differential.Case.connection;
import static dev.tenancy.jdbc.differential.Seen.done;
import static dev.tenancy.jdbc.differential.Seen.each;

import java.sql.Connection;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Transactions and savepoints, by JDBC and by SQL. */
final class TransactionCases {
    static final List<Case> ALL = List.of(
            tx(
                    "commit and rollback",
                    (c, s) -> each(change(s, "a"), done(c::commit), change(s, "b"), done(c::rollback), all(s))),
            tx(
                    "autocommit switched on commits",
                    (c, s) -> each(
                            done(() -> c.setAutoCommit(false)),
                            change(s, "a"),
                            done(() -> c.setAutoCommit(true)),
                            all(s),
                            c::getAutoCommit,
                            done(c::commit),
                            done(c::rollback))),
            tx(
                    "autocommit switched to what it is",
                    (c, s) -> each(
                            done(() -> c.setAutoCommit(c.getAutoCommit())), change(s, "a"), c::getAutoCommit, all(s))),
            tx(
                    "autocommit switched off and on without a statement",
                    (c, s) -> each(
                            done(() -> c.setAutoCommit(false)),
                            done(() -> c.setAutoCommit(true)),
                            done(() -> c.setAutoCommit(false)),
                            all(s))),
            tx(
                    "BEGIN and COMMIT",
                    (c, s) -> each(
                            () -> s.execute("BEGIN"),
                            change(s, "a"),
                            all(s),
                            () -> s.execute("COMMIT"),
                            all(s),
                            s::getWarnings)),
            tx(
                    "BEGIN and ROLLBACK",
                    (c, s) -> each(
                            () -> s.execute("BEGIN"), change(s, "a"), all(s), () -> s.execute("ROLLBACK"), all(s))),
            tx(
                    "START TRANSACTION with an isolation",
                    (c, s) -> each(
                            () -> s.execute("START TRANSACTION ISOLATION LEVEL SERIALIZABLE"),
                            () -> s.executeQuery("SHOW transaction_isolation"),
                            change(s, "a"),
                            () -> s.execute("END"),
                            all(s))),
            tx(
                    "BEGIN, then autocommit off",
                    (c, s) -> each(
                            () -> s.execute("BEGIN"),
                            change(s, "a"),
                            done(() -> c.setAutoCommit(false)),
                            all(s),
                            done(c::rollback),
                            all(s))),
            tx(
                    "COMMIT and ROLLBACK of nothing",
                    (c, s) -> each(
                            () -> s.execute("COMMIT"),
                            s::getWarnings,
                            () -> s.execute("ROLLBACK"),
                            s::getWarnings,
                            all(s))),
            tx("commit and rollback of nothing", (c, s) -> each(done(c::commit), done(c::rollback), all(s))),
            tx(
                    "BEGIN twice",
                    (c, s) -> each(() -> s.execute("BEGIN"), () -> s.execute("BEGIN"), s::getWarnings, all(s))),
            tx(
                    "COMMIT AND CHAIN",
                    (c, s) -> each(
                            () -> s.execute("BEGIN"),
                            change(s, "a"),
                            () -> s.execute("COMMIT AND CHAIN"),
                            all(s),
                            change(s, "b"),
                            done(() -> s.execute("ROLLBACK")),
                            all(s))),
            tx("savepoint", (c, s) -> {
                Savepoint[] made = new Savepoint[1];
                return each(
                        change(s, "a"),
                        done(() -> made[0] = c.setSavepoint()),
                        () -> made[0].getSavepointId() >= 0,
                        () -> made[0].getSavepointName(),
                        change(s, "b"),
                        done(() -> c.rollback(made[0])),
                        all(s),
                        done(() -> c.releaseSavepoint(made[0])),
                        done(() -> c.rollback(made[0])));
            }),
            tx("savepoint with a name", (c, s) -> {
                Savepoint[] made = new Savepoint[1];
                return each(
                        done(() -> made[0] = c.setSavepoint("a \"name\"")),
                        () -> made[0].getSavepointName(),
                        () -> made[0].getSavepointId(),
                        change(s, "b"),
                        done(() -> c.rollback(made[0])),
                        all(s),
                        done(c::commit),
                        done(() -> c.rollback(made[0])));
            }),
            tx(
                    "savepoint as the first thing, and back to it",
                    (c, s) -> each(
                            () -> s.execute("SAVEPOINT first"),
                            all(s),
                            change(s, "a"),
                            () -> s.execute("ROLLBACK TO first"),
                            all(s),
                            change(s, "b"),
                            all(s))),
            tx("savepoint after an error", (c, s) -> {
                Savepoint[] made = new Savepoint[1];
                return each(
                        change(s, "a"),
                        done(() -> made[0] = c.setSavepoint()),
                        () -> s.execute("SELECT 1 / 0"),
                        all(s),
                        done(() -> c.rollback(made[0])),
                        all(s),
                        done(c::commit),
                        all(s));
            }),
            tx("no savepoint", (c, s) -> each(done(() -> c.rollback(null)), done(() -> c.releaseSavepoint(null)))),
            tx(
                    "read only",
                    (c, s) -> each(
                            done(c::rollback),
                            done(() -> c.setReadOnly(true)),
                            c::isReadOnly,
                            all(s),
                            change(s, "a"),
                            done(c::rollback),
                            done(() -> c.setReadOnly(false)),
                            change(s, "b"),
                            all(s))),
            tx(
                    "read only within a transaction",
                    (c, s) -> each(all(s), done(() -> c.setReadOnly(true)), c::isReadOnly)),
            tx(
                    "isolation",
                    (c, s) -> each(
                            c::getTransactionIsolation,
                            done(c::rollback),
                            done(() -> c.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE)),
                            c::getTransactionIsolation,
                            () -> s.executeQuery("SHOW transaction_isolation"),
                            all(s),
                            c::getTransactionIsolation,
                            done(() -> c.setTransactionIsolation(Connection.TRANSACTION_READ_UNCOMMITTED)),
                            done(() -> c.setTransactionIsolation(Connection.TRANSACTION_NONE)),
                            done(() -> c.setTransactionIsolation(99)))),
            tx(
                    "SET TRANSACTION first",
                    (c, s) -> each(
                            done(() -> c.setAutoCommit(false)),
                            done(c::rollback),
                            () -> s.execute("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE"),
                            all(s),
                            () -> s.executeQuery("SHOW transaction_isolation"),
                            c::getTransactionIsolation)),
            tx(
                    "SET TRANSACTION too late",
                    (c, s) -> each(
                            done(() -> c.setAutoCommit(false)),
                            all(s),
                            () -> s.execute("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE"))),
            tx(
                    "SET TRANSACTION READ ONLY",
                    (c, s) -> each(
                            done(() -> c.setAutoCommit(false)),
                            done(c::rollback),
                            () -> s.execute("SET TRANSACTION READ ONLY"),
                            change(s, "a"))),
            tx(
                    "SET LOCAL",
                    (c, s) -> each(
                            () -> s.execute("SET LOCAL work_mem = '5MB'"),
                            s::getWarnings,
                            () -> s.executeQuery("SHOW work_mem"),
                            done(c::rollback),
                            () -> s.executeQuery("SHOW work_mem"))),
            tx(
                    "SET, rolled back",
                    (c, s) -> each(
                            done(() -> c.setAutoCommit(false)),
                            () -> s.execute("SET work_mem = '5MB'"),
                            done(c::rollback),
                            () -> s.executeQuery("SHOW work_mem"))),
            tx(
                    "SET CONSTRAINTS",
                    (c, s) -> each(
                            done(() -> c.setAutoCommit(false)),
                            () -> s.execute("SET CONSTRAINTS ALL IMMEDIATE"),
                            () -> s.executeUpdate("UPDATE things SET int = 1"),
                            done(c::rollback),
                            all(s))),
            tx(
                            "a cursor of SQL",
                            (c, s) -> each(
                                    () -> s.execute("DECLARE mine CURSOR FOR SELECT id FROM things ORDER BY id"),
                                            () -> s.executeQuery("FETCH 2 FROM mine"),
                                    () -> s.executeQuery("FETCH ALL FROM mine"), () -> s.execute("CLOSE mine")))
                    .differsInAutoCommit(
                            "the cursor is declared in a transaction, where the driver's would have none (25P01)"),
            tx(
                    "a cursor of SQL that is held",
                    (c, s) -> each(
                            () -> s.execute("DECLARE mine CURSOR WITH HOLD FOR SELECT id FROM things ORDER BY id"),
                            () -> s.executeQuery("FETCH ALL FROM mine"),
                            () -> s.execute("CLOSE mine"))),
            tx(
                            "a text that begins and ends a transaction",
                            (c, s) -> TextCases.results(
                                    s, () -> s.execute("BEGIN; UPDATE things SET body = 'x' WHERE id = 1; COMMIT")))
                    .differs(
                            "a text that opens or ends a transaction beside other statements is refused (0A000)",
                            (way, start) -> way == dev.tenancy.jdbc.Way.TRANSACTION),
            tx("VACUUM", (c, s) -> each(() -> s.execute("VACUUM things")))
                    .differsInAutoCommit("what PostgreSQL refuses in a transaction is refused"),
            tx("DISCARD ALL", (c, s) -> each(() -> s.execute("DISCARD PLANS"), () -> s.execute("DISCARD ALL")))
                    .differsInAutoCommit("what PostgreSQL refuses in a transaction is refused"),
            tx("a prepared transaction", (c, s) -> each(() -> s.execute("PREPARE TRANSACTION 'one'"))));

    private TransactionCases() {}

    @FunctionalInterface
    private interface Calls {
        @Nullable
        Object on(Connection connection, Statement statement) throws Exception;
    }

    private static Case tx(String name, Calls calls) {
        return connection("transaction, " + name, c -> {
            try (Statement s = c.createStatement()) {
                return calls.on(c, s);
            }
        });
    }

    private static Callable<Object> change(Statement s, String body) {
        return () -> s.executeUpdate("UPDATE things SET body = '" + body + "' WHERE id = 1");
    }

    private static Callable<Object> all(Statement s) {
        return () -> s.executeQuery("SELECT id, body FROM things ORDER BY id");
    }
}
