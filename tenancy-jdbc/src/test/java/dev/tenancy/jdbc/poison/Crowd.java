package dev.tenancy.jdbc.poison;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.TenantContext;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.jdbc.TenantDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Many users of several tenants at once, who do one thing or another and look what they see. */
final class Crowd {
    private static final int TENANTS = 5;
    private static final String INSERT = "INSERT INTO notes (body) VALUES (?)";

    private final TenantDataSource source;
    private final long seed;
    private final Map<String, String> written = new ConcurrentHashMap<>();

    Crowd(TenantDataSource source, long seed) {
        this.source = source;
        this.seed = seed;
    }

    /** The tenant of each note that was committed. */
    Map<String, String> written() {
        return Map.copyOf(written);
    }

    /** Lets so many users do so many things each. */
    void work(int users, int operations) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(users);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int user = 0; user < users; user++) {
                Random random = new Random(seed + user);
                String name = "user " + user;
                all.add(threads.submit(() -> {
                    for (int i = 0; i < operations; i++) {
                        operate(random, name + ", note " + i);
                    }
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private void operate(Random random, String note) throws SQLException {
        String tenant = "crowd-" + random.nextInt(TENANTS);
        TenantContext.run(TenantIdentity.of(TenantId.of(tenant), "test"), () -> {
            try (Connection connection = source.getConnection()) {
                boolean autoCommit = connection.getAutoCommit();
                if (random.nextInt(3) == 0) {
                    connection.setAutoCommit(!autoCommit);
                }
                for (int i = random.nextInt(3); i >= 0; i--) {
                    operate(connection, random.nextInt(7), tenant, note + "." + i);
                }
            }
        });
    }

    private void operate(Connection connection, int what, String tenant, String note) throws SQLException {
        switch (what) {
            case 0 -> {
                assertThat(Rows.changed(connection, INSERT, note)).isOne();
                Poison.commit(connection);
                written.put(note, tenant);
            }
            case 1 -> {
                if (!connection.getAutoCommit()) {
                    Rows.changed(connection, INSERT, note);
                    connection.rollback();
                }
            }
            case 2 -> {
                try (PreparedStatement batch = connection.prepareStatement(INSERT)) {
                    batch.setString(1, note);
                    batch.addBatch();
                    batch.executeBatch();
                }
                Poison.commit(connection);
                written.put(note, tenant);
            }
            case 3 -> fail(connection);
            case 4 -> {
                assertThat(Rows.of(connection, "SELECT notes_like(?)", "of _")).containsExactly("0");
                Poison.commit(connection);
            }
            default -> {}
        }
        assertThat(Rows.of(connection, "SELECT DISTINCT tenant_id FROM notes")).isSubsetOf(tenant);
        assertThat(Rows.of(connection, "SELECT current_setting('tenancy.tenant_id')"))
                .containsExactly(tenant);
        Poison.commit(connection);
    }

    private static void fail(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeQuery("SELECT 1 / 0").close();
        } catch (SQLException expected) {
            if (!connection.getAutoCommit()) {
                connection.rollback();
            }
        }
    }
}
