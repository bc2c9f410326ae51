package dev.tenancy.jdbc.torture;

import static dev.tenancy.jdbc.torture.Step.step;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** Writes by way of result sets. */
final class UpdatableRows {
    static final List<Step> STEPS = List.of(
            step("updateRow", UpdatableRows::updateRow),
            step("insertRow", UpdatableRows::insertRow),
            step("deleteRow", UpdatableRows::deleteRow));

    private UpdatableRows() {}

    private static Statement updatable(Borrowed b) throws SQLException {
        return b.closedLater(b.connection.createStatement(
                b.flip() ? ResultSet.TYPE_SCROLL_INSENSITIVE : ResultSet.TYPE_FORWARD_ONLY,
                ResultSet.CONCUR_UPDATABLE));
    }

    private static ResultSet rowToChange(Borrowed b, long id) throws SQLException {
        ResultSet rows = updatable(b).executeQuery("SELECT tenant_id, id, body FROM items WHERE id = " + id);
        if (!rows.next()) {
            throw new AssertionError("row " + id + " is not there");
        }
        b.ledger.tenant().requireOwn(rows.getString(3));
        return rows;
    }

    private static void updateRow(Borrowed b) throws SQLException {
        long id = b.someId();
        String body = b.ledger.tenant().nextBody();
        ResultSet row = rowToChange(b, id);
        row.updateString("body", body);
        row.updateRow();
        b.ledger.put(id, body);
        row.refreshRow();
        b.writes(0, body.compareTo(row.getString("body")));
    }

    private static void insertRow(Borrowed b) throws SQLException {
        long id = b.ledger.tenant().nextId();
        String body = b.ledger.tenant().nextBody();
        ResultSet row = rowToChange(b, TenantRows.FIRST);
        row.moveToInsertRow();
        row.updateString("tenant_id", b.ledger.tenant().id.value());
        row.updateLong("id", id);
        row.updateString("body", body);
        row.insertRow();
        b.ledger.put(id, body);
    }

    private static void deleteRow(Borrowed b) throws SQLException {
        long id = b.someId();
        rowToChange(b, id).deleteRow();
        b.ledger.remove(id);
    }
}
