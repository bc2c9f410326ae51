package dev.tenancy.jdbc.torture;

import static dev.tenancy.jdbc.torture.Step.rare;
import static dev.tenancy.jdbc.torture.Step.step;

import dev.tenancy.jdbc.torture.Step.When;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** Settings of the session and of the transaction, and what is asked of the catalogs. */
final class Attributes {
    static final List<Step> STEPS = List.of(
            rare("SET", b -> execute(b, "SET work_mem = '5MB'")),
            rare("SET of a setting of nobody", b -> execute(b, "SET torture.something = 'left'")),
            rare("SET LOCAL", When.OPEN, b -> execute(b, "SET LOCAL work_mem = '6MB'")),
            rare("RESET", b -> execute(b, "RESET work_mem")),
            rare("SHOW", b -> execute(b, "SHOW work_mem")),
            rare("LISTEN", b -> execute(b, "LISTEN torture")),
            rare("comment alone", b -> execute(b, "-- nothing")),
            rare("setSchema", Attributes::schema),
            rare("setClientInfo", b -> b.connection.setClientInfo("ApplicationName", "torture")),
            rare("isolation by JDBC", When.OPEN_BY_DRIVER, Attributes::isolation),
            step("SET TRANSACTION first", When.OPEN_BY_DRIVER, Attributes::setTransaction),
            step("SAVEPOINT first", When.OPEN_BY_DRIVER, Attributes::savepointFirst),
            rare("read only by JDBC", When.OPEN_BY_DRIVER, Attributes::readOnly),
            rare("read only by SQL", When.OPEN_BY_DRIVER, Attributes::readOnlyInSql),
            rare("metadata of the database", Attributes::metaData),
            rare("isValid", b -> b.writes(1, b.connection.isValid(5) ? 1 : 0)));

    private Attributes() {}

    private static void execute(Borrowed b, String sql) throws SQLException {
        b.statement().execute(sql);
    }

    private static void schema(Borrowed b) throws SQLException {
        b.connection.setSchema("public");
        b.writes(0, "public".compareTo(b.connection.getSchema()));
    }

    private static void isolation(Borrowed b) throws SQLException {
        b.settle();
        b.connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        b.sees(b.kept(Texts.SELECT).executeQuery());
        b.insert();
        b.settle();
        b.connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
    }

    /** PostgreSQL refuses it after the first query of a transaction, which the binding would be. */
    private static void setTransaction(Borrowed b) throws SQLException {
        b.settle();
        execute(b, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
        b.sees(b.statement().executeQuery(Texts.query(b.random)));
        b.insert();
    }

    private static void savepointFirst(Borrowed b) throws SQLException {
        b.settle();
        execute(b, "SAVEPOINT first");
        b.insert();
        execute(b, "ROLLBACK TO first");
        b.ledger.rollBack();
        b.sees(b.kept(Texts.SELECT).executeQuery());
        b.insert();
    }

    private static void readOnly(Borrowed b) throws SQLException {
        b.settle();
        b.connection.setReadOnly(true);
        b.sees(b.kept(Texts.SELECT).executeQuery());
        b.fails("25006", b::insert);
        b.connection.rollback();
        b.ledger.rollBack();
        b.connection.setReadOnly(false);
    }

    private static void readOnlyInSql(Borrowed b) throws SQLException {
        b.settle();
        execute(b, "SET TRANSACTION READ ONLY");
        b.sees(b.kept(Texts.SELECT).executeQuery());
        b.fails("25006", b::insert);
    }

    private static void metaData(Borrowed b) throws SQLException {
        DatabaseMetaData metaData = b.connection.getMetaData();
        try (ResultSet tables = metaData.getTables(null, "public", "items", null)) {
            b.writes(1, tables.next() ? 1 : 0);
        }
        try (ResultSet keys = metaData.getPrimaryKeys(null, "public", "items")) {
            b.writes(1, keys.next() ? 1 : 0);
        }
    }
}
