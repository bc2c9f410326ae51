package dev.tenancy.jdbc.conversion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenancy.TenantContext;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.jdbc.RowLevelSecurity;
import dev.tenancy.jdbc.TenantBinding;
import dev.tenancy.jdbc.TenantDataSource;
import dev.tenancy.jdbc.TenantSeal;
import dev.tenancy.jdbc.audit.Finding;
import dev.tenancy.jdbc.audit.IsolationAudit;
import dev.tenancy.jdbc.audit.Severity;
import dev.tenancy.testservers.TestPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.ds.PGSimpleDataSource;

/** Schemas that were not written for us are converted by generated SQL, and are then as if they had been. */
@ParameterizedClass
@EnumSource
class SchemaConversionIT {
    /** What the server as a whole leaves open, the audit's own tests close. */
    private static final Set<String> OF_THE_SERVER = Set.of(
            "database-temporary", "setting-activities", "function-signals", "function-large-objects", "table-shared");

    @AutoClose
    private TestPostgres.Database database;

    private SchemaConversion conversion;
    private Map<String, String> before;
    private List<String> catalogsAfter;

    private final ForeignSchema schema;

    SchemaConversionIT(ForeignSchema schema) {
        this.schema = schema;
    }

    @BeforeEach
    void convert() throws SQLException {
        database = schema.load();
        conversion = schema.conversion(database);
        before = ForeignSchema.rows(database);
        try (Connection owner = database.ownerConnection()) {
            conversion.plan(owner).apply(owner);
        }
        catalogsAfter = catalogs();
    }

    @Test
    void noRowIsLostOrChanged() throws SQLException {
        assertThat(before).hasSizeGreaterThanOrEqualTo(15);
        assertThat(ForeignSchema.rows(database)).isEqualTo(before);
    }

    @Test
    void nothingIsLeftToDoAndASecondRunChangesNothing() throws SQLException {
        try (Connection owner = database.ownerConnection()) {
            ConversionPlan again = conversion.plan(owner);

            assertThat(again.obstacles()).isEmpty();
            assertThat(again.statements()).isEmpty();
            assertThat(again.isEmpty()).isTrue();
            again.apply(owner);
        }
        assertThat(catalogs()).isEqualTo(catalogsAfter);
    }

    @Test
    void everyTableIsAsRowLevelSecurityMakesIt() throws SQLException {
        try (Connection owner = database.ownerConnection()) {
            for (String table : converted()) {
                String name = table.replace("\"", "");
                RowLevelSecurity.Builder builder = RowLevelSecurity.table("public", name)
                        .tenantColumn(schema.column())
                        .grantTo(database.app());
                assertThat((schema.sealed() ? builder.sealed() : builder)
                                .build()
                                .drift(owner))
                        .as(table)
                        .isEmpty();
            }
        }
    }

    @Test
    void theAuditFindsNothingOfTheTables() throws SQLException {
        PGSimpleDataSource app = new PGSimpleDataSource();
        app.setUrl(database.appUrl());

        assertThat(IsolationAudit.standard().run(app).atLeast(Severity.MEDIUM))
                .filteredOn(finding -> !OF_THE_SERVER.contains(finding.rule().id()))
                .extracting(Finding::rule, Finding::object, Finding::detail)
                .isEmpty();
    }

    @Test
    void everyRowHasATenantAndEachTenantSeesItsOwnOnly() throws SQLException {
        for (String table : converted()) {
            long total = Long.parseLong(ForeignSchema.query(database, "SELECT count(*) FROM " + table)
                    .get(0));
            long seen = 0;
            for (String tenant : tenants()) {
                long own = Long.parseLong(ForeignSchema.query(
                                database, "SELECT count(*) FROM " + table + " WHERE tenant_id::text = '" + tenant + "'")
                        .get(0));
                assertThat(as(
                                tenant,
                                "SELECT count(*), count(*) FILTER (WHERE tenant_id::text <> '" + tenant + "') FROM "
                                        + table))
                        .as("%s of %s", table, tenant)
                        .containsExactly(own + " 0");
                seen += own;
            }
            assertThat(seen).as(table).isEqualTo(total).isPositive();
            assertThat(as("0000", "SELECT count(*) FROM " + table))
                    .as("another tenant's %s", table)
                    .containsExactly("0");
        }
    }

