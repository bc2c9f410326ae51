package dev.tenancy.example.benchmarks.budget;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * {@code SELECT … FOR UPDATE}, look, {@code UPDATE}, as one writes it; with a record of each reservation or without.
 */
final class SelectForUpdate implements Spender {
    private final DataSource source;
    private final long amount;
    private final boolean recording;

    SelectForUpdate(DataSource source, long amount, boolean recording) {
        this.source = source;
        this.amount = amount;
        this.recording = recording;
    }

    static String[] ddl() {
        return new String[] {
            "CREATE TABLE locked (tenant_id text PRIMARY KEY, spent bigint NOT NULL, reserved bigint NOT NULL)",
            "INSERT INTO locked SELECT 'tenant-' || n, 0, 0 FROM generate_series(0, 999) AS n",
            "CREATE TABLE recorded (tenant_id text, id uuid, amount bigint NOT NULL, state text NOT NULL, charge bigint,"
                    + " expires_at timestamptz NOT NULL, PRIMARY KEY (tenant_id, id))",
        };
    }

    @Override
    public boolean spend(int tenant) throws SQLException {
        String name = "tenant-" + tenant;
        UUID id = UUID.randomUUID();
        return inTransaction(connection -> {
                    if (locked(connection, name) + 10 > amount) {
                        return false;
                    }
                    update(connection, "UPDATE locked SET reserved = reserved + 10 WHERE tenant_id = ?", name);
                    if (recording) {
                        update(
                                connection,
                                "INSERT INTO recorded (tenant_id, id, amount, state, expires_at)"
                                        + " VALUES (?, ?, 10, 'open', now() + interval '10 minutes')",
                                name,
                                id);
                    }
                    return true;
                })
                && inTransaction(connection -> {
                    locked(connection, name);
                    update(
                            connection,
                            "UPDATE locked SET reserved = reserved - 10, spent = spent + 7 WHERE tenant_id = ?",
                            name);
                    if (recording) {
                        update(
                                connection,
                                "UPDATE recorded SET state = 'settled', charge = 7 WHERE tenant_id = ? AND id = ?",
                                name,
                                id);
                    }
                    return true;
                });
    }

    private static long locked(Connection connection, String tenant) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT spent + reserved FROM locked WHERE tenant_id = ? FOR UPDATE")) {
            statement.setString(1, tenant);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private static void update(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            statement.executeUpdate();
        }
    }

    private boolean inTransaction(Work work) throws SQLException {
        try (Connection connection = source.getConnection()) {
            connection.setAutoCommit(false);
            boolean done = work.on(connection);
            connection.commit();
            connection.setAutoCommit(true);
            return done;
        }
    }

    private interface Work {
        boolean on(Connection connection) throws SQLException;
    }
}
