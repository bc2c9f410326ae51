package dev.tenancy.jdbc.torture;

import static dev.tenancy.jdbc.torture.Step.rare;
import static dev.tenancy.jdbc.torture.Step.step;

import dev.tenancy.jdbc.TenantConnection;
import dev.tenancy.jdbc.torture.Step.When;
import java.sql.CallableStatement;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.List;

/** Ways to read: whatever the way, it finds exactly the rows of the tenant. */
final class Reads {
    static final List<Step> STEPS = List.of(
            step("executeQuery", b -> b.sees(b.statement().executeQuery(Texts.query(b.random)))),
            step("execute and getResultSet", Reads::resultSet),
            step(
                    "prepared query",
                    b -> b.sees(b.prepared(Texts.preparedQuery(b.random)).executeQuery())),
            step("kept prepared query", b -> b.sees(b.kept(Texts.SELECT).executeQuery())),
            step("maxRows", Reads::maxRows),
            step("fetchSize", Reads::fetchSize),
            step("scrollable", Reads::scrollable),
            step("function", Reads::function),
            step("several statements in a text", Reads::severalStatements),
            step("aggregate", Reads::aggregate),
            rare("cursor of SQL", When.OPEN, Reads::sqlCursor),
            rare("PREPARE and EXECUTE of SQL", Reads::sqlPrepare),
            rare("EXPLAIN ANALYZE", b -> b.statement().executeQuery("EXPLAIN ANALYZE " + Texts.SELECT)),
            rare("physical connection", When.OPEN_BY_DRIVER, Reads::physical));

    private Reads() {}

    private static void resultSet(Borrowed b) throws SQLException {
        Statement statement = b.statement();
        require(statement.execute(Texts.query(b.random)));
        b.sees(statement.getResultSet());
        require(!statement.getMoreResults() && statement.getUpdateCount() == -1);
    }

    private static void maxRows(Borrowed b) throws SQLException {
        int most = 1 + b.random.nextInt(5);
        PreparedStatement statement = b.flip() ? b.kept(Texts.SELECT) : b.prepared(Texts.preparedQuery(b.random));
        statement.setMaxRows(most);
        int found = b.read(statement.executeQuery()).size();
        require(found == Math.min(most, b.ledger.rows().size()));
        statement.setMaxRows(0);
    }

    private static void fetchSize(Borrowed b) throws SQLException {
        PreparedStatement statement = b.prepared(Texts.preparedQuery(b.random));
        statement.setFetchSize(1 + b.random.nextInt(3));
        b.sees(statement.executeQuery());
    }

    private static void scrollable(Borrowed b) throws SQLException {
        try (Statement statement =
                b.connection.createStatement(ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_READ_ONLY)) {
            ResultSet rows = statement.executeQuery(Texts.query(b.random));
            require(rows.last() && rows.getRow() == b.ledger.rows().size());
            rows.beforeFirst();
            b.sees(rows);
        }
    }

    private static void function(Borrowed b) throws SQLException {
        try (CallableStatement call = b.connection.prepareCall("{? = call count_items()}")) {
            call.registerOutParameter(1, Types.BIGINT);
            for (int i = 0; i < 1 + b.random.nextInt(7); i++) {
                call.execute();
                require(call.getLong(1) == b.ledger.rows().size());
            }
        }
    }

    private static void severalStatements(Borrowed b) throws SQLException {
        Statement statement = b.statement();
        require(statement.execute("SELECT 1; " + Texts.SELECT + "; SELECT id, body FROM items WHERE false"));
        require(statement.getMoreResults());
        b.sees(statement.getResultSet());
        require(statement.getMoreResults());
        require(!statement.getResultSet().next() && !statement.getMoreResults());
    }

    private static void aggregate(Borrowed b) throws SQLException {
        PreparedStatement count = b.kept("SELECT count(*), min(body), max(body) FROM items WHERE id >= ?");
        count.setLong(1, 0);
        ResultSet row = count.executeQuery();
        require(row.next() && row.getLong(1) == b.ledger.rows().size());
        b.ledger.tenant().requireOwn(row.getString(2));
        b.ledger.tenant().requireOwn(row.getString(3));
    }

    private static void sqlCursor(Borrowed b) throws SQLException {
        Statement statement = b.statement();
        statement.execute("DECLARE torture_cursor CURSOR FOR " + Texts.SELECT);
        b.sees(statement.executeQuery("FETCH ALL FROM torture_cursor"));
        statement.execute("CLOSE torture_cursor");
    }

    private static void sqlPrepare(Borrowed b) throws SQLException {
        Statement statement = b.statement();
        statement.execute("PREPARE torture_query AS " + Texts.SELECT);
        b.sees(statement.executeQuery("EXECUTE torture_query"));
        statement.execute("DEALLOCATE torture_query");
    }

    private static void physical(Borrowed b) throws SQLException {
        TenantConnection bound = b.connection.unwrap(TenantConnection.class);
        try (Statement statement = bound.physicalConnection().createStatement()) {
            b.sees(statement.executeQuery(Texts.SELECT));
        }
    }

    private static void require(boolean expected) {
        if (!expected) {
            throw new AssertionError("not what the model says");
        }
    }
}
