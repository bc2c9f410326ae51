package dev.tenancy.jdbc;

import dev.tenancy.jdbc.internal.OwnTransaction;
import dev.tenancy.jdbc.internal.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What makes PostgreSQL keep the rows of one table apart by tenant: emitted as SQL text for a migration, or applied.
 *
 * <p>Adds the column {@code tenant_id} (type {@code text} unless another is chosen, filled in from the binding),
 * row-level security that holds for the table's owner too (PostgreSQL manual, section 5.9), and keys that lead with the
 * tenant. Everything may be run again and changes nothing then; it waits for, and briefly locks out, whoever uses the
 * table. These are errors of the database, and change nothing: a row without a tenant; another primary key; another
 * foreign key from the same column; a unique index that does not lead with the tenant, by which one tenant could find
 * out another's values; a {@code tenant_id} of another type, or one that takes different texts for equal; a table that
 * inherits. A partitioned table is protected as a whole; nobody but the owner has rights on its partitions, and those
 * that are added later have to be protected by another run. Immutable and thread-safe.
 *
 * @since 0.1
 */
public final class RowLevelSecurity {

    /** The column that every tenant table has. */
    public static final String TENANT_COLUMN = "tenant_id";

    private final String table;
    private final List<Requirement> requirements;

    private RowLevelSecurity(String table, List<Requirement> requirements) {
        this.table = table;
        this.requirements = List.copyOf(requirements);
    }

    /**
     * Something in which a table is not what it must be.
     *
     * @param table its name
     * @param lacks what it must have and has not
     * @param mend SQL that gives it that, for the table's owner
     * @since 0.1
     */
    public record Drift(String table, String lacks, String mend) {}

    /**
     * {@return a builder for a table}
     *
     * @param name its name, found by the {@code search_path}; in the case in which PostgreSQL stores it
     */
    public static Builder table(String name) {
        return new Builder(Optional.empty(), name);
    }

    /**
     * {@return a builder for a table}
     *
     * @param schema the schema that it is in, and all tables that it references; in the case in which PostgreSQL stores
     *     it
     * @param name its name, likewise
     */
    public static Builder table(String schema, String name) {
        return new Builder(Optional.of(schema), name);
    }

    /** {@return the statements, in their order; each changes nothing if the table is as it must be} */
    public List<String> statements() {
        return requirements.stream().map(Requirement::sql).toList();
    }

    /** {@return the statements as one text, for Flyway or Liquibase; to be run in one transaction, as both do} */
    public String sql() {
        return String.join(";\n", statements()) + ";\n";
    }

    /**
     * Runs the statements: in the open transaction of {@code owner}, or in one of their own if it is in autocommit.
     * Waits for others that do the same, for ten minutes at most (55P03).
     *
     * @param owner a connection of the role that owns the table; is not closed
     * @throws SQLException if one fails; none has then taken effect, once the transaction is rolled back
     */
    public void apply(Connection owner) throws SQLException {
        OwnTransaction.run(owner, () -> {
            try (Statement statement = owner.createStatement()) {
                for (String sql : statements()) {
                    statement.execute(sql);
                }
            }
        });
    }

