package dev.tenancy.jdbc.torture;

import static dev.tenancy.jdbc.torture.Step.step;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** Ways to change and delete rows: whatever the way, it is done for the tenant, and counted. */
final class Writes {
    static final List<Step> STEPS = List.of(
            step("prepared insert", Borrowed::insert),
            step("prepared update", Writes::update),
            step("update with a parameter of some kind", Writes::updateWithParameter),
            step("update with a literal", Writes::updateText),
            step("prepared delete", Writes::delete),
            step("delete with a literal", Writes::deleteText),
            step("delete of all but one", Writes::deleteMost),
            step("insert or update", Writes::upsert));

    private Writes() {}

    private static void update(Borrowed b) throws SQLException {
        long id = b.someId();
        String body = b.ledger.tenant().nextBody();
        PreparedStatement update = b.kept("UPDATE items SET body = ? WHERE id = ?");
        update.setString(1, body);
        update.setLong(2, id);
        if (b.flip()) {
            b.writes(1, update.executeUpdate());
        } else {
            b.writes(0, update.execute() ? 1 : 0);
            b.writes(1, update.getUpdateCount());
        }
        b.ledger.put(id, body);
    }

    private static void updateWithParameter(Borrowed b) throws SQLException {
        long id = b.someId();
        String body = b.ledger.tenant().nextBody();
        Parameter parameter = Texts.one(List.of(Parameter.values()), b.random);
        PreparedStatement update = b.kept("UPDATE items SET body = ? WHERE " + parameter.condition() + " AND id = ?");
        update.setString(1, body);
        parameter.set(update, 2);
        update.setLong(3, id);
        b.writes(1, update.executeUpdate());
        b.ledger.put(id, body);
    }

    private static void updateText(Borrowed b) throws SQLException {
        long id = b.someId();
        String body = b.ledger.tenant().nextBody();
        String sql = Texts.decorated("UPDATE items SET body = '" + body + "' WHERE id = " + id, b.random);
        b.writes(1, b.statement().executeUpdate(sql));
        b.ledger.put(id, body);
    }

    private static void delete(Borrowed b) throws SQLException {
        long id = b.someId();
        PreparedStatement delete = b.kept("DELETE FROM items WHERE id = ?");
        delete.setLong(1, id);
        b.writes(1, delete.executeUpdate());
        b.ledger.remove(id);
    }

    private static void deleteText(Borrowed b) throws SQLException {
        long id = b.someId();
        b.writes(1, b.statement().executeUpdate(Texts.decorated("DELETE FROM items WHERE id = " + id, b.random)));
        b.ledger.remove(id);
    }

    private static void deleteMost(Borrowed b) throws SQLException {
        int expected = b.ledger.rows().size() - 1;
        b.writes(expected, b.statement().executeUpdate("DELETE FROM items WHERE id > " + TenantRows.FIRST));
        List.copyOf(b.ledger.rows().tailMap(TenantRows.FIRST, false).keySet()).forEach(b.ledger::remove);
    }

    private static void upsert(Borrowed b) throws SQLException {
        long id = b.flip() ? b.someId() : b.ledger.tenant().nextId();
        String body = b.ledger.tenant().nextBody();
        PreparedStatement upsert = b.kept("INSERT INTO items (id, body) VALUES (?, ?) ON CONFLICT (tenant_id, id)"
                + " DO UPDATE SET body = excluded.body");
        upsert.setLong(1, id);
        upsert.setString(2, body);
        b.writes(1, upsert.executeUpdate());
        b.ledger.put(id, body);
    }
}
