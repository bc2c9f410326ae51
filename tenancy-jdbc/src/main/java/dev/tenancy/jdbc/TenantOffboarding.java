package dev.tenancy.jdbc;

import static java.util.Objects.requireNonNull;

import dev.tenancy.TenancyConfigException;
import dev.tenancy.Tenant;
import dev.tenancy.TenantCatalog;
import dev.tenancy.TenantId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a tenant out of a database: exports all its rows, erases them, and proves that none is left.
 *
 * <pre>{@code
 * TenantOffboarding offboarding = TenantOffboarding.builder(ownersDataSource).build();
 * offboarding.exportTo(directory, tenant);
 * ErasureProof proof = offboarding.erase(tenant);
 * }</pre>
 *
 * <p>The tenant's rows are in every table, of every schema of the database, that has the tenant column (of type
 * {@code text}, {@code varchar}, {@code uuid} or {@code bigint}), with or without row-level security, partitioned or
 * inheriting; and in all tables of the tenant's own schemas, if it has some. A table whose column has another type is
 * an error that names it.
 *
 * <p><b>The role.</b> Not the application's, and no {@code TenantDataSource}: the owner of the tables, or a role with
 * {@code SELECT} and {@code DELETE} on every table that has the column, and {@code USAGE} on their schemas. It needs
 * {@code UPDATE} where rows refer to each other in a circle, {@code INSERT} and {@code TEMPORARY} to restore, and to
 * own the tenant's schemas to drop them. Rights, foreign keys and policies are looked at in all tables before the first
 * row is touched; what is missing is an error that names the tables, and then nothing is claimed either.
 *
 * <p><b>Nothing else is touched.</b> The tenant is bound in every transaction, so that {@link RowLevelSecurity} keeps
 * other tenants' rows from the owner too; and every statement has the condition as well, for tables without policies
 * and roles that they do not apply to. Row-level security hides, and what is hidden cannot be proven gone: so policies
 * that apply to the role are asked whether they show all rows of the tenant (those of {@code RowLevelSecurity} do), and
 * where that is not certain the table is refused. A foreign key with an action {@code ON DELETE} that does not lead
 * with the tenant column on both sides could reach rows of other tenants, past all policies, and is refused by name.
 *
 * <p><b>What it cannot reach.</b> Tables without the column outside the tenant's schemas, rows whose tenant is NULL,
 * large objects, other databases, logs, backups and replicas' archives, dead rows until VACUUM; materialized views and
 * foreign tables are counted and not erased (refresh or drop them, then ask {@link #prove} again).
 *
 * <p>Immutable and thread-safe. It may run beside other tenants' work: each batch is a transaction that locks no more
 * than its rows. Locks on whole tables are taken when a schema is dropped, on those of the schema.
 *
 * @since 0.1
 */
public final class TenantOffboarding {
    private static final Logger LOG = LoggerFactory.getLogger(TenantOffboarding.class);

    private final Builder settings;

    private TenantOffboarding(Builder settings) {
        this.settings = settings;
    }

    /**
     * {@return a builder}
     *
     * @param dataSource gives connections of the PostgreSQL driver, of the role that is described above
     */
    public static Builder builder(DataSource dataSource) {
        return new Builder(requireNonNull(dataSource, "dataSource"));
    }

    /**
     * Exports all rows of a tenant into a directory.
     *
     * <p>As {@link #exportTo(ExportFiles, TenantId)}. Files are made for the user of the process only, where the file
     * system knows users.
     *
     * @param directory empty, or not there yet
     * @return what was written
     * @throws IOException if the directory is not empty or a file cannot be written
     * @throws SQLException as there
     */
    public TenantExport exportTo(Path directory, TenantId tenant) throws SQLException, IOException {
        return exportTo(ExportDirectory.empty(directory), tenant);
    }

    /**
     * Exports all rows of a tenant: a file of JSON lines for each table, and at last {@value TenantExport#MANIFEST}
     * with the tables in the order of their foreign keys, their columns, types, numbers of rows and checksums.
     *
     * <p>All is of one snapshot (REPEATABLE READ, READ ONLY). A line is an object with the text of each column as
     * PostgreSQL prints it, or null. No more than one row is in memory. Neither sequences nor materialized views or
     * foreign tables are exported. As long as it runs, VACUUM of the whole database keeps what the snapshot may see.
     *
     * @return what was written
     * @throws IOException if a file cannot be written; there is no manifest then
     * @throws SQLException if a table cannot be read, with its name; with SQLState 42501 if a right is missing, 55000
     *     if not all rows of the tenant can be seen
     */
    public TenantExport exportTo(ExportFiles files, TenantId tenant) throws SQLException, IOException {
        TenantExporter exporter = new TenantExporter(survey(tenant), requireNonNull(files, "files"), this::tell);
        return withFiles(
                () -> transactions(tenant).unhurried().call(TenantTransactions.ONE_SNAPSHOT, exporter::export));
    }

    /**
     * Puts an exported tenant back from a directory.
     *
     * <p>As {@link #restoreFrom(ExportFiles, TenantId)}.
     *
     * @return what was restored
     */
    public TenantExport restoreFrom(Path directory, TenantId tenant) throws SQLException, IOException {
        return restoreFrom(ExportDirectory.existing(directory), tenant);
    }

    /**
     * Puts an exported tenant back, into tables that have the columns that were exported, in one transaction.
     *
     * <p>First the files are compared with the manifest, and the manifest with the tables; at last what is stored with
     * what was exported. Columns that are generated are computed again. Sequences stay as they are.
     *
     * @return what was restored
     * @throws IOException if a file cannot be read
     * @throws SQLException if anything differs, the tenant has rows already, or a row cannot be stored; nothing is
     *     restored then
     */
    public TenantExport restoreFrom(ExportFiles files, TenantId tenant) throws SQLException, IOException {
        TenantRestore restore = new TenantRestore(survey(tenant), requireNonNull(files, "files"), this::tell);
        return withFiles(() -> transactions(tenant).unhurried().call(TenantTransactions.WRITING, restore::restore));
    }

    /**
     * Erases all rows of a tenant, children before those they refer to, and drops its own schemas first.
     *
     * <p>Suspend the tenant before. Rows that it still writes meanwhile are found in further rounds, as are tables that
     * are new, up to {@link Builder#rounds}. Whatever ends it (a kill, a lost connection, an interrupt), what is
     * deleted stays deleted, and another call goes on. Rows that refer to each other in a circle, by columns none of
     * which may be NULL, are deleted in one transaction however many they are.
     *
     * @return what is left; look at {@link ErasureProof#isErased()}
     * @throws SQLException with SQLState 42501 if a right is missing; 55000 if the catalog has the tenant as active,
     *     not all its rows can be seen, or rows of others would go with them; or whatever PostgreSQL says when a row
     *     cannot be deleted, with the name of the table
     */
    public ErasureProof erase(TenantId tenant) throws SQLException {
        if (settings.catalog != null) {
            Optional<Tenant> known = settings.catalog.find(tenant);
            if (known.isPresent() && known.get().status() == Tenant.Status.ACTIVE) {
                throw Refusal.of("tenant " + tenant + " is active; suspend it before it is erased");
            }
        }
        return new TenantErasure(transactions(tenant), survey(tenant), settings.rounds, settings.batchSize, this::tell)
                .run();
    }

    /**
     * {@return what is left of a tenant, in one snapshot}
     *
     * @throws SQLException if a table cannot be read, or not all rows of the tenant can be seen: nothing is proven then
     */
    public ErasureProof prove(TenantId tenant) throws SQLException {
        TenantSurvey survey = survey(tenant);
        return transactions(tenant)
                .call(TenantTransactions.ONE_SNAPSHOT, connection -> TenantProof.of(connection, survey));
    }

    private TenantTransactions transactions(TenantId tenant) {
        return new TenantTransactions(
                settings.dataSource,
                requireNonNull(tenant, "tenant"),
                settings.seal,
                settings.statementTimeout,
                settings.lockTimeout);
    }

    private TenantSurvey survey(TenantId tenant) throws SQLException {
        List<String> schemas = List.copyOf(settings.schemas.apply(tenant));
        SchemaDrop.check(schemas);
        return new TenantSurvey(tenant, new OwnerColumn(settings.column), schemas);
    }

    /** A listener that fails stops nothing. */
    private void tell(OffboardingProgress progress) {
        try {
            settings.progress.accept(progress);
        } catch (RuntimeException failure) {
            LOG.warn("who is told of the offboarding of tenant {} failed", progress.tenant(), failure);
        }
    }

    private static <R> R withFiles(FileWork<R> work) throws SQLException, IOException {
        try {
            return work.run();
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        }
    }

    @FunctionalInterface
    private interface FileWork<R> {
        R run() throws SQLException;
    }

    /**
     * Collects the settings. Not thread-safe.
     *
     * @since 0.1
     */
    public static final class Builder {
        private static final Duration LONGEST = Duration.ofDays(1);

        private final DataSource dataSource;
        private String column = RowLevelSecurity.TENANT_COLUMN;
        private Function<TenantId, List<String>> schemas = tenant -> List.of();
        private int batchSize = 1_000;
        private int rounds = 10;
        private Duration statementTimeout = Duration.ofMinutes(1);
        private Duration lockTimeout = Duration.ofSeconds(5);
        private Consumer<OffboardingProgress> progress = done -> {};
        private @Nullable TenantCatalog catalog;
        private @Nullable TenantSeal seal;

        private Builder(DataSource dataSource) {
            this.dataSource = dataSource;
        }

        private Builder(Builder other) {
            this(other.dataSource);
            this.column = other.column;
            this.schemas = other.schemas;
            this.batchSize = other.batchSize;
            this.rounds = other.rounds;
            this.statementTimeout = other.statementTimeout;
            this.lockTimeout = other.lockTimeout;
            this.progress = other.progress;
            this.catalog = other.catalog;
            this.seal = other.seal;
        }

        /** Sets the tenant column, in the case in which PostgreSQL stores it; {@code tenant_id} if not said. */
        public Builder tenantColumn(String name) {
            this.column = requireNonNull(name, "name");
            return this;
        }

        /**
         * Sets which schemas are a tenant's own, wholly, in the case in which PostgreSQL stores them; none if not said.
         * They are exported and dropped with all that is in them.
         */
        public Builder schemas(Function<TenantId, List<String>> ofTenant) {
            this.schemas = requireNonNull(ofTenant, "ofTenant");
            return this;
        }

        /** Sets how many rows are deleted in a transaction, 1 to 1,000,000; 1,000 if not said. */
        public Builder batchSize(int rows) {
            this.batchSize = rows;
            return this;
        }

        /** Sets how often what was written meanwhile is looked for, 1 to 1,000 times; 10 if not said. */
        public Builder rounds(int most) {
            this.rounds = most;
            return this;
        }

        /**
         * Sets how long a statement that erases or counts may take, up to a day, zero for as long as it takes; a minute
         * if not said. A batch that takes longer is tried again, smaller, in the next round.
         */
        public Builder statementTimeout(Duration time) {
            this.statementTimeout = requireNonNull(time, "time");
            return this;
        }

        /** Sets how long a statement may wait for a lock, up to a day, zero for ever; 5 seconds if not said. */
        public Builder lockTimeout(Duration time) {
            this.lockTimeout = requireNonNull(time, "time");
            return this;
        }

        /** Sets who is told of each step, on the thread that does it. An exception of theirs is logged, and no more. */
        public Builder progress(Consumer<OffboardingProgress> listener) {
            this.progress = requireNonNull(listener, "listener");
            return this;
        }

        /**
         * Seals the binding, where policies take the tenant from a {@linkplain TenantSeal seal} and the role has no
         * BYPASSRLS. The seals are accepted for a day, so that an export may take as long.
         */
        public Builder seal(TenantSeal ofTenants) {
            this.seal = requireNonNull(ofTenants, "ofTenants");
            return this;
        }

        /** Sets a catalog that is asked before a tenant is erased: one that it has as active is not. */
        public Builder refuseActive(TenantCatalog tenants) {
            this.catalog = requireNonNull(tenants, "tenants");
            return this;
        }

        /**
         * {@return the offboarding}
         *
         * @throws TenancyConfigException if a setting is out of its range; names all that are
         */
        public TenantOffboarding build() {
            List<String> faults = new ArrayList<>();
            check(faults, !column.isBlank(), "tenantColumn is blank; allowed: the name of a column");
            check(
                    faults,
                    batchSize >= 1 && batchSize <= 1_000_000,
                    "batchSize is " + batchSize + "; allowed: 1 to 1000000");
            check(faults, rounds >= 1 && rounds <= 1_000, "rounds is " + rounds + "; allowed: 1 to 1000");
            check(
                    faults,
                    isTime(statementTimeout),
                    "statementTimeout is " + statementTimeout + "; allowed: " + ALLOWED);
            check(faults, isTime(lockTimeout), "lockTimeout is " + lockTimeout + "; allowed: " + ALLOWED);
            if (!faults.isEmpty()) {
                throw new TenancyConfigException(faults);
            }
            return new TenantOffboarding(new Builder(this));
        }

        private static final String ALLOWED = "PT0S for none, or PT0.001S to " + LONGEST;

        /** PostgreSQL counts milliseconds, and 0 of them is no limit: less than one would be none. */
        private static boolean isTime(Duration time) {
            return time.isZero() || (time.toMillis() >= 1 && time.compareTo(LONGEST) <= 0);
        }

        private static void check(List<String> faults, boolean holds, String fault) {
            if (!holds) {
                faults.add(fault);
            }
        }
    }
}
