package dev.tenancy.jdbc.torture;

import static dev.tenancy.jdbc.torture.Step.rare;
import static dev.tenancy.jdbc.torture.Step.step;

import java.sql.CallableStatement;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** Ways to insert a row, and to hear of it. */
final class Inserts {
    static final List<Step> STEPS = List.of(
            step("insert with a literal", Inserts::insertText),
            step("insert returning", Inserts::insertReturning),
            step("generated keys of a text", Inserts::generatedKeysOfText),
            step("generated keys of a prepared statement", Inserts::generatedKeys),
            rare("insert in a WITH", Inserts::insertInWith),
            rare("insert in a function", Inserts::insertInFunction),
            rare("insert in a block", Inserts::insertInBlock),
            rare("procedure", Inserts::procedure));

    private Inserts() {}

    private static String values(long id, String body) {
        return "(" + id + ", '" + body + "')";
    }

    private static void insertText(Borrowed b) throws SQLException {
        long id = b.ledger.tenant().nextId();
        String body = b.ledger.tenant().nextBody();
        String sql = Texts.decorated("INSERT INTO items (id, body) VALUES " + values(id, body), b.random);
        Statement statement = b.statement();
        b.writes(1, b.flip() ? statement.executeUpdate(sql) : statement.executeLargeUpdate(sql));
        b.ledger.put(id, body);
    }

    private static void insertReturning(Borrowed b) throws SQLException {
        long id = b.ledger.tenant().nextId();
        String body = b.ledger.tenant().nextBody();
        PreparedStatement insert = b.kept("INSERT INTO items (id, body) VALUES (?, ?) RETURNING id, body");
        insert.setLong(1, id);
        insert.setString(2, body);
        b.writes(1, b.read(insert.executeQuery()).size());
        b.ledger.put(id, body);
    }

    private static void generatedKeysOfText(Borrowed b) throws SQLException {
        long id = b.ledger.tenant().nextId();
        String body = b.ledger.tenant().nextBody();
        Statement statement = b.statement();
        String sql = "INSERT INTO items (id, body) VALUES " + values(id, body);
        b.writes(
                1,
                b.flip()
                        ? statement.executeUpdate(sql, Statement.RETURN_GENERATED_KEYS)
                        : statement.executeUpdate(sql, new String[] {"id", "body"}));
        b.ledger.put(id, body);
        key(b, statement, id);
    }

    private static void generatedKeys(Borrowed b) throws SQLException {
        long id = b.ledger.tenant().nextId();
        String body = b.ledger.tenant().nextBody();
        PreparedStatement insert = b.closedLater(b.connection.prepareStatement(
                "INSERT INTO items (id, body) VALUES (?, ?)", new String[] {"id", "body"}));
        insert.setLong(1, id);
        insert.setString(2, body);
        b.writes(1, insert.executeUpdate());
        b.ledger.put(id, body);
        key(b, insert, id);
    }

    private static void key(Borrowed b, Statement statement, long id) throws SQLException {
        try (ResultSet keys = statement.getGeneratedKeys()) {
            b.writes(id, keys.next() ? keys.getLong("id") : -1);
            b.ledger.tenant().requireOwn(keys.getString("body"));
        }
    }

    private static void insertInWith(Borrowed b) throws SQLException {
        long id = b.ledger.tenant().nextId();
        String body = b.ledger.tenant().nextBody();
        b.writes(
                1,
                b.read(b.statement()
                                .executeQuery("WITH made AS (INSERT INTO items (id, body) VALUES " + values(id, body)
                                        + " RETURNING id, body) SELECT id, body FROM made"))
                        .size());
        b.ledger.put(id, body);
    }

    private static void insertInFunction(Borrowed b) throws SQLException {
        long id = b.ledger.tenant().nextId();
        String body = b.ledger.tenant().nextBody();
        PreparedStatement select = b.kept("SELECT store_item(?, ?)");
        select.setLong(1, id);
        select.setString(2, body);
        select.executeQuery();
        b.ledger.put(id, body);
    }

    private static void insertInBlock(Borrowed b) throws SQLException {
        long id = b.ledger.tenant().nextId();
        String body = b.ledger.tenant().nextBody();
        b.statement()
                .execute("DO $$ BEGIN INSERT INTO items (id, body) VALUES " + values(id, body) + "; PERFORM 1; END $$");
        b.ledger.put(id, body);
    }

    private static void procedure(Borrowed b) throws SQLException {
        long id = b.ledger.tenant().nextId();
        String body = b.ledger.tenant().nextBody();
        try (CallableStatement call = b.connection.prepareCall("call call_store_item(?, ?)")) {
            call.setLong(1, id);
            call.setString(2, body);
            call.execute();
        }
        b.ledger.put(id, body);
    }
}
