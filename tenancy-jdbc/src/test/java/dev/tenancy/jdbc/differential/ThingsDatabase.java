package dev.tenancy.jdbc.differential;

import dev.tenancy.TenantContext;
import dev.tenancy.jdbc.RowLevelSecurity;
import dev.tenancy.jdbc.TenantDataSource;
import dev.tenancy.jdbc.Tenants;
import dev.tenancy.jdbc.Way;
import dev.tenancy.testservers.TestPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.ds.PGSimpleDataSource;

/** A tenant table with a column of each type, and the two kinds of connections. */
final class ThingsDatabase implements AutoCloseable {
    private static final String[] ROWS = {
        "TRUNCATE things",
        "INSERT INTO things VALUES (1, 'one', 1.50, true, '\\x00ff', '2020-01-02 03:04:05+00', '2020-01-02 03:04:05.678',"
                + " '2020-01-02', '03:04:05', '{a,NULL,\"b;\"}', '{\"a\": 1}', '00000000-0000-0001-0000-000000000002',"
                + " 0.5, 7, 3, 0.25, 'c', '1 day 02:00:00', '(1,2)', B'101', '127.0.0.1', 'happy', 'tenant-a'),"
                + " (2, 'two', -2, false, '', 'infinity', '1969-12-31 23:59:59', '0044-03-15 BC', '23:59:59.999999',"
                + " '{}', 'null', NULL, 'NaN', -7, -3, 'Infinity', '', '-1 mon', '(0,0)', B'000', '::1', 'sad', 'tenant-a'),"
                + " (3, 'three', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,"
                + " NULL, NULL, NULL, NULL, NULL, 'tenant-a'),"
                + " (1, 'of B', 0, true, '', now(), now(), now(), '00:00', '{}', '{}', NULL, 0, 0, 0, 0, 'b', '0', '(0,0)',"
                + " B'000', '::1', 'sad', 'tenant-b')"
    };

    /** What a write changes, also one that was rolled back. */
    private static final String STATE = "SELECT string_agg(concat(ctid, ' ', xmin, ' ', xmax), ',' ORDER BY ctid),"
            + " (SELECT concat(last_value, is_called) FROM thing_ids), pg_relation_size('things') FROM things";

    private final TestPostgres.Database database = TestPostgres.newDatabase();
    private final Connection superuser = DriverManager.getConnection(database.superuserUrl());
    private String stateAfterReset = "";

    ThingsDatabase() throws SQLException {
        database.asOwner(
                "CREATE TYPE mood AS ENUM ('sad', 'happy')",
                "CREATE TABLE things (id bigint NOT NULL, body text NOT NULL, num numeric(10,2), flag boolean, raw bytea,"
                        + " at timestamptz, ts timestamp, day date, tm time, tags text[], doc jsonb, key uuid,"
                        + " dbl float8, int int, small smallint, flt real, chars char(5), span interval, spot point,"
                        + " bits bit(3), host inet, mood mood, tenant_id text)",
                "CREATE SEQUENCE thing_ids START 100",
                "ALTER TABLE things ALTER id SET DEFAULT nextval('thing_ids'), ALTER body SET DEFAULT 'new'",
                "GRANT USAGE ON SEQUENCE thing_ids TO " + database.app(),
                "CREATE FUNCTION notice(text) RETURNS int LANGUAGE plpgsql AS"
                        + " 'BEGIN RAISE NOTICE ''%'', $1; RAISE WARNING ''careful''; RETURN 1; END'",
                "CREATE FUNCTION add_up(a int, b int, OUT total int, INOUT c int) LANGUAGE plpgsql AS"
                        + " 'BEGIN total := a + b; c := c + 1; END'",
                "CREATE FUNCTION all_things() RETURNS refcursor LANGUAGE plpgsql AS"
                        + " 'DECLARE found refcursor; BEGIN OPEN found FOR SELECT id FROM public.things ORDER BY id; RETURN found; END'",
                "CREATE FUNCTION rows_of_things() RETURNS SETOF text LANGUAGE sql AS 'SELECT body FROM public.things ORDER BY id'",
                "CREATE PROCEDURE add_thing(id bigint) LANGUAGE sql AS 'INSERT INTO public.things (id) VALUES ($1)'",
                "CREATE PROCEDURE add_and_commit() LANGUAGE plpgsql AS 'BEGIN INSERT INTO public.things (id) VALUES (50); COMMIT; END'");
        try (Connection owner = database.ownerConnection()) {
            RowLevelSecurity.table("things")
                    .key("id")
                    .grantTo(database.app())
                    .build()
                    .apply(owner);
        }
        database.asOwner(
                "ALTER TABLE things ADD CONSTRAINT deferred UNIQUE (tenant_id, int) DEFERRABLE INITIALLY DEFERRED");
    }

    /** Puts the same rows there again, if something was written since. */
    void reset() throws SQLException {
        if (state().equals(stateAfterReset)) {
            return;
        }
        try (Statement statement = superuser.createStatement()) {
            statement.execute(String.join(";", ROWS) + ";SELECT setval('thing_ids', 100, false)");
        }
        stateAfterReset = state();
    }

    private String state() throws SQLException {
        try (PreparedStatement select = superuser.prepareStatement(STATE);
                ResultSet row = select.executeQuery()) {
            row.next();
            return row.getString(1) + row.getString(2) + row.getString(3);
        }
    }

    /** A connection of the driver, on which everything is tenant A's by hand. */
    Connection byHand() throws SQLException {
        Connection connection = DriverManager.getConnection(database.appUrl());
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET tenancy.tenant_id = 'tenant-a'");
        }
        return connection;
    }

    /** A connection that is bound to tenant A, for whoever is in its context. */
    Connection bound(Way way) throws SQLException {
        PGSimpleDataSource driver = new PGSimpleDataSource();
        driver.setUrl(database.appUrl());
        TenantDataSource source = TenantDataSource.wrap(driver, way.binding());
        return TenantContext.call(Tenants.A, source::getConnection);
    }

    @Override
    public void close() throws SQLException {
        superuser.close();
        database.close();
    }
}
