package dev.tenancy.jdbc;

import java.sql.Connection;
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
 * is partitioned or inherits. Immutable and thread-safe.
 *
 * @since 0.1
 */
public final class RowLevelSecurity {

    /** The column that every tenant table has. */
    public static final String TENANT_COLUMN = "tenant_id";

    /** The bound tenant. As a sub-select it is evaluated once a statement, not once a row. */
    private static final String BOUND_TENANT =
            "nullif(pg_catalog.current_setting('" + TenantBinding.SETTING + "', true), '')";

    private final List<String> statements;

    private RowLevelSecurity(List<String> statements) {
        this.statements = List.copyOf(statements);
    }

    /**
     * {@return a builder for a table}
     *
     * @param name its name, found by the {@code search_path}; in the case in which PostgreSQL stores it
     */
    public static Builder table(String name) {
        return new Builder(name);
    }

    /** {@return the statements, in their order} */
    public List<String> statements() {
        return statements;
    }

    /** {@return the statements as one text, for Flyway or Liquibase; to be run in one transaction, as both do} */
    public String sql() {
        return String.join(";\n", statements) + ";\n";
    }

    /**
     * Runs the statements: in the open transaction of {@code owner}, or in one of their own if it is in autocommit.
     *
     * @param owner a connection of the role that owns the table; is not closed
     * @throws SQLException if one fails; none has then taken effect, once the transaction is rolled back
     */
    public void apply(Connection owner) throws SQLException {
        boolean autoCommit = owner.getAutoCommit();
        if (!autoCommit) {
            executeAll(owner);
            return;
        }
        owner.setAutoCommit(false);
        try {
            executeAll(owner);
            owner.commit();
        } catch (SQLException | RuntimeException failure) {
            owner.rollback();
            throw failure;
        } finally {
            owner.setAutoCommit(true);
        }
    }

    private void executeAll(Connection owner) throws SQLException {
        try (Statement statement = owner.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /**
     * Says what the table has. Names are column and table names in the case in which PostgreSQL stores them. Not
     * thread-safe.
     *
     * @since 0.1
     */
    public static final class Builder {
        private final String name;
        private final List<List<String>> uniques = new ArrayList<>();
        private final List<TableDdl.Reference> references = new ArrayList<>();
        private final List<String> grants = new ArrayList<>();
        private @Nullable List<String> key;
        private TenantColumn column = TenantColumn.TEXT;
        private String bound = BOUND_TENANT;

        private Builder(String name) {
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
            references.add(new TableDdl.Reference(column, otherTable, false));
            return this;
        }

        /** Adds a foreign key as {@link #references} does; rows are deleted with the row they belong to. */
        public Builder belongsTo(String column, String otherTable) {
            references.add(new TableDdl.Reference(column, otherTable, true));
            return this;
        }

        /**
         * Takes the tenant from the {@linkplain TenantSeal seal}, which no SQL can make, instead of from a setting,
         * which any SQL can set. {@link TenantSeal#install} comes first.
         */
        public Builder sealed() {
            this.bound = SealFunctions.CURRENT_TENANT;
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

        /** {@return what was said, as SQL} */
        public RowLevelSecurity build() {
            TableDdl ddl = new TableDdl(name, column);
            String tenant = column == TenantColumn.TEXT ? bound : "(" + bound + ")::" + column.sqlType();
            String isTenant = TENANT_COLUMN + " = (SELECT " + tenant + ")";
            List<String> sql = new ArrayList<>();
            sql.add(ddl.alter("ADD COLUMN IF NOT EXISTS " + TENANT_COLUMN + " " + column.sqlType()));
            sql.add(ddl.alter("ALTER COLUMN " + TENANT_COLUMN + " SET DEFAULT " + tenant));
            sql.add(ddl.alter("ALTER COLUMN " + TENANT_COLUMN + " SET NOT NULL"));
            Optional.ofNullable(key)
                    .ifPresentOrElse(columns -> sql.add(ddl.primaryKey(columns)), () -> sql.add(ddl.indexOfTenant()));
            uniques.forEach(columns -> sql.add(ddl.unique(columns)));
            references.forEach(reference -> sql.add(ddl.foreignKey(reference)));
            sql.add(ddl.requirements());
            sql.add(ddl.alter("ENABLE ROW LEVEL SECURITY"));
            sql.add(ddl.alter("FORCE ROW LEVEL SECURITY"));
            // To PUBLIC and both kinds: a policy for one role can be dropped by that role (DROP OWNED BY), and a
            // permissive
            // policy that somebody adds later must not widen what this one allows.
            sql.add(ddl.policy("tenancy_permissive", "PERMISSIVE", isTenant));
            sql.add(ddl.policy("tenancy_restrictive", "RESTRICTIVE", isTenant));
            sql.add(ddl.revokeAllFrom("PUBLIC"));
            grants.forEach(role -> sql.add(ddl.grantRowsTo(role)));
            return new RowLevelSecurity(sql);
        }
    }
}
