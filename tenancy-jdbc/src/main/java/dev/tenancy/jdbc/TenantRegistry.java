package dev.tenancy.jdbc;

import dev.tenancy.InvalidTenantIdException;
import dev.tenancy.Tenant;
import dev.tenancy.TenantId;
import dev.tenancy.catalog.CachedTenantCatalog;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes the table of a {@link JdbcTenantCatalog}: for administrators, with a role of their own.
 *
 * <p>When a method returns, the catalog that made this knows the change; other replicas hear of it if they listen, and
 * know it after their cache's time to live at the latest. Immutable and thread-safe.
 *
 * @since 0.1
 */
public final class TenantRegistry {
    private static final Logger LOG = LoggerFactory.getLogger(TenantRegistry.class);

    private final DataSource dataSource;
    private final CatalogTable table;
    private final CachedTenantCatalog cache;

    TenantRegistry(DataSource dataSource, CatalogTable table, CachedTenantCatalog cache) {
        this.dataSource = dataSource;
        this.table = table;
        this.cache = cache;
    }

    /**
     * Stores a tenant as it is: adds it, or puts it in the place of the one with its id.
     *
     * @throws SQLException if it cannot be stored; whether it was is not known if the connection was lost
     */
    public void put(Tenant tenant) throws SQLException {
        String sql = "INSERT INTO " + table.sql() + " (id, status, readable_tenants, settings)"
                + " VALUES (?, ?, ?, pg_catalog.jsonb_object(?, ?)) ON CONFLICT (id) DO UPDATE SET"
                + " status = excluded.status, readable_tenants = excluded.readable_tenants, settings = excluded.settings";
        change(tenant.id(), sql, (connection, statement) -> {
            List<Map.Entry<String, String>> settings =
                    List.copyOf(tenant.settings().entrySet());
            statement.setString(1, tenant.id().value());
            statement.setString(2, text(tenant.status()));
            statement.setArray(
                    3,
                    connection.createArrayOf(
                            "text",
                            tenant.readableTenants().stream()
                                    .map(TenantId::value)
                                    .toArray()));
            statement.setArray(
                    4,
                    connection.createArrayOf(
                            "text", settings.stream().map(Map.Entry::getKey).toArray()));
            statement.setArray(
                    5,
                    connection.createArrayOf(
                            "text", settings.stream().map(Map.Entry::getValue).toArray()));
        });
    }

    /**
     * Sets whether a tenant is served, and nothing else.
     *
     * @return whether there is such a tenant
     * @throws SQLException as for {@link #put}
     */
    public boolean setStatus(TenantId id, Tenant.Status status) throws SQLException {
        return change(id, "UPDATE " + table.sql() + " SET status = ? WHERE id = ?", (connection, statement) -> {
            statement.setString(1, text(status));
            statement.setString(2, id.value());
        });
    }

    /**
     * Removes a tenant from the table; its rows elsewhere stay: see {@link TenantOffboarding}.
     *
     * @return whether there was such a tenant
     * @throws SQLException as for {@link #put}
     */
    public boolean remove(TenantId id) throws SQLException {
        return change(
                id,
                "DELETE FROM " + table.sql() + " WHERE id = ?",
                (connection, statement) -> statement.setString(1, id.value()));
    }

    /**
     * {@return the ids of tenants, in the order of their bytes}
     *
     * <p>A row whose id no tenant can have is left out, and the log tells.
     *
     * @param after the last id of the page before, empty for the first page
     * @param most how many at most, at least 1
     * @throws SQLException if the table cannot be read
     */
    public List<TenantId> ids(Optional<TenantId> after, int most) throws SQLException {
        String sql = "SELECT id FROM " + table.sql() + " WHERE id COLLATE \"C\" > ? ORDER BY id COLLATE \"C\" LIMIT ?";
        return run(sql, (connection, statement) -> {
            statement.setString(1, after.map(TenantId::value).orElse(""));
            statement.setInt(2, most);
            List<TenantId> ids = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    add(ids, row.getString(1));
                }
            }
            return ids;
        });
    }

    private void add(List<TenantId> ids, String id) {
        try {
            ids.add(TenantId.of(id));
        } catch (InvalidTenantIdException bad) {
            LOG.warn("table {} has a tenant that cannot be one", table.sql(), bad);
        }
    }

    private boolean change(TenantId id, String sql, Parameters parameters) throws SQLException {
        try {
            return run(sql, (connection, statement) -> {
                parameters.set(connection, statement);
                return statement.executeUpdate() == 1;
            });
        } finally {
            cache.invalidate(id); // also after a failure: it may have been committed
        }
    }

    /** In a transaction of its own. */
    private <R> R run(String sql, Work<R> work) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            boolean autoCommit = connection.getAutoCommit();
            if (!autoCommit) {
                connection.setAutoCommit(true);
            }
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                return work.on(connection, statement);
            } finally {
                if (!autoCommit) {
                    connection.setAutoCommit(false);
                }
            }
        }
    }

    private static String text(Tenant.Status status) {
        return status.name().toLowerCase(Locale.ROOT);
    }

    @FunctionalInterface
    private interface Parameters {
        void set(Connection connection, PreparedStatement statement) throws SQLException;
    }

    @FunctionalInterface
    private interface Work<R> {
        R on(Connection connection, PreparedStatement statement) throws SQLException;
    }
}
