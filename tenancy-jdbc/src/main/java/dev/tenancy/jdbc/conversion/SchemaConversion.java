package dev.tenancy.jdbc.conversion;

import static java.util.Objects.requireNonNull;

import dev.tenancy.jdbc.RowLevelSecurity;
import dev.tenancy.jdbc.TenantColumn;
import dev.tenancy.jdbc.TenantSeal;
import dev.tenancy.jdbc.internal.CatalogSnapshot;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes all tables of an existing schema, with what is in them, tables of tenants.
 *
 * <p>Each table gets what {@link RowLevelSecurity} makes: the column {@code tenant_id}, filled in for the rows that are
 * there, policies, and rights for the application's role. Primary keys, unique constraints and indexes are made anew
 * with the tenant in front, and foreign keys between the tables with the tenant on both sides, so that no row can
 * belong to another tenant's. Views read with the rights of whoever reads them; nobody but the owner reads materialized
 * views.
 *
 * <p>What has to be done is read from the catalogs: {@link #plan} compares what there is with what must be, so that the
 * plan of a converted schema is empty, and that of one from which something was taken away mends it. Immutable and
 * thread-safe.
 *
 * @since 0.1
 */
public final class SchemaConversion {
    private final ConversionSettings settings;

    private SchemaConversion(ConversionSettings settings) {
        this.settings = settings;
    }

    /**
     * {@return a builder for a schema}
     *
     * @param name its name, as PostgreSQL stores it
     */
    public static Builder of(String name) {
        return new Builder(requireNonNull(name, "name"));
    }

    /**
     * {@return what is left to do}
     *
     * @param owner a connection of the role that owns the tables; is not closed, and nothing is changed on it
     * @throws SQLException if the database cannot be read
     * @throws IllegalArgumentException if a table or column that was named is not there
     */
    public ConversionPlan plan(Connection owner) throws SQLException {
        return CatalogSnapshot.read(owner, statement -> {
            SchemaTables tables = SchemaTables.read(statement, settings);
            ConversionScript script = new ConversionScript(statement, settings, tables);
            return new ConversionPlan(Obstacles.of(statement, settings), script.ahead(), script.statements());
        });
    }

    /**
     * Says what is to be made of the schema. Names are as PostgreSQL stores them. Not thread-safe.
     *
     * @since 0.1
     */
    public static final class Builder {
        private final String schema;
        private final Set<String> shared = new LinkedHashSet<>();
        private final Map<String, String> sources = new LinkedHashMap<>();
        private final Set<String> readable = new LinkedHashSet<>();
        private final List<String> roles = new ArrayList<>();
        private TenantColumn column = TenantColumn.TEXT;
        private boolean sealed;
        private Optional<String> formerOwner = Optional.empty();

        private Builder(String schema) {
            this.schema = schema;
        }

        /** Leaves tables as they are, since their rows belong to nobody: lists of countries, a migration's history. */
        public Builder share(String... tables) {
            shared.addAll(List.of(tables));
            return this;
        }

        /**
         * Says that a column of a table has the tenant's id already. Rows of other tables get their tenant from the row
         * that they reference, over as many tables as it takes.
         */
        public Builder tenantFrom(String table, String column) {
            sources.put(requireNonNull(table, "table"), requireNonNull(column, "column"));
            return this;
        }

        /**
         * Gives all rows that get no tenant from elsewhere to this one; if this is not called, such rows are an error.
         *
         * @param tenant its id, as the tenant column has it; must be known to the tenants' catalog
         */
        public Builder existingRowsBelongTo(String tenant) {
            this.formerOwner = Optional.of(tenant);
            return this;
        }

        /** Sets the type of the column; {@link TenantColumn#TEXT} if this is not called. */
        public Builder tenantColumn(TenantColumn type) {
            this.column = requireNonNull(type, "type");
            return this;
        }

        /**
         * Takes the tenant from the {@linkplain TenantSeal seal}, which no SQL can make. {@link TenantSeal#install}
         * comes first.
         */
        public Builder sealed() {
            this.sealed = true;
            return this;
        }

        /** Shows the rows of these tables to those who may read the tenant's, as {@link RowLevelSecurity} does. */
        public Builder readable(String... tables) {
            readable.addAll(List.of(tables));
            return this;
        }

        /**
         * Adds a role that may SELECT, INSERT, UPDATE and DELETE, use the schema, and take numbers from the sequences
         * of its tables.
         */
        public Builder grantTo(String role) {
            roles.add(requireNonNull(role, "role"));
            return this;
        }

        /** {@return the conversion} */
        public SchemaConversion build() {
            return new SchemaConversion(new ConversionSettings(
                    schema,
                    Set.copyOf(shared),
                    Map.copyOf(sources),
                    Set.copyOf(readable),
                    List.copyOf(roles),
                    column,
                    sealed,
                    formerOwner));
        }
    }
}
