package dev.tenancy.jdbc.torture;

import static dev.tenancy.jdbc.torture.Step.rare;
import static dev.tenancy.jdbc.torture.Step.step;

import dev.tenancy.jdbc.torture.Ledger.Mark;
import dev.tenancy.jdbc.torture.Step.When;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;

/** Begins and ends transactions and savepoints, by JDBC and by SQL. */
final class Transactions {
    static final List<Step> STEPS = List.of(
            step("commit", When.OPEN_BY_DRIVER, b -> commit(b, b.connection::commit)),
            step("rollback", When.OPEN_BY_DRIVER, b -> rollBack(b, b.connection::rollback)),
            step("COMMIT", When.OPEN, b -> commit(b, () -> execute(b, "COMMIT"))),
            step("ROLLBACK", When.OPEN, b -> rollBack(b, () -> execute(b, "ROLLBACK"))),
            step("BEGIN", When.NONE, Transactions::begin),
            step("begin to commit in SQL", When.NONE, Transactions::wholeTransaction),
            step("setAutoCommit(false)", When.NONE, b -> setAutoCommit(b, false)),
            step("setAutoCommit(true)", When.OPEN_BY_DRIVER, b -> setAutoCommit(b, true)),
            rare("setAutoCommit in a transaction of SQL", When.OPEN, b -> setAutoCommit(b, false)),
            step("setSavepoint", When.OPEN_BY_DRIVER, Transactions::mark),
            step("SAVEPOINT", When.OPEN, Transactions::markInSql),
            step("back to a savepoint", When.WITH_SAVEPOINT, Transactions::back),
            rare("savepoint released", When.WITH_SAVEPOINT, Transactions::release),
            step("rollback after an error", When.FAILED, Transactions::rollBackFailed),
            step("commit after an error", When.FAILED, Transactions::commitFailed),
            step("back to a savepoint after an error", When.FAILED_WITH_SAVEPOINT, Transactions::back),
            step(
                    "read after an error",
                    When.FAILED,
                    b -> b.fails("25P02", () -> b.statement().executeQuery(Texts.query(b.random)))),
            step(
                    "kept read after an error",
                    When.FAILED,
                    b -> b.fails("25P02", () -> b.kept(Texts.SELECT).executeQuery())));

    private Transactions() {}

    private static void execute(Borrowed b, String sql) throws SQLException {
        b.statement().execute(Texts.decorated(sql, b.random));
    }

    private static void commit(Borrowed b, Borrowed.Call commit) throws SQLException {
        commit.run();
        b.ledger.commit();
    }

    private static void rollBack(Borrowed b, Borrowed.Call rollBack) throws SQLException {
        rollBack.run();
        b.ledger.rollBack();
    }

    private static void begin(Borrowed b) throws SQLException {
        execute(b, b.flip() ? "BEGIN" : "START TRANSACTION ISOLATION LEVEL REPEATABLE READ");
        b.ledger.beginInSql();
    }

    private static void wholeTransaction(Borrowed b) throws SQLException {
        begin(b);
        b.insert();
        if (b.flip()) {
            b.sees(b.kept(Texts.SELECT).executeQuery());
        }
        if (b.flip()) {
            commit(b, () -> execute(b, "COMMIT"));
        } else {
            rollBack(b, () -> execute(b, "ROLLBACK"));
        }
        b.sees(b.kept(Texts.SELECT).executeQuery());
    }

    private static void setAutoCommit(Borrowed b, boolean on) throws SQLException {
        b.connection.setAutoCommit(on);
        b.ledger.setAutoCommit(on);
    }

    private static void mark(Borrowed b) throws SQLException {
        String name = "mark" + b.random.nextInt(1000);
        b.ledger.mark(name, b.flip() ? b.connection.setSavepoint() : b.connection.setSavepoint(name));
    }

    private static void markInSql(Borrowed b) throws SQLException {
        String name = "sql_mark" + b.random.nextInt(1000);
        execute(b, "SAVEPOINT " + name);
        b.ledger.mark(name, null);
    }

    private static void back(Borrowed b) throws SQLException {
        Mark mark = Objects.requireNonNull(b.ledger.lastMark());
        if (mark.savepoint() != null) {
            b.connection.rollback(mark.savepoint());
        } else {
            execute(b, "ROLLBACK TO " + (b.flip() ? "SAVEPOINT " : "") + mark.name());
        }
        b.ledger.backTo(mark);
    }

    private static void release(Borrowed b) throws SQLException {
        Mark mark = Objects.requireNonNull(b.ledger.lastMark());
        if (mark.savepoint() != null) {
            b.connection.releaseSavepoint(mark.savepoint());
        } else {
            execute(b, "RELEASE SAVEPOINT " + mark.name());
        }
        b.ledger.releaseLast();
    }

    private static void rollBackFailed(Borrowed b) throws SQLException {
        if (b.ledger.autoCommit() || b.flip()) {
            rollBack(b, () -> execute(b, "ROLLBACK"));
        } else {
            rollBack(b, b.connection::rollback);
        }
    }

    /** PostgreSQL rolls back then, and does not call it an error. */
    private static void commitFailed(Borrowed b) throws SQLException {
        if (b.ledger.autoCommit() || b.flip()) {
            execute(b, "COMMIT");
        } else {
            b.connection.commit();
        }
        b.ledger.rollBack();
    }
}
