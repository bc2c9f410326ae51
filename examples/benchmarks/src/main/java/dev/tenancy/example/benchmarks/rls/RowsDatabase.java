package dev.tenancy.example.benchmarks.rls;

import dev.tenancy.testservers.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;

/** A database with the same rows once for each protection. */
final class RowsDatabase {
    private static final String TENANT = "tenant-";

    private RowsDatabase() {}

    static TestPostgres.Database create(RlsEffort effort) throws SQLException {
        TestPostgres.Database database = TestPostgres.newDatabase();
        for (Protection protection : Protection.values()) {
            database.asOwner(
                    "CREATE TABLE " + protection.table()
                            + " (tenant_id text NOT NULL, id bigint NOT NULL, body text NOT NULL, amount int NOT NULL)",
                    "INSERT INTO " + protection.table() + " SELECT '" + TENANT + "' || n % "
                            + effort.tenants + ", n, 'row ' || n, n % 1000 FROM generate_series(0, " + (effort.rows - 1)
                            + ") AS n");
            try (Connection owner = database.ownerConnection()) {
                protection.protect(owner, database.app());
            }
            database.asSuperuser("VACUUM ANALYZE " + protection.table());
        }
        return database;
    }

    static String tenant(int number) {
        return TENANT + number;
    }
}
