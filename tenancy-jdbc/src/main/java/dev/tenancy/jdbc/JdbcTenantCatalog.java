package dev.tenancy.jdbc;

import static java.util.Objects.requireNonNull;

import dev.tenancy.TenancyConfigException;
import dev.tenancy.Tenant;
import dev.tenancy.TenantCatalog;
import dev.tenancy.TenantId;
import dev.tenancy.UnavailableException;
import dev.tenancy.catalog.CachedTenantCatalog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The tenants that a table of PostgreSQL names, remembered by a {@link CachedTenantCatalog}.
 *
 * <pre>{@code
 * JdbcTenantCatalog catalog = JdbcTenantCatalog.builder(pool)
 *         .cached(cache -> cache.timeToLive(Duration.ofSeconds(30)))
 *         .listenOn(direct)
 *         .build();
 * }</pre>
 *
 * <p>{@link #ddl()} makes the table; the role that reads it needs {@code SELECT} on it and nothing else, and row-level
 * security does not belong on it. What changes in it is seen after the cache's time to live at the latest, in all
 * replicas; with {@link Builder#listenOn} as soon as it is committed, since a trigger tells (PostgreSQL manual,
 * NOTIFY). A row that says what no tenant can be makes that tenant unavailable, and no other.
 *
 * <p>Who asks for many tenants, also for such as there are none, waits, and costs no more than one connection and
 * {@link Builder#queriesPerSecond}: those who wait are answered by one query. Thread-safe.
 *
 * @since 0.1
 */
public final class JdbcTenantCatalog implements TenantCatalog, AutoCloseable {
    private final CatalogTable table;
    private final CachedTenantCatalog cache;
    private final @Nullable CatalogListener listener;

    private JdbcTenantCatalog(Builder builder, CatalogTable table) {
        this.table = table;
        this.cache = builder.caching
                .apply(CachedTenantCatalog.builder(
                        new CatalogLookups(builder.dataSource, table, builder.queryTimeout, builder.queriesPerSecond)))
                .build();
        this.listener = builder.direct == null ? null : CatalogListener.start(builder.direct, table.channel(), cache);
    }

    /**
     * {@return a builder of a catalog}
     *
     * @param dataSource gives connections of a role that may SELECT from the table; a pool of 2 is enough. Not a
     *     {@link TenantDataSource}: there is no tenant yet when it is asked (its {@code withoutTenant()} will do)
     */
    public static Builder builder(DataSource dataSource) {
        return new Builder(requireNonNull(dataSource, "dataSource"));
    }

    /**
     * {@return the SQL that makes the table {@code tenancy_tenant} and the triggers that tell of its changes, or
     * replaces these}
     */
    public static String ddl() {
        return ddl(CatalogTable.USUAL_NAME);
    }

    /**
     * {@return the same for a table of another name}
     *
     * @param table as for {@link Builder#table}
     * @throws TenancyConfigException if it cannot be the name
     */
    public static String ddl(String table) {
        return CatalogTable.named(table)
                .orElseThrow(() -> new TenancyConfigException(List.of(badName(table))))
                .ddl();
    }

    /**
     * {@return the tenant, or empty if the table does not have it}
     *
     * @throws UnavailableException if the database cannot be asked, or the tenant's row cannot be used, and nothing is
     *     remembered that may be served instead
     */
    @Override
    public Optional<Tenant> find(TenantId id) {
        return cache.find(id);
    }

    /** Forgets a tenant: whoever asks for it after this call is told what the table has after this call. */
    public void invalidate(TenantId id) {
        cache.invalidate(id);
    }

    /** Forgets all tenants, as {@link #invalidate} does one. */
    public void invalidateAll() {
        cache.invalidateAll();
    }

    /**
     * {@return what changes the table; here at once, in other replicas as soon as this one's changes are told}
     *
     * @param dataSource gives connections of a role that may SELECT, INSERT, UPDATE and DELETE in the table
     */
    public TenantRegistry registry(DataSource dataSource) {
        return new TenantRegistry(requireNonNull(dataSource, "dataSource"), table, cache);
    }

    /** Stops listening; does not close the data sources. What is remembered may still be asked for. */
    @Override
    public void close() {
        if (listener != null) {
            listener.close();
        }
    }

    private static String badName(String name) {
        return "table is \"" + name + "\"; allowed: " + CatalogTable.ALLOWED;
    }

    /**
     * Collects the settings. Not thread-safe.
     *
     * @since 0.1
     */
    public static final class Builder {
        private final DataSource dataSource;
        private String table = CatalogTable.USUAL_NAME;
        private UnaryOperator<CachedTenantCatalog.Builder> caching = cache -> cache;
        private Duration queryTimeout = Duration.ofSeconds(5);
        private int queriesPerSecond = 500;
        private @Nullable DataSource direct;

        private Builder(DataSource dataSource) {
            this.dataSource = dataSource;
        }

        /** Sets the table, {@code tenancy_tenant} if not said; with its schema, or found by the search path. */
        public Builder table(String name) {
            this.table = requireNonNull(name, "name");
            return this;
        }

        /** Sets what the cache remembers and how long; what {@link CachedTenantCatalog.Builder} has if not said. */
        public Builder cached(UnaryOperator<CachedTenantCatalog.Builder> settings) {
            this.caching = requireNonNull(settings, "settings");
            return this;
        }

        /**
         * Sets where changes are heard; nowhere if not said.
         *
         * @param source gives one connection that is kept, straight to the server: not behind a pooler that shares
         *     sessions, and not from a pool that somebody else needs. Any role will do
         */
        public Builder listenOn(DataSource source) {
            this.direct = requireNonNull(source, "source");
            return this;
        }

        /** Sets how long a query may take, in whole seconds, 1 to 60; 5 seconds if not said. */
        public Builder queryTimeout(Duration time) {
            this.queryTimeout = requireNonNull(time, "time");
            return this;
        }

        /** Sets how many queries a second there are at most, 10 to 100,000; 500 if not said. */
        public Builder queriesPerSecond(int most) {
            this.queriesPerSecond = most;
            return this;
        }

        /**
         * {@return the catalog, which listens already if it was told where; it does not need the database to be there}
         *
         * @throws TenancyConfigException if a setting is out of its range; names all that are
         */
        public JdbcTenantCatalog build() {
            List<String> faults = new ArrayList<>();
            Optional<CatalogTable> named = CatalogTable.named(table);
            if (named.isEmpty()) {
                faults.add(badName(table));
            }
            if (queryTimeout.toSeconds() < 1
                    || queryTimeout.toSeconds() > 60
                    || !queryTimeout.equals(Duration.ofSeconds(queryTimeout.toSeconds()))) {
                faults.add("queryTimeout is " + queryTimeout + "; allowed: whole seconds, PT1S to PT1M");
            }
            if (queriesPerSecond < 10 || queriesPerSecond > 100_000) {
                faults.add("queriesPerSecond is " + queriesPerSecond + "; allowed: 10 to 100000");
            }
            if (!faults.isEmpty()) {
                throw new TenancyConfigException(faults);
            }
            return new JdbcTenantCatalog(this, named.orElseThrow());
        }
    }
}
