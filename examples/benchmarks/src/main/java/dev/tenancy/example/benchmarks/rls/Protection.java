package dev.tenancy.example.benchmarks.rls;

import dev.tenancy.TenantContext;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.jdbc.RowLevelSecurity;
import dev.tenancy.jdbc.SealKey;
import dev.tenancy.jdbc.TenantBinding;
import dev.tenancy.jdbc.TenantDataSource;
import dev.tenancy.jdbc.TenantSeal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Locale;
import javax.sql.DataSource;

/** How the rows of tenants are kept apart: each way has a table of its own, with the same rows. */
enum Protection {
    /** Not by the database: every query names the tenant. */
    WHERE_BY_HAND {
        @Override
        void protect(Connection owner, String app) throws SQLException {
            execute(owner, "ALTER TABLE " + table() + " ADD PRIMARY KEY (tenant_id, id)");
            execute(owner, "GRANT SELECT ON " + table() + " TO " + app);
        }

        @Override
        String restriction(String tenant) {
            return "tenant_id = '" + tenant + "'";
        }
    },
    /** {@link RowLevelSecurity} as it is. */
    INITPLAN {
        @Override
        void protect(Connection owner, String app) throws SQLException {
            RowLevelSecurity.table(table()).key("id").grantTo(app).build().apply(owner);
        }

        @Override
        Connection bound(DataSource pool, String tenant) throws SQLException {
            return borrow(TenantDataSource.wrap(pool), tenant);
        }
    },
    /** {@link RowLevelSecurity} that believes a seal only. */
    SEALED {
        @Override
        void protect(Connection owner, String app) throws SQLException {
            TenantSeal.install(owner, KEY);
            RowLevelSecurity.table(table())
                    .key("id")
                    .sealed()
                    .grantTo(app)
                    .build()
                    .apply(owner);
        }

        @Override
        Connection bound(DataSource pool, String tenant) throws SQLException {
            TenantSeal seal =
                    TenantSeal.builder(KEY).validity(Duration.ofDays(1)).build();
            return borrow(TenantDataSource.builder(pool).seal(seal).build(), tenant);
        }
    },
    /** A policy as most guides have it: the setting is read for every row. */
    BARE_CURRENT_SETTING {
        @Override
        void protect(Connection owner, String app) throws SQLException {
            byPolicy(owner, app, "tenant_id = " + SETTING);
        }
    },
    /** The same, with a way round it for administrators. */
    OR_FOR_ADMIN {
        @Override
        void protect(Connection owner, String app) throws SQLException {
            byPolicy(owner, app, "tenant_id = " + SETTING + " OR current_setting('app.admin', true) = 'on'");
        }
    };

    private static final SealKey KEY = SealKey.random("bench");
    private static final String SETTING = "current_setting('" + TenantBinding.SETTING + "')";

    /** Keeps the rows of {@link #table} apart. */
    abstract void protect(Connection owner, String app) throws SQLException;

    String table() {
        return "rows_" + name().toLowerCase(Locale.ROOT);
    }

    boolean isOurs() {
        return this == INITPLAN || this == SEALED;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What a query has to say itself. */
    String restriction(String tenant) {
        return "true";
    }

    /** A connection that is the tenant's for good. */
    Connection bound(DataSource pool, String tenant) throws SQLException {
        Connection connection = pool.getConnection();
        try (PreparedStatement set =
                connection.prepareStatement("SELECT set_config('" + TenantBinding.SETTING + "', ?, false)")) {
            set.setString(1, tenant);
            set.execute();
        }
        return connection;
    }

    private static Connection borrow(TenantDataSource source, String tenant) throws SQLException {
        return TenantContext.call(TenantIdentity.of(TenantId.of(tenant), "bench"), source::getConnection);
    }

    final void byPolicy(Connection owner, String app, String predicate) throws SQLException {
        execute(owner, "ALTER TABLE " + table() + " ADD PRIMARY KEY (tenant_id, id)");
        execute(owner, "ALTER TABLE " + table() + " ENABLE ROW LEVEL SECURITY");
        execute(owner, "CREATE POLICY by_tenant ON " + table() + " USING (" + predicate + ")");
        execute(owner, "GRANT SELECT ON " + table() + " TO " + app);
    }

    private static void execute(Connection owner, String sql) throws SQLException {
        try (Statement statement = owner.createStatement()) {
            statement.execute(sql);
        }
    }
}
