package dev.tenancy.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.tenancy.TenantContext;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.testservers.TestPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows of readable tenants are read, by who may, where the table shows them; and written by nobody. */
@ParameterizedClass(name = "{0}, {1}, sealed={2}")
@CsvSource({
    "SESSION,TEXT,false",
    "SESSION,UUID,true",
    "TRANSACTION,TEXT,true",
    "TRANSACTION,UUID,false",
    "TRANSACTION,BIGINT,false",
    "TRANSACTION,BIGINT,true"
})
class ReadableTenantsIT {
    private static final SealKey KEY = SealKey.random("k1");

    private final Way way;
    private final TenantColumn column;
    private final boolean sealed;

    @AutoClose
    private final TestPostgres.Database database = TestPostgres.newDatabase();

    private final TenantIdentity acme;
    private final TenantIdentity reader;
    private final TenantIdentity shared;
    private HikariDataSource pool;
    private TenantDataSource source;

    ReadableTenantsIT(Way way, TenantColumn column, boolean sealed) {
        this.way = way;
        this.column = column;
        this.sealed = sealed;
        this.acme = TenantIdentity.of(id(1), "test");
        this.shared = TenantIdentity.of(id(2), "test");
        this.reader = TenantIdentity.builder(id(1), "test")
                .readableTenants(Set.of(id(2), id(3)))
                .build();
    }

    private TenantId id(int number) {
        return TenantId.of(
                switch (column) {
                    case TEXT -> "auth0|tenant-" + number;
                    case UUID -> "00000000-0000-0000-0000-00000000000" + number;
                    case BIGINT -> String.valueOf(number);
                });
    }

    @BeforeEach
    void storeRows() throws SQLException {
        try (Connection owner = database.ownerConnection()) {
            TenantSeal.install(owner, KEY);
            for (String table : Set.of("papers", "secrets")) {
                database.asOwner("CREATE TABLE " + table + " (id bigint NOT NULL, body text)");
                protect(table, table.equals("papers")).apply(owner);
            }
        }
        pool = NotesDatabase.poolOfOne(database.appUrl(), true);
        TenantDataSource.Builder builder =
                TenantDataSource.builder(pool).binding(way.binding()).tenantColumn(column);
        source = (sealed ? builder.seal(TenantSeal.of(KEY)) : builder).build();
        for (TenantIdentity each : Set.of(acme, shared, TenantIdentity.of(id(4), "test"))) {
            String of = "'of " + each.tenantId().value() + "'";
            execute(each, "INSERT INTO papers VALUES (1, " + of + ")");
            execute(each, "INSERT INTO secrets VALUES (1, " + of + ")");
        }
    }

    private RowLevelSecurity protect(String table, boolean readable) {
        RowLevelSecurity.Builder builder =
                RowLevelSecurity.table(table).key("id").tenantColumn(column).grantTo(database.app());
        if (readable) {
            builder.readable();
        }
        return (sealed ? builder.sealed() : builder).build();
    }

    @AfterEach
    void close() {
        pool.close();
    }

    private int execute(TenantIdentity identity, String sql) throws SQLException {
        return TenantContext.call(identity, () -> {
            try (Connection connection = source.getConnection();
                    Statement statement = connection.createStatement()) {
                return statement.executeUpdate(sql);
            }
        });
    }

    private String owners(TenantIdentity identity, String table) throws SQLException {
        return TenantContext.call(identity, () -> {
            try (Connection connection = source.getConnection();
                    Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(
                            "SELECT string_agg(tenant_id::text, ' ' ORDER BY tenant_id) FROM " + table)) {
                row.next();
                return row.getString(1);
            }
        });
    }

    @Test
    void aReaderSeesThemOnTheSameConnectionOnWhichItsTenantDoesNot() throws SQLException {
        String both = id(1).value() + " " + id(2).value();
        for (int i = 0; i < 3; i++) {
            assertThat(owners(reader, "papers")).isEqualTo(both);
            assertThat(owners(acme, "papers")).isEqualTo(id(1).value());
            assertThat(owners(shared, "papers")).isEqualTo(id(2).value());
        }
        assertThat(owners(reader, "secrets")).as("a table that shows none").isEqualTo(id(1).value());
    }

    @Test
    void aReaderWritesNoneOfThem() throws SQLException {
        assertThat(execute(reader, "UPDATE papers SET body = 'changed'")).isOne();
        assertThat(execute(reader, "DELETE FROM papers")).isOne();
        assertThat(execute(reader, "INSERT INTO papers (id, body) VALUES (2, 'new')"))
                .isOne();
        for (String sql : Set.of(
                "INSERT INTO papers VALUES (3, 'planted', '" + id(2).value() + "')",
                "UPDATE papers SET tenant_id = '" + id(2).value() + "'",
                "INSERT INTO papers VALUES (1, 'x', '" + id(2).value() + "') ON CONFLICT (tenant_id, id) DO UPDATE"
                        + " SET body = 'stolen'")) {
            assertThatThrownBy(() -> execute(reader, sql))
                    .as(sql)
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            fault -> assertThat(fault.getSQLState()).isEqualTo("42501"));
        }

        assertThat(owners(reader, "papers")).isEqualTo(id(1).value() + " " + id(2).value());
        assertThat(execute(shared, "UPDATE papers SET body = body WHERE body = 'of " + id(2).value() + "'"))
                .as("rows of the other, as they were")
                .isOne();
    }

    @Test
    void aPermissivePolicyAddedLaterDoesNotWidenWhatIsReadOrWritten() throws SQLException {
        database.asOwner("CREATE POLICY careless ON papers USING (true) WITH CHECK (true)");

        assertThat(owners(acme, "papers")).isEqualTo(id(1).value());
        assertThat(owners(reader, "papers")).isEqualTo(id(1).value() + " " + id(2).value());
        assertThat(execute(reader, "UPDATE papers SET body = 'changed'")).isOne();
        assertThatThrownBy(() -> execute(reader, "INSERT INTO papers VALUES (9, 'planted', '" + id(2).value() + "')"))
                .isInstanceOf(SQLException.class);
        assertThat(execute(reader, "DELETE FROM papers")).isOne();
        assertThat(owners(shared, "papers")).isEqualTo(id(2).value());
    }

    @Test
    void idsThatTheColumnCannotHaveAreRefusedBeforeAConnectionIsTouched() throws SQLException {
        TenantIdentity odd = TenantIdentity.builder(id(1), "test")
                .readableTenants(Set.of(TenantId.of("01-odd")))
                .build();

        if (column == TenantColumn.TEXT) {
            assertThat(owners(odd, "papers")).isEqualTo(id(1).value());
        } else {
            assertThatThrownBy(() -> owners(odd, "papers"))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            fault -> assertThat(fault.getSQLState()).isEqualTo("28000"))
                    .hasMessageNotContaining("01-odd");
        }
    }

    @Test
    void showingThemCanBeTakenBackAndGiven() throws SQLException {
        try (Connection owner = database.ownerConnection()) {
            assertThat(protect("papers", true).drift(owner)).isEmpty();
            assertThat(protect("papers", false).drift(owner)).isNotEmpty();

            protect("papers", false).apply(owner);
            assertThat(owners(reader, "papers")).isEqualTo(id(1).value());
            assertThat(protect("papers", false).drift(owner)).isEmpty();

            protect("papers", true).apply(owner);
            assertThat(owners(reader, "papers")).isEqualTo(id(1).value() + " " + id(2).value());
        }
    }
}
