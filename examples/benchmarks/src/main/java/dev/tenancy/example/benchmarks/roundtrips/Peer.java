package dev.tenancy.example.benchmarks.roundtrips;

import dev.tenancy.TenantContext;
import dev.tenancy.jdbc.TenantBinding;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import javax.sql.DataSource;

/** What one would have instead. */
enum Peer implements Way {
    /** No tenants at all. */
    UNSCOPED {
        @Override
        public Table table() {
            return Table.PLAIN_NOTES;
        }

        @Override
        public Borrowing over(DataSource pool) {
            return pool::getConnection;
        }
    },

    /**
     * Sets the tenant as a statement of its own when a connection is borrowed, as the connection providers of Spring
     * and Hibernate applications do. Whoever borrows next without saying so has the same tenant.
     */
    SET_AT_BORROW {
        @Override
        public Borrowing over(DataSource pool) {
            return () -> set(pool.getConnection());
        }
    },

    /** The same, and takes it back when the connection is returned. */
    SET_AND_RESET {
        @Override
        public Borrowing over(DataSource pool) {
            return new SettingAndResetting(pool);
        }
    };

    static final List<Way> ALL = List.of(values());

    private static final String SET = "SELECT set_config('" + TenantBinding.SETTING + "', ?, false)";
    private static final String RESET = "RESET " + TenantBinding.SETTING;

    @Override
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static Connection set(Connection connection) throws SQLException {
        try (PreparedStatement set = connection.prepareStatement(SET)) {
            set.setString(1, TenantContext.require().tenantId().value());
            set.execute();
        }
        return connection;
    }

    private record SettingAndResetting(DataSource pool) implements Borrowing {
        @Override
        public Connection borrow() throws SQLException {
            return set(pool.getConnection());
        }

        @Override
        public void giveBack(Connection connection) throws SQLException {
            try (connection;
                    Statement reset = connection.createStatement()) {
                reset.execute(RESET);
            }
        }
    }
}
