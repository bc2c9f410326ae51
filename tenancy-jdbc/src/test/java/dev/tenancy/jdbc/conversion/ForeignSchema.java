package dev.tenancy.jdbc.conversion;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tenancy.jdbc.SealKey;
import dev.tenancy.jdbc.TenantColumn;
import dev.tenancy.jdbc.TenantSeal;
import dev.tenancy.testservers.TestPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A schema that was not written for us, with rows, in a database of its own. */
enum ForeignSchema {
    /** Organizations have everything; a UUID says which. */
    TRACKER(TenantColumn.UUID, false, "locales") {
        @Override
        SchemaConversion.Builder describe(SchemaConversion.Builder conversion) {
            return conversion.share("locales").tenantFrom("organizations", "id");
        }
    },
    /** One merchant has everything. */
    SHOP(TenantColumn.TEXT, false, "currencies", "schema_history") {
        @Override
        SchemaConversion.Builder describe(SchemaConversion.Builder conversion) {
            return conversion.share("currencies", "schema_history").existingRowsBelongTo("merchant");
        }
    },
    /** Workspaces have everything, over some ways that go round. */
    CHAT(TenantColumn.BIGINT, true, "emoji_catalog") {
        @Override
        SchemaConversion.Builder describe(SchemaConversion.Builder conversion) {
            return conversion
                    .share("emoji_catalog")
                    .tenantFrom("workspaces", "id")
                    .sealed();
        }
    };

    static final SealKey KEY = SealKey.random("k1");

    private final TenantColumn column;
    private final boolean sealed;
    private final String shared;

    ForeignSchema(TenantColumn column, boolean sealed, String... shared) {
        this.column = column;
        this.sealed = sealed;
        this.shared = String.join(", ", shared);
    }

    abstract SchemaConversion.Builder describe(SchemaConversion.Builder conversion);

    TenantColumn column() {
        return column;
    }

    boolean sealed() {
        return sealed;
    }

    /** In the schema {@code public} of a new database. */
    TestPostgres.Database load() throws SQLException {
        TestPostgres.Database database = TestPostgres.newDatabase();
        assumeTrue(
                query(database, "SELECT current_setting('server_version_num')::int >= 150000")
                        .contains("t"),
                "these schemas have what PostgreSQL has since 15");
        try (InputStream in = ForeignSchema.class.getResourceAsStream(name().toLowerCase(Locale.ROOT) + ".sql")) {
            database.asSuperuser("GRANT CREATE ON DATABASE " + database.name() + " TO " + database.owner());
            database.asOwner(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        database.asOwner("GRANT SELECT ON " + shared + " TO " + database.app());
        if (sealed) {
            try (Connection owner = database.ownerConnection()) {
                TenantSeal.install(owner, KEY);
            }
        }
        return database;
    }

    SchemaConversion conversion(TestPostgres.Database database) {
        return describe(SchemaConversion.of("public"))
                .tenantColumn(column)
                .grantTo(database.app())
                .build();
    }

    /** All rows of all tables, without the tenant, in one text a table. */
    static Map<String, String> rows(TestPostgres.Database database) throws SQLException {
        Map<String, String> rows = new TreeMap<>();
        for (String table : tables(database)) {
            rows.put(
                    table,
                    query(
                                    database,
                                    "SELECT coalesce(string_agg(md5((to_jsonb(t) - 'tenant_id')::text), ' ' ORDER BY md5((to_jsonb(t) - 'tenant_id')::text)), '')"
                                            + " || count(*) FROM " + table + " AS t")
                            .get(0));
        }
        return rows;
    }

    /** The tables that have rows, partitions are none, as SQL. */
    static List<String> tables(TestPostgres.Database database) throws SQLException {
        return query(
                database,
                "SELECT quote_ident(relname) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
                        + " AND NOT relispartition ORDER BY 1");
    }

    /** The first column of what a superuser sees. */
    static List<String> query(TestPostgres.Database database, String sql) throws SQLException {
        try (Connection superuser = DriverManager.getConnection(database.superuserUrl());
                Statement statement = superuser.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            List<String> found = new ArrayList<>();
            while (row.next()) {
                found.add(row.getString(1));
            }
            return found;
        }
    }
}
