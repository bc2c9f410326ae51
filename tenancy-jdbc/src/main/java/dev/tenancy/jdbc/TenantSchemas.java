package dev.tenancy.jdbc;

import static java.util.Objects.requireNonNull;

import dev.tenancy.TenantId;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.sql.DataSource;

/**
 * A schema for each tenant: which it is, and that its tables are there.
 *
 * <pre>{@code
 * TenantSchemas schemas = TenantSchemas.builder(ownersDataSource, tenant -> Optional.of("t_" + tenant.value()))
 *         .migration("7", (owner, schema) -> flyway(owner, schema).migrate())
 *         .grantTo("app")
 *         .build();
 * TenantDataSource source = TenantDataSource.builder(pool).schemas(schemas).build();
 * }</pre>
 *
 * <p>A connection has {@code search_path} set to the tenant's schema, then the shared ones, then {@code pg_temp}, in
 * the same statement that binds the tenant: for the transaction with {@link TenantBinding#transaction()}, for the
 * session with {@link TenantBinding#session()}. Nothing in front of the tenant's schema can be made by its SQL, but
 * what PostgreSQL has itself.
 *
 * <p>When a tenant first needs its schema, it is made, migrated and its rights given, once, whoever else waits for it,
 * in this process or another one (the lock of a row on which only the owner has rights, PostgreSQL manual, section
 * 13.3.2); for how long, {@link Builder#longestWait} says. If that fails, the borrower gets an
 * {@link java.sql.SQLTransientConnectionException} (57P03) that says no more than that, the log has the cause, and the
 * next borrower tries again; other tenants notice nothing. A tenant that has no schema gets no connection (28000).
 *
 * <p><b>It holds</b> against SQL that forgets whose it is. SQL that names another schema is kept out only by rights:
 * one role has the rights in all of them. Where SQL comes from an attacker, use {@link TenantSeal}, or a role and a
 * pool for each tenant.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class TenantSchemas {
    private static final String LAST = "pg_temp";

    private final Function<TenantId, Optional<String>> mapping;
    private final List<String> shared;
    private final SchemaGate gate;
    private final ConcurrentMap<SchemaName, TenantId> tenants = new ConcurrentHashMap<>();

    private TenantSchemas(Builder builder, SchemaGate gate) {
        this.mapping = builder.mapping;
        this.shared = List.copyOf(builder.shared);
        this.gate = gate;
    }

    /**
     * {@return a builder}
     *
     * @param owner gives connections of the role that owns the schemas, or may create them; at least two at once
     * @param mapping the schema of a tenant, or empty if it has none; asked for each borrowed connection, thread-safe.
     *     Of two tenants that have the same, only the first gets a connection; the other is refused (28000)
     */
    public static Builder builder(DataSource owner, Function<TenantId, Optional<String>> mapping) {
        return new Builder(requireNonNull(owner, "owner"), requireNonNull(mapping, "mapping"));
    }

    /**
     * The value of {@code search_path} for a tenant.
     *
     * @throws SQLException with SQLState 28000 if it has no schema
     */
    String searchPathOf(TenantId tenant) throws SQLException {
        StringBuilder path = new StringBuilder(schemaOf(tenant).quoted());
        shared.forEach(schema -> path.append(", ").append('"').append(schema).append('"'));
        return path.append(", ").append(LAST).toString();
    }

    /** Waits until the tenant's schema is there. */
    void await(TenantId tenant) throws SQLException {
        gate.pass(schemaOf(tenant));
    }

    /**
     * Says that the tenant's schema may have been dropped, because the tenant was erased: should it come back, the
     * schema is made anew when it is first needed. Each process has to be told; without it, one that knew the schema
     * takes it for being there.
     */
    public void forget(TenantId tenant) {
        tenants.forEach((schema, owner) -> {
            if (owner.equals(tenant)) {
                gate.forget(schema);
            }
        });
    }

    private SchemaName schemaOf(TenantId tenant) throws SQLException {
        String name = mapping.apply(tenant)
                .orElseThrow(() -> new SQLException("the current tenant has no schema", SqlStates.REFUSED));
        try {
            SchemaName schema = SchemaName.of(name);
            if (!tenants.computeIfAbsent(schema, first -> tenant).equals(tenant)) {
                throw new SQLException("the schema of the current tenant is another tenant's", SqlStates.REFUSED);
            }
            return schema;
        } catch (IllegalArgumentException fault) {
            throw new SQLException("the schema of the current tenant " + fault.getMessage(), SqlStates.REFUSED, fault);
        }
    }

    /**
     * What became of many schemas.
     *
     * @param migrated how many have the version now, or had it before
     * @param failed why others have not, by their names
     * @since 0.1
     */
    public record Report(int migrated, Map<String, Exception> failed) {
        /** Keeps a copy. */
        public Report {
            failed = Map.copyOf(failed);
        }
    }

    /**
     * Migrates many schemas before anybody needs them. One that fails does not stop the others.
     *
     * @param schemas their names
     * @param parallel how many at once, from 1 to half of the connections that the owner's data source gives
     * @param progress is told, by any thread, how many are done
     * @return what became of them
     * @throws IllegalArgumentException if a name is no schema's
     * @throws InterruptedException if the thread is interrupted; what was begun is completed
     */
    public Report migrateAll(Collection<String> schemas, int parallel, Consumer<Integer> progress)
            throws InterruptedException {
        List<SchemaName> names = schemas.stream().map(SchemaName::of).toList();
        AtomicInteger done = new AtomicInteger();
        ExecutorService workers = Executors.newFixedThreadPool(parallel);
        try {
            List<Future<Void>> migrations = workers.invokeAll(names.stream()
                    .map(name -> (Callable<Void>) () -> {
                        try {
                            gate.migrated(name);
                        } finally {
                            progress.accept(done.incrementAndGet());
                        }
                        return null;
                    })
                    .toList());
            return report(names, migrations);
        } finally {
            workers.shutdown();
        }
    }

    private static Report report(List<SchemaName> names, List<Future<Void>> migrations) throws InterruptedException {
        Map<String, Exception> failed = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            try {
                migrations.get(i).get();
            } catch (ExecutionException failure) {
                failed.put(names.get(i).name(), failure.getCause() instanceof Exception cause ? cause : failure);
            }
        }
        return new Report(names.size() - failed.size(), failed);
    }

    /**
     * Says how schemas are found and made. Not thread-safe.
     *
     * @since 0.1
     */
    public static final class Builder {
        private final DataSource owner;
        private final Function<TenantId, Optional<String>> mapping;
        private final List<String> shared = new ArrayList<>();
        private final List<String> grants = new ArrayList<>();
        private SchemaMigration migration = (from, schema) -> {};
        private String version = "";
        private Duration longestWait = Duration.ofSeconds(30);

        private Builder(DataSource owner, Function<TenantId, Optional<String>> mapping) {
            this.owner = owner;
            this.mapping = mapping;
        }

        /** Adds a schema that all tenants see, behind their own; none if this is not called. */
        public Builder shared(String schema) {
            shared.add(schema.equals("public") ? schema : SchemaName.of(schema).name());
            return this;
        }

        /**
         * Sets what makes the tables; schemas stay empty if this is not called.
         *
         * @param toVersion any text that is another one when the migration makes something else; schemas that have it
         *     are not migrated again
         */
        public Builder migration(String toVersion, SchemaMigration how) {
            this.version = requireNonNull(toVersion, "toVersion");
            this.migration = requireNonNull(how, "how");
            return this;
        }

        /** Adds a role that may SELECT, INSERT, UPDATE and DELETE in each schema, and create nothing. */
        public Builder grantTo(String role) {
            grants.add(role);
            return this;
        }

        /**
         * Sets how long a borrower, {@link TenantSchemas#migrateAll} and {@link #build} wait for somebody else's
         * migration, in this process or another one; 30 seconds if this is not called.
         */
        public Builder longestWait(Duration wait) {
            if (wait.isNegative()) {
                throw new IllegalArgumentException("longestWait is " + wait + "; allowed: zero or more");
            }
            this.longestWait = wait;
            return this;
        }

        /**
         * {@return the schemas}
         *
         * @throws SQLException if the owner's role cannot make the table in which their versions are kept, or others
         *     change the schema for longer than {@link #longestWait} (55P03)
         */
        public TenantSchemas build() throws SQLException {
            SchemaMigrator migrator = new SchemaMigrator(owner, migration, version, List.copyOf(grants), longestWait);
            migrator.prepare();
            return new TenantSchemas(this, new SchemaGate(migrator));
        }
    }
}