    /**
     * {@return in what the table is not, or no more, what {@link #apply} makes it; empty if it is all of that}
     *
     * @param connection of any role; is not closed, and nothing is changed on it
     * @throws SQLException if there is no such table, or the database cannot be read
     */
    public List<Drift> drift(Connection connection) throws SQLException {
        List<Drift> found = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            for (Requirement requirement : requirements) {
                try (ResultSet row = statement.executeQuery(requirement.query())) {
                    row.next();
                    if (!row.getBoolean(1)) {
                        found.add(new Drift(table, requirement.what(), requirement.sql()));
                    }
                }
            }
        }
        return found;
    }

    /**
     * Says what the table has. Names are column and table names in the case in which PostgreSQL stores them. Not
     * thread-safe.
     *
     * @since 0.1
     */
    public static final class Builder {
        private final Optional<String> schema;
        private final String name;
        private final List<List<String>> uniques = new ArrayList<>();
        private final List<TableRequirements.Reference> references = new ArrayList<>();
        private final List<String> grants = new ArrayList<>();
        private @Nullable List<String> key;
        private TenantColumn column = TenantColumn.TEXT;
        private boolean sealed;
        private boolean readable;
        private @Nullable String formerOwner;

        private Builder(Optional<String> schema, String name) {
            this.schema = schema;
            this.name = name;
        }

        /** Sets the columns that identify a row within its tenant; the primary key becomes the tenant and these. */
        public Builder key(String... columns) {
            this.key = List.of(columns);
            return this;
        }

        /** Adds columns that are unique within a tenant. */
        public Builder unique(String... columns) {
            uniques.add(List.of(columns));
            return this;
        }

        /** Adds a foreign key to the column {@code id} of another tenant table: never to a row of another tenant. */
        public Builder references(String column, String otherTable) {
            references.add(new TableRequirements.Reference(column, sqlName(otherTable), false));
            return this;
        }

        /** Adds a foreign key as {@link #references} does; rows are deleted with the row they belong to. */
        public Builder belongsTo(String column, String otherTable) {
            references.add(new TableRequirements.Reference(column, sqlName(otherTable), true));
            return this;
        }

        /**
         * Takes the tenant from the {@linkplain TenantSeal seal}, which no SQL can make, instead of from a setting,
         * which any SQL can set. {@link TenantSeal#install} comes first.
         */
        public Builder sealed() {
            this.sealed = true;
            return this;
        }

        /**
         * Shows the rows of the identity's {@linkplain dev.tenancy.TenantIdentity#readableTenants readable tenants}
         * too, to be read and never written.
         */
        public Builder readable() {
            this.readable = true;
            return this;
        }

        /** Sets the type of the column; {@link TenantColumn#TEXT} if this is not called. */
        public Builder tenantColumn(TenantColumn type) {
            this.column = type;
            return this;
        }

        /** Adds a role that may SELECT, INSERT, UPDATE and DELETE, and nothing else. */
        public Builder grantTo(String role) {
            grants.add(role);
            return this;
        }

        /**
         * Gives the rows that have no tenant yet to this one; rows without a tenant are an error if this is not called,
         * and no parent is known from which they could get theirs.
         *
         * @param tenant as the column has it; must be known to the tenants' catalog
         */
        public Builder existingRowsBelongTo(String tenant) {
            this.formerOwner = tenant;
            return this;
        }

        private String sqlName(String table) {
            return schema.map(name -> Sql.quoted(name) + ".").orElse("") + Sql.quoted(table);
        }

        /** {@return what was said, as SQL} */
        public RowLevelSecurity build() {
            TableRequirements must = new TableRequirements(sqlName(name), column, sealed);
            List<Requirement> all = new ArrayList<>(List.of(
                    must.ordinaryTable(),
                    must.noInheritance(),
                    must.tenantColumn(),
                    must.tenantColumnOfType(),
                    must.tenantByDefault()));
            references.stream()
                    .filter(TableRequirements.Reference::deletedWithIt)
                    .forEach(parent -> all.add(must.rowsOfParent(parent)));
            if (formerOwner != null) {
                all.add(must.rowsOf(formerOwner));
            }
            all.add(must.tenantInEveryRow());
            if (key != null) {
                all.add(must.primaryKey(key));
            }
            uniques.forEach(columns -> all.add(must.unique(columns)));
            all.add(must.index(List.of()));
            references.forEach(reference -> {
                all.add(must.noOtherForeignKey(reference));
                all.add(must.foreignKey(reference));
                all.add(must.index(List.of(reference.column())));
            });
            all.add(must.noUniqueIndexAcrossTenants());
            all.add(must.enabled());
            all.add(must.forced());
            all.addAll(new TablePolicies(sqlName(name), column, sealed).requirements(readable));
            all.add(must.partitionsOutOfReach());
            all.add(must.nothingForPublic());
            grants.forEach(role -> all.add(must.rowsFor(role)));
            return new RowLevelSecurity(name, all);
        }
    }
}