    @Test
    void noRowCanBelongToAnotherTenantsRowEvenForASuperuser() throws SQLException {
        List<String> keys = ForeignSchema.query(
                database,
                "SELECT format('%s %s', conrelid::regclass, conname) FROM pg_constraint c WHERE contype = 'f' AND conparentid = 0"
                        + " AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.confrelid AND a.attname = 'tenant_id')");
        assertThat(keys).hasSizeGreaterThanOrEqualTo(15);
        try (Connection superuser = DriverManager.getConnection(database.superuserUrl());
                Statement statement = superuser.createStatement()) {
            superuser.setAutoCommit(false);
            statement.execute("SET CONSTRAINTS ALL IMMEDIATE");
            for (String table : converted()) {
                if (keys.stream().noneMatch(key -> key.startsWith(table + " "))) {
                    continue;
                }
                Savepoint savepoint = superuser.setSavepoint();
                assertThatThrownBy(() -> statement.execute("UPDATE " + table + " SET tenant_id = " + otherTenant()))
                        .as(table)
                        .isInstanceOfSatisfying(
                                SQLException.class,
                                refused -> assertThat(refused.getSQLState()).isIn("23503", "23505"));
                superuser.rollback(savepoint);
            }
        }
    }

    @Test
    void whatKeysHadBesideTheirColumnsTheyHaveStill() throws SQLException {
        List<String> kept = ForeignSchema.query(
                database,
                "SELECT replace(pg_get_constraintdef(oid), 'tenant_id, ', '') FROM pg_constraint WHERE connamespace = 'public'::regnamespace"
                        + " AND contype <> 'n' UNION ALL SELECT replace(replace(indexdef, 'tenant_id, ', ''), ' ONLY', '') FROM pg_indexes WHERE schemaname = 'public'"
                        + " UNION ALL SELECT description FROM pg_description d JOIN pg_constraint c ON c.oid = d.objoid WHERE c.connamespace = 'public'::regnamespace"
                        + " UNION ALL SELECT 'identity ' || i.indexrelid::regclass FROM pg_index i WHERE i.indisreplident OR i.indisclustered");
        assertThat(kept).containsAll(EXPECTED.get(schema));
    }

