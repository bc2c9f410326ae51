package dev.tenancy.example.benchmarks.rls;

import dev.tenancy.example.benchmarks.harness.Samples;
import dev.tenancy.testservers.TestPostgres;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.ds.PGSimpleDataSource;

/** One query on one table, over a connection of its own that is a tenant's for good. */
final class Lane implements AutoCloseable {
    private static final double NANOS_PER_MICRO = 1_000;

    /** One process works, so that what is measured is the work; and a scan is one. */
    private static final String OPTIONS = "&options=-c%20max_parallel_workers_per_gather=0%20-c%20jit=off";

    private static final String SCANS_ONLY =
            "%20-c%20enable_indexscan=off%20-c%20enable_bitmapscan=off" + "%20-c%20enable_indexonlyscan=off";

    private final Query query;
    private final Protection protection;
    private final RlsEffort effort;
    private final Connection connection;
    private final PreparedStatement statement;
    private final List<Double> micros = new ArrayList<>();
    private final List<Double> medians = new ArrayList<>();
    private int asked;

    Lane(TestPostgres.Database database, Query query, Protection protection, RlsEffort effort) throws SQLException {
        this.query = query;
        this.protection = protection;
        this.effort = effort;
        PGSimpleDataSource pool = new PGSimpleDataSource();
        pool.setUrl(database.appUrl() + OPTIONS + (query == Query.SCAN ? SCANS_ONLY : ""));
        this.connection = protection.bound(pool, RowsDatabase.tenant(0));
        this.statement = connection.prepareStatement(query.sql(protection, RowsDatabase.tenant(0)));
    }

    Protection protection() {
        return protection;
    }

    /** Asks once, and notes what that took. */
    void ask() throws SQLException {
        int rowsOfTenant = effort.rows / effort.tenants;
        int expected = query == Query.LOOKUP ? 1 : rowsOfTenant;
        statement.setInt(1, query == Query.LOOKUP ? asked++ % rowsOfTenant * effort.tenants : 0);
        long begin = System.nanoTime();
        try (ResultSet row = statement.executeQuery()) {
            row.next();
            if (row.getInt(1) != expected) {
                throw new IllegalStateException(row.getInt(1) + " rows where " + expected + " should be");
            }
        }
        micros.add((System.nanoTime() - begin) / NANOS_PER_MICRO);
    }

    /** Makes one figure of what was noted since the round began. */
    void endRound() {
        medians.add(new Samples(micros).median());
        micros.clear();
    }

    /** Forgets the rounds so far. */
    void forget() {
        medians.clear();
    }

    Samples rounds() {
        return new Samples(medians);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
