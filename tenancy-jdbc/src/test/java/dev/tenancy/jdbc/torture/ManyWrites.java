package dev.tenancy.jdbc.torture;

import static dev.tenancy.jdbc.torture.Step.rare;
import static dev.tenancy.jdbc.torture.Step.step;

import dev.tenancy.jdbc.torture.Step.When;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Batches, and texts of several statements. */
final class ManyWrites {
    static final List<Step> STEPS = List.of(
            step("prepared batch", ManyWrites::preparedBatch),
            step("batch of texts", ManyWrites::textBatch),
            rare("batch that was cleared", ManyWrites::clearedBatch),
            step("writes in one text", ManyWrites::writesInOneText),
            rare("batch with an error", When.NONE, ManyWrites::failingBatch),
            rare("batch with an error in a transaction", When.OPEN, ManyWrites::failingBatchInTransaction));

    private static final String INSERT = "INSERT INTO items (id, body) VALUES (?, ?)";

    private ManyWrites() {}

    private static void preparedBatch(Borrowed b) throws SQLException {
        PreparedStatement insert = b.kept(INSERT);
        NavigableMap<Long, String> added = new TreeMap<>();
        int size = 1 + b.random.nextInt(4);
        for (int i = 0; i < size; i++) {
            added.put(b.ledger.tenant().nextId(), b.ledger.tenant().nextBody());
        }
        for (Map.Entry<Long, String> row : added.entrySet()) {
            insert.setLong(1, row.getKey());
            insert.setString(2, row.getValue());
            insert.addBatch();
        }
        counts(b, added.size(), insert.executeBatch());
        added.forEach(b.ledger::put);
    }

    private static void counts(Borrowed b, int size, int[] counts) {
        b.writes(size, counts.length);
        for (int count : counts) {
            if (count != Statement.SUCCESS_NO_INFO) {
                b.writes(1, count);
            }
        }
    }

    private static String insert(long id, String body) {
        return "INSERT INTO items (id, body) VALUES (" + id + ", '" + body + "')";
    }

    private static String update(long id, String body) {
        return "UPDATE items SET body = '" + body + "' WHERE id = " + id;
    }

    private static void textBatch(Borrowed b) throws SQLException {
        long old = b.someId();
        long id = b.ledger.tenant().nextId();
        String body = b.ledger.tenant().nextBody();
        String changed = b.ledger.tenant().nextBody();
        Statement statement = b.statement();
        statement.addBatch(insert(id, body));
        statement.addBatch(update(old, changed));
        statement.addBatch("DELETE FROM items WHERE id = " + id);
        counts(b, 3, statement.executeBatch());
        b.ledger.put(old, changed);
    }

    private static void clearedBatch(Borrowed b) throws SQLException {
        PreparedStatement statement = b.kept(INSERT);
        statement.setLong(1, -1);
        statement.setString(2, "cleared");
        statement.addBatch();
        statement.clearBatch();
        counts(b, 0, statement.executeBatch());
    }

    private static void writesInOneText(Borrowed b) throws SQLException {
        long old = b.someId();
        long id = b.ledger.tenant().nextId();
        String body = b.ledger.tenant().nextBody();
        String changed = b.ledger.tenant().nextBody();
        Statement statement = b.statement();
        statement.execute(insert(id, body) + "; " + update(old, changed) + "; " + Texts.SELECT + ";");
        b.writes(1, statement.getUpdateCount());
        statement.getMoreResults();
        b.writes(1, statement.getUpdateCount());
        statement.getMoreResults();
        NavigableMap<Long, String> found = b.read(statement.getResultSet());
        b.ledger.put(id, body);
        b.ledger.put(old, changed);
        b.writes(0, found.equals(b.ledger.rows()) ? 0 : 1);
    }

    private static PreparedStatement batchOfTwoAndOneTwice(Borrowed b, List<NavigableMap<Long, String>> outcomes)
            throws SQLException {
        PreparedStatement insert = b.kept(INSERT);
        NavigableMap<Long, String> rows = new TreeMap<>(b.ledger.rows());
        outcomes.add(new TreeMap<>(rows));
        long[] ids = {b.ledger.tenant().nextId(), b.ledger.tenant().nextId(), TenantRows.FIRST};
        for (long id : ids) {
            String body = b.ledger.tenant().nextBody();
            insert.setLong(1, id);
            insert.setString(2, body);
            insert.addBatch();
            rows.put(id, body);
            outcomes.add(new TreeMap<>(rows));
        }
        outcomes.remove(outcomes.size() - 1);
        return insert;
    }

    /** JDBC leaves it to the driver what of such a batch is kept in autocommit. */
    private static void failingBatch(Borrowed b) throws SQLException {
        List<NavigableMap<Long, String>> outcomes = new ArrayList<>();
        PreparedStatement insert = batchOfTwoAndOneTwice(b, outcomes);
        b.fails("23505", insert::executeBatch);
        b.ledger.found(outcomes, b.read(b.statement().executeQuery(Texts.SELECT)));
    }

    private static void failingBatchInTransaction(Borrowed b) throws SQLException {
        PreparedStatement insert = batchOfTwoAndOneTwice(b, new ArrayList<>());
        b.fails("23505", insert::executeBatch);
    }
}