    private static final Map<ForeignSchema, List<String>> EXPECTED = Map.of(
            ForeignSchema.TRACKER,
            List.of(
                    "UNIQUE (organization_id, code) DEFERRABLE INITIALLY DEFERRED",
                    "UNIQUE (project_id, title) INCLUDE (due)",
                    "FOREIGN KEY (parent_id) REFERENCES issues(id) DEFERRABLE INITIALLY DEFERRED",
                    "FOREIGN KEY (lead_id) REFERENCES accounts(id) ON DELETE SET NULL (lead_id)",
                    "FOREIGN KEY (reporter_id) REFERENCES accounts(id) ON DELETE RESTRICT",
                    "FOREIGN KEY (locale) REFERENCES locales(code)",
                    "CREATE UNIQUE INDEX accounts_email ON public.accounts USING btree (lower(email)) WHERE (NOT disabled)",
                    "CREATE INDEX issues_words ON public.issues USING gin (words)",
                    "CREATE INDEX issues_created ON public.issues USING brin (created_at)",
                    "CREATE INDEX issues_state ON public.issues USING btree (state, created_at DESC NULLS LAST) WHERE (state <> 'closed'::issue_state)",
                    "CREATE UNIQUE INDEX labels_name ON public.labels USING btree (project_id, name COLLATE \"C\" text_pattern_ops)",
                    "CREATE INDEX work_log_issue_id_day_idx ON public.work_log USING btree (issue_id, day)",
                    "threads",
                    "identity reactions_comment_id_account_id_emoji_key"),
            ForeignSchema.SHOP,
            List.of(
                    "FOREIGN KEY (id, main_address) REFERENCES addresses(customer_id, id) DEFERRABLE",
                    "FOREIGN KEY (tax_rate) REFERENCES tax_rates(id) ON DELETE SET DEFAULT (tax_rate)",
                    "FOREIGN KEY (category_id) REFERENCES categories(id) ON UPDATE CASCADE",
                    "EXCLUDE USING gist (tenant_id WITH =, warehouse_id WITH =, during WITH &&)",
                    "CREATE UNIQUE INDEX customers_phone ON public.customers USING btree (phone, referred_by, id) NULLS NOT DISTINCT",
                    "CREATE INDEX products_price ON public.products USING btree (price_cents) INCLUDE (sku) WITH (fillfactor='70')",
                    "identity orders_placed"),
            ForeignSchema.CHAT,
            List.of(
                    "FOREIGN KEY (owner_id) REFERENCES users(id) DEFERRABLE INITIALLY DEFERRED",
                    "FOREIGN KEY (quoted_id) REFERENCES messages(id) ON DELETE SET NULL (quoted_id)",
                    "CREATE INDEX messages_by_thread ON public.messages USING btree (thread_id, sent DESC)",
                    "CREATE INDEX messages_body ON public.messages USING hash (body)"));

    private String otherTenant() {
        return switch (schema.column()) {
            case TEXT -> "'other'";
            case UUID -> "'00000000-0000-4000-8000-000000000000'";
            case BIGINT -> "987654";
        };
    }

    private Set<String> tenants() throws SQLException {
        return switch (schema) {
            case TRACKER -> new TreeSet<>(ForeignSchema.query(database, "SELECT id FROM organizations"));
            case SHOP -> Set.of("merchant");
            case CHAT -> new TreeSet<>(ForeignSchema.query(database, "SELECT id FROM workspaces"));
        };
    }

    private List<String> converted() throws SQLException {
        return ForeignSchema.query(
                database,
                "SELECT quote_ident(relname) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'"
                        + " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY 1");
    }

    /** What is in the catalogs and when it was written. */
    private List<String> catalogs() throws SQLException {
        return ForeignSchema.query(
                database,
                List.of(
                                "pg_class",
                                "pg_attribute",
                                "pg_constraint",
                                "pg_index",
                                "pg_policy",
                                "pg_attrdef",
                                "pg_trigger")
                        .stream()
                        .map(catalog -> "SELECT '" + catalog + " ' || count(*) || ' ' || sum(xmin::text::bigint) FROM "
                                + catalog + " WHERE tableoid > 0")
                        .collect(Collectors.joining(" UNION ALL ")));
    }

    private List<String> as(String tenant, String sql) throws SQLException {
        String id = tenant.equals("0000") ? otherTenant().replace("'", "") : tenant;
        try (TenantDataSource source = source()) {
            return TenantContext.call(TenantIdentity.of(TenantId.of(id), "test"), () -> {
                try (Connection connection = source.getConnection();
                        Statement statement = connection.createStatement();
                        ResultSet row = statement.executeQuery(sql)) {
                    List<String> found = new ArrayList<>();
                    while (row.next()) {
                        List<String> values = new ArrayList<>();
                        for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                            values.add(row.getString(i));
                        }
                        found.add(String.join(" ", values));
                    }
                    return found;
                }
            });
        }
    }

    private TenantDataSource source() {
        PGSimpleDataSource plain = new PGSimpleDataSource();
        plain.setUrl(database.appUrl());
        TenantDataSource.Builder builder = TenantDataSource.builder((DataSource) plain)
                .binding(TenantBinding.transaction())
                .tenantColumn(schema.column());
        return (schema.sealed() ? builder.seal(TenantSeal.of(ForeignSchema.KEY)) : builder).build();
    }
}
