package dev.tenancy.jdbc.torture;

import static dev.tenancy.jdbc.torture.Step.rare;
import static dev.tenancy.jdbc.torture.Step.step;

import dev.tenancy.TenantContext;
import dev.tenancy.TenantIdentity;
import dev.tenancy.jdbc.torture.Step.When;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** Statements that fail, and statements at the wrong time: nothing of them is done, and what follows is right. */
final class Faults {
    static final List<Step> STEPS = List.of(
            step("division by zero", b -> failsThenSees(b, "22012", "SELECT 1 / 0")),
            step("error in a read of rows", b -> failsThenSees(b, "22012", "SELECT id / 0, body FROM items")),
            step("error in a prepared statement", Faults::prepared),
            step("unique violation", Faults::unique),
            rare("unique violation with generated keys", Faults::uniqueWithKeys),
            rare("syntax", b -> failsThenSees(b, "42601", "SELEC 1")),
            rare("syntax after a SELECT", b -> failsThenSees(b, "42601", "SELECT FROM FROM items")),
            rare("no such table", b -> failsThenSees(b, "42P01", "DELETE FROM nowhere")),
            rare("error in a block", b -> failsThenSees(b, "22012", "DO 'BEGIN PERFORM 1 / 0; END'")),
            rare(
                    "error in the second statement of a text",
                    b -> failsThenSees(b, "22012", "UPDATE items SET body = 'lost' WHERE id = 0; SELECT 1 / 0")),
            rare("deferred constraint", When.NONE, Faults::deferred),
            rare("deferred constraint at commit", When.OPEN_BY_DRIVER, Faults::deferredToCommit),
            step("another identity", Faults::anotherIdentity),
            rare("the system", Faults::system),
            rare(
                    "missing parameter",
                    b -> b.failsAlone("22023", b.prepared(Texts.SELECT + " WHERE id = ?")::executeQuery)),
            rare("a query that must be an update", Faults::notAnUpdate));

    private Faults() {}

    private static void failsThenSees(Borrowed b, String state, String sql) throws SQLException {
        b.fails(state, () -> b.statement().execute(Texts.decorated(sql, b.random)));
        if (!b.ledger.isFailed()) {
            b.sees(b.kept(Texts.SELECT).executeQuery());
        }
    }

    private static void prepared(Borrowed b) throws SQLException {
        PreparedStatement statement = b.kept("UPDATE items SET body = (1 / ?)::text WHERE id = 0");
        statement.setInt(1, 0);
        b.fails("22012", b.flip() ? statement::executeUpdate : statement::execute);
        if (!b.ledger.isFailed()) {
            b.sees(b.kept(Texts.SELECT).executeQuery());
        }
    }

    private static void unique(Borrowed b) throws SQLException {
        PreparedStatement insert = b.kept("INSERT INTO items (id, body) VALUES (?, ?)");
        insert.setLong(1, TenantRows.FIRST);
        insert.setString(2, "twice");
        b.fails("23505", insert::executeUpdate);
    }

    private static void uniqueWithKeys(Borrowed b) throws SQLException {
        Statement statement = b.statement();
        b.fails(
                "23505",
                () -> statement.executeUpdate(
                        "INSERT INTO items (id, body) VALUES (0, 'twice')", Statement.RETURN_GENERATED_KEYS));
    }

    /** Fails after the statement, when its transaction is to be committed. */
    private static void deferred(Borrowed b) throws SQLException {
        b.someId();
        failsThenSees(b, "23505", "UPDATE items SET slot = 1");
    }

    private static void deferredToCommit(Borrowed b) throws SQLException {
        b.someId();
        b.statement().executeUpdate("UPDATE items SET slot = 1");
        b.sees(b.kept(Texts.SELECT).executeQuery());
        b.fails("23505", b.flip() ? b.connection::commit : () -> b.statement().execute("COMMIT"));
        b.ledger.rollBack();
    }

    private static void anotherIdentity(Borrowed b) throws SQLException {
        TenantIdentity other =
                b.flip() ? b.ledger.tenant().anotherSubject(99) : b.bench.someOtherThan(b.ledger.tenant(), b.random);
        Borrowed.Call call = somethingToRefuse(b);
        TenantContext.run(other, () -> b.failsAlone("28000", call));
    }

    private static void system(Borrowed b) throws SQLException {
        Borrowed.Call call = somethingToRefuse(b);
        TenantContext.callAsSystem("torture", () -> {
            b.failsAlone("28000", call);
            return "refused";
        });
    }

    private static Borrowed.Call somethingToRefuse(Borrowed b) throws SQLException {
        Statement statement = b.statement();
        PreparedStatement kept = b.kept(Texts.SELECT);
        List<Borrowed.Call> calls = List.of(
                () -> statement.executeQuery(Texts.SELECT),
                () -> statement.executeUpdate("UPDATE items SET body = 'by another'"),
                () -> statement.addBatch("DELETE FROM items"),
                kept::executeQuery,
                kept::execute,
                b.connection::commit,
                b.connection::createStatement,
                () -> b.connection.prepareStatement(Texts.SELECT),
                () -> b.connection.setAutoCommit(true));
        return Texts.one(calls, b.random);
    }

    /** The driver executes it all the same, and the transaction goes on. */
    private static void notAnUpdate(Borrowed b) throws SQLException {
        b.failsAlone("0100E", () -> b.statement().executeUpdate(Texts.SELECT));
        b.sees(b.kept(Texts.SELECT).executeQuery());
    }
}
