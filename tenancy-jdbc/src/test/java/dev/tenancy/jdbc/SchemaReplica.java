package dev.tenancy.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.tenancy.TenantId;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;

/** A server that needs the schema of acme in many threads at once. */
final class SchemaReplica {
    static final TenantId ACME = TenantId.of("acme");
    private static final int THREADS = 20;

    private SchemaReplica() {}

    /**
     * Waits for a line, and says one when all threads have passed.
     *
     * @param arguments the owner's URL, and anything if it is to wait in the middle of the migration
     */
    @SuppressWarnings("SystemOut") // the other virtual machine reads it
    public static void main(String[] arguments) throws Exception {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(arguments[0]);
        config.setMaximumPoolSize(4);
        try (HikariDataSource owner = new HikariDataSource(config)) {
            TenantSchemas schemas = schemas(owner, () -> {
                if (arguments.length > 1) {
                    System.out.println("in the middle");
                    System.in.read();
                }
            });
            System.out.println("ready");
            System.in.read();
            ExecutorService threads = Executors.newFixedThreadPool(THREADS);
            List<Callable<Void>> requests = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                requests.add(() -> {
                    schemas.await(ACME);
                    return null;
                });
            }
            for (Future<Void> request : threads.invokeAll(requests)) {
                request.get();
            }
            threads.shutdown();
            System.out.println("passed");
        }
    }

    /** Something between two transactions of the migration. */
    @FunctionalInterface
    interface Middle {
        void run() throws IOException;
    }

    static TenantSchemas schemas(DataSource owner, Middle middle) throws SQLException {
        return TenantSchemas.builder(owner, tenant -> Optional.of("t_" + tenant.value()))
                .migration("1", (from, schema) -> migrate(from, schema, middle))
                .build();
    }

    /** In two transactions, and each may be there already. */
    private static void migrate(DataSource from, String schema, Middle middle) throws SQLException, IOException {
        execute(from, "INSERT INTO migrations VALUES ('" + schema + "')");
        execute(from, "CREATE TABLE IF NOT EXISTS " + schema + ".first (id int)");
        middle.run();
        execute(from, "CREATE TABLE IF NOT EXISTS " + schema + ".second (id int)");
    }

    private static void execute(DataSource from, String sql) throws SQLException {
        try (Connection connection = from.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
