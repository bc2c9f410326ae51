package dev.tenancy.example.benchmarks.budget;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Looks what is spent, works, and records what it cost: as gateways do. */
final class CheckThenRecord implements Spender {
    private final DataSource source;
    private final long amount;

    CheckThenRecord(DataSource source, long amount) {
        this.source = source;
        this.amount = amount;
    }

    static String ddl() {
        return "CREATE TABLE checked (tenant_id text, cost bigint NOT NULL)";
    }

    @Override
    public boolean spend(int tenant) throws SQLException {
        if (spent(tenant) + 10 > amount) {
            return false;
        }
        try (Connection connection = source.getConnection();
                PreparedStatement statement = connection.prepareStatement("INSERT INTO checked VALUES (?, 7)")) {
            statement.setString(1, "tenant-" + tenant);
            return statement.executeUpdate() == 1;
        }
    }

    private long spent(int tenant) throws SQLException {
        try (Connection connection = source.getConnection();
                PreparedStatement statement =
                        connection.prepareStatement("SELECT coalesce(sum(cost), 0) FROM checked WHERE tenant_id = ?")) {
            statement.setString(1, "tenant-" + tenant);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }
}
