package dev.tenancy.jdbc.conversion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenancy.TenantId;
import dev.tenancy.jdbc.SealKey;
import dev.tenancy.jdbc.TenantOffboarding;
import dev.tenancy.jdbc.TenantSeal;
import dev.tenancy.testservers.TestPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.ds.PGSimpleDataSource;

/** A tenant of a converted schema leaves with all its rows, and comes back; sealed tables too. */
class ConvertedOffboardingIT {
    @TempDir
    private Path directory;

    private static TestPostgres.Database converted(ForeignSchema schema) throws SQLException {
        TestPostgres.Database database = schema.load();
        try (Connection owner = database.ownerConnection()) {
            schema.conversion(database).plan(owner).apply(owner);
        }
        return database;
    }

    private static TenantOffboarding.Builder asOwner(TestPostgres.Database database) {
        PGSimpleDataSource owner = new PGSimpleDataSource();
        owner.setUrl(database.ownerUrl());
        return TenantOffboarding.builder(owner);
    }

    private static TenantId tenantOf(ForeignSchema schema, TestPostgres.Database database) throws SQLException {
        return TenantId.of(
                switch (schema) {
                    case TRACKER ->
                        ForeignSchema.query(database, "SELECT md5('o2')::uuid").get(0);
                    case SHOP -> "merchant";
                    case CHAT -> "3";
                });
    }

    private static List<String> rows(TestPostgres.Database database, String condition) throws SQLException {
        StringBuilder sql = new StringBuilder("SELECT NULL WHERE false");
        for (String table : ForeignSchema.query(
                database,
                "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'"
                        + " WHERE relkind = 'r' ORDER BY 1")) {
            sql.append(" UNION ALL SELECT '")
                    .append(table.replace("'", "''"))
                    .append(" ' || to_jsonb(t)::text FROM ")
                    .append(table)
                    .append(" AS t WHERE tenant_id::text ")
                    .append(condition);
        }
        return ForeignSchema.query(database, sql + " ORDER BY 1");
    }

    @ParameterizedTest
    @EnumSource
    void allOfItsRowsGoAndComeBackAndNoOthers(ForeignSchema schema) throws SQLException, IOException {
        TestPostgres.Database database = converted(schema);
        TenantId tenant = tenantOf(schema, database);
        List<String> own = rows(database, "= '" + tenant.value() + "'");
        List<String> others = rows(database, "<> '" + tenant.value() + "'");
        TenantOffboarding.Builder builder = asOwner(database);
        TenantOffboarding offboarding =
                (schema.sealed() ? builder.seal(TenantSeal.of(ForeignSchema.KEY)) : builder).build();

        offboarding.exportTo(directory, tenant);
        assertThat(offboarding.erase(tenant).isErased()).isTrue();

        assertThat(rows(database, "= '" + tenant.value() + "'")).isEmpty();
        assertThat(rows(database, "<> '" + tenant.value() + "'")).isEqualTo(others);

        offboarding.restoreFrom(directory, tenant);
        assertThat(rows(database, "= '" + tenant.value() + "'")).isEqualTo(own).isNotEmpty();
        assertThat(offboarding.prove(tenant).isErased()).isFalse();
    }

    @Test
    void withoutASealNothingIsSaidOfSealedRows() throws SQLException {
        TestPostgres.Database database = converted(ForeignSchema.CHAT);
        TenantId tenant = TenantId.of("3");

        assertThatThrownBy(() -> asOwner(database).build().prove(tenant)).hasMessageContaining("may hide rows");
        assertThatThrownBy(() -> asOwner(database).build().erase(tenant)).hasMessageContaining("may hide rows");
        assertThatThrownBy(() -> asOwner(database)
                        .seal(TenantSeal.of(SealKey.random("k1")))
                        .build()
                        .prove(tenant))
                .hasMessageContaining("does not accept the seal");
        assertThat(rows(database, "= '3'")).isNotEmpty();
    }
}
