package dev.tenancy.jdbc;

import dev.tenancy.InvalidTenantIdException;
import dev.tenancy.Tenant;
import dev.tenancy.TenantId;
import dev.tenancy.catalog.CachedTenantCatalog;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
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
        change(
                tenant.id(),
                insert() + " ON CONFLICT (id) DO UPDATE SET status = excluded.status,"
                        + " readable_tenants = excluded.readable_tenants, settings = excluded.settings",
                (connection, statement) -> bind(connection, statement, tenant));
    }

    private String insert() {
        return "INSERT INTO " + table.sql() + " (id, status, readable_tenants, settings)"
                + " VALUES (?, ?, ?, pg_catalog.jsonb_object(?, ?))";
    }

    private static void bind(Connection connection, PreparedStatement statement, Tenant tenant) throws SQLException {
        List<Map.Entry<String, String>> settings = List.copyOf(tenant.settings().entrySet());
        statement.setString(1, tenant.id().value());
        statement.setString(2, text(tenant.status()));
        statement.setArray(
                3,
                connection.createArrayOf(
                        "text",
                        tenant.readableTenants().stream().map(TenantId::value).toArray()));
        statement.setArray(
                4,
                connection.createArrayOf(
                        "text", settings.stream().map(Map.Entry::getKey).toArray()));
        statement.setArray(
                5,
                connection.createArrayOf(
                        "text", settings.stream().map(Map.Entry::getValue).toArray()));
    }

    /**
     * Changes a tenant by what the table has of it, or makes it: as one step, so that of two who change it at the same
     * time the second one changes what the first one made.
     *
     * @param change makes the tenant of the one before, empty if there is none; others wait for it, and it may be
     *     called again. What it throws is thrown, and nothing is changed
     * @return what is stored
     * @throws IllegalArgumentException if {@code change} gives a tenant with another id
     * @throws SQLException as for {@link #put}, or if the row in the table says what no tenant can be: see {@code put}
     */
    public Tenant update(TenantId id, Function<Optional<Tenant>, Tenant> change) throws SQLException {
        try {
            return connected(false, connection -> {
                try {
                    Optional<Tenant> stored = Optional.empty();
                    while (stored.isEmpty()) {
                        stored = updated(connection, id, change);
                    }
                    connection.commit();
                    return stored.orElseThrow();
                } catch (SQLException | RuntimeException failure) {
                    rollBack(connection, failure);
                    throw failure;
                }
            });
        } finally {
            cache.invalidate(id); // also after a failure: it may have been committed
        }
    }

    /** Empty if somebody else made the tenant meanwhile. */
    private Optional<Tenant> updated(Connection connection, TenantId id, Function<Optional<Tenant>, Tenant> change)
            throws SQLException {
        Optional<Tenant> former = locked(connection, id);
        Tenant tenant = change.apply(former);
        if (!tenant.id().equals(id)) {
            throw new IllegalArgumentException("the change of tenant " + id + " gives tenant " + tenant.id());
        }
        String store = former.isEmpty()
                ? insert() + " ON CONFLICT (id) DO NOTHING"
                : "UPDATE " + table.sql() + " SET (id, status, readable_tenants, settings)"
                        + " = (?, ?, ?::text[], pg_catalog.jsonb_object(?, ?)) WHERE id = ?";
        try (PreparedStatement statement = connection.prepareStatement(store)) {
            bind(connection, statement, tenant);
            if (former.isPresent()) {
                statement.setString(6, id.value());
            }
            return statement.executeUpdate() == 1 ? Optional.of(tenant) : Optional.empty();
        }
    }

    /**
     * Locked by one statement and read by the next: one that waited may have what it joins from before. What was not
     * there to be locked is not there, though it may be by the next statement.
     */
    private Optional<Tenant> locked(Connection connection, TenantId id) throws SQLException {
        try (PreparedStatement lock =
                        connection.prepareStatement("SELECT FROM " + table.sql() + " WHERE id = ? FOR UPDATE");
                PreparedStatement select = connection.prepareStatement(table.select())) {
            lock.setString(1, id.value());
            try (ResultSet row = lock.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
            }
            select.setArray(1, connection.createArrayOf("text", new Object[] {id.value()}));
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return Optional.of(table.read(row, id));
            }
        } catch (CatalogTable.MalformedRow bad) {
            throw new SQLDataException(
                    "the row of tenant " + id + " in table " + table.sql() + " cannot be used: " + bad.getMessage(),
                    bad);
        }
    }

    private static void rollBack(Connection connection, Exception failure) {
        try {
            connection.rollback();
        } catch (SQLException lost) {
            failure.addSuppressed(lost);
        }
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
        return connected(true, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                return work.on(connection, statement);
            }
        });
    }

    private <R> R connected(boolean autoCommit, Connected<R> work) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            boolean before = connection.getAutoCommit();
            if (before != autoCommit) {
                connection.setAutoCommit(autoCommit);
            }
            try {
                return work.on(connection);
            } finally {
                if (before != autoCommit) {
                    connection.setAutoCommit(before);
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
    private interface Connected<R> {
        R on(Connection connection) throws SQLException;
    }

    @FunctionalInterface
    private interface Work<R> {
        R on(Connection connection, PreparedStatement statement) throws SQLException;
    }
}
