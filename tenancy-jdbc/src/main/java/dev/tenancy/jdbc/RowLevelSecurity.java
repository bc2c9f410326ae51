package dev.tenancy.jdbc;

import dev.tenancy.jdbc.internal.Sql;
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
 * <p>Adds the column {@code tenant_id} (type {@code text}, filled in from the binding), row-level security that holds
 * for the table's owner too (PostgreSQL manual, section 5.9), and keys that lead with the tenant. Everything may be run
 * again and changes nothing then. An existing row without a tenant, or a primary key without {@code tenant_id} in
 * front, is an error of the database and changes nothing. Immutable and thread-safe.
 *
 * @since 0.1
 */
public final class RowLevelSecurity {

    /** The column that every tenant table has. */
    public static final String TENANT_COLUMN = "tenant_id";

    /** The bound tenant. As a sub-select it is evaluated once a statement, not once a row. */
    private static final String BOUND_TENANT =
            "nullif(pg_catalog.current_setting('" + TenantBinding.SETTING + "', true), '')";

    private static final String IS_BOUND_TENANT = TENANT_COLUMN + " = (SELECT " + BOUND_TENANT + ")";

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

    /** {@return the statements as one text, for Flyway or Liquibase} */
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
        } catch (SQLException failure) {
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
        private final String table;
        private final List<List<String>> uniques = new ArrayList<>();
        private final List<Reference> references = new ArrayList<>();
        private final List<String> grants = new ArrayList<>();
        private @Nullable List<String> key;

        private Builder(String name) {
            this.name = name;
            this.table = Sql.quoted(name);
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
            references.add(new Reference(column, otherTable, ""));
            return this;
        }

        /** Adds a foreign key as {@link #references} does; rows are deleted with the row they belong to. */
        public Builder belongsTo(String column, String otherTable) {
            references.add(new Reference(column, otherTable, " ON DELETE CASCADE"));
            return this;
        }

        /** Adds a role that may SELECT, INSERT, UPDATE and DELETE, and nothing else. */
        public Builder grantTo(String role) {
            grants.add(role);
            return this;
        }

        /** {@return what was said, as SQL} */
        public RowLevelSecurity build() {
            List<String> sql = new ArrayList<>();
            sql.add(alter("ADD COLUMN IF NOT EXISTS " + TENANT_COLUMN + " text"));
            sql.add(alter("ALTER COLUMN " + TENANT_COLUMN + " SET DEFAULT " + BOUND_TENANT));
            sql.add(alter("ALTER COLUMN " + TENANT_COLUMN + " SET NOT NULL"));
            Optional.ofNullable(key)
                    .ifPresentOrElse(
                            columns -> sql.add(unlessThere("contype = 'p'" + leadsWithTenant(), primaryKey(columns))),
                            () -> sql.add("CREATE INDEX IF NOT EXISTS " + Sql.quoted(name + "_tenant_id_idx") + " ON "
                                    + table + " (" + TENANT_COLUMN + ")"));
            for (List<String> columns : uniques) {
                sql.add("CREATE UNIQUE INDEX IF NOT EXISTS "
                        + Sql.quoted(name + "_" + String.join("_", columns) + "_tenant_key") + " ON " + table + " ("
                        + leadingWithTenant(columns) + ")");
            }
            for (Reference reference : references) {
                sql.add(unlessThere(
                        "conname = " + Sql.literal(reference.constraint(name)) + "::pg_catalog.name",
                        reference.sql(name)));
            }
            sql.add(alter("ENABLE ROW LEVEL SECURITY"));
            sql.add(alter("FORCE ROW LEVEL SECURITY"));
            // To PUBLIC and both kinds: a policy for one role can be dropped by that role (DROP OWNED BY), and a
            // permissive
            // policy that somebody adds later must not widen what this one allows.
            sql.addAll(policy("tenancy_permissive", "PERMISSIVE"));
            sql.addAll(policy("tenancy_restrictive", "RESTRICTIVE"));
            sql.add("REVOKE ALL ON " + table + " FROM PUBLIC");
            for (String role : grants) {
                sql.add("REVOKE ALL ON " + table + " FROM " + Sql.quoted(role));
                sql.add("GRANT SELECT, INSERT, UPDATE, DELETE ON " + table + " TO " + Sql.quoted(role));
            }
            return new RowLevelSecurity(sql);
        }

        private String alter(String action) {
            return "ALTER TABLE " + table + " " + action;
        }

        private String primaryKey(List<String> columns) {
            return alter("ADD PRIMARY KEY (" + leadingWithTenant(columns) + ")");
        }

        private List<String> policy(String policy, String kind) {
            return List.of(
                    "DROP POLICY IF EXISTS " + policy + " ON " + table,
                    "CREATE POLICY " + policy + " ON " + table + " AS " + kind + " FOR ALL TO PUBLIC USING ("
                            + IS_BOUND_TENANT + ") WITH CHECK (" + IS_BOUND_TENANT + ")");
        }

        /** Constraints know no IF NOT EXISTS. */
        private String unlessThere(String condition, String sql) {
            return "DO $tenancy$ BEGIN IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = "
                    + Sql.literal(table) + "::pg_catalog.regclass AND " + condition + ") THEN " + sql
                    + "; END IF; END $tenancy$";
        }

        private String leadsWithTenant() {
            return " AND conkey[1] = (SELECT attnum FROM pg_catalog.pg_attribute WHERE attrelid = conrelid AND attname = '"
                    + TENANT_COLUMN + "')";
        }

        private static String leadingWithTenant(List<String> columns) {
            StringBuilder list = new StringBuilder(TENANT_COLUMN);
            columns.forEach(column -> list.append(", ").append(Sql.quoted(column)));
            return list.toString();
        }

        private record Reference(String column, String otherTable, String onDelete) {
            String constraint(String table) {
                return table + "_" + column + "_tenant_fkey";
            }

            String sql(String table) {
                return "ALTER TABLE " + Sql.quoted(table) + " ADD CONSTRAINT " + Sql.quoted(constraint(table))
                        + " FOREIGN KEY ("
                        + TENANT_COLUMN + ", " + Sql.quoted(column) + ") REFERENCES " + Sql.quoted(otherTable) + " ("
                        + TENANT_COLUMN
                        + ", id)" + onDelete;
            }
        }
    }
}
