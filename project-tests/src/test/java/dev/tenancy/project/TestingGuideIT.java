package dev.tenancy.project;

import static dev.tenancy.testing.TenantIsolation.assertTenantCannotSee;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.tenancy.TenantContext;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.jdbc.RowLevelSecurity;
import dev.tenancy.jdbc.TenantDataSource;
import dev.tenancy.jdbc.testing.ConnectionLeakCheck;
import dev.tenancy.testing.AsTenant;
import dev.tenancy.testing.ScopeLeakCheck;
import dev.tenancy.testservers.TestPostgres;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The code in docs/testing.md, run. */
// region scopes
@ExtendWith(ScopeLeakCheck.class)
// endregion
class TestingGuideIT {
    // region connections
    @RegisterExtension
    static final ConnectionLeakCheck LEAKS = new ConnectionLeakCheck();
    // endregion

    private static TenantDataSource source;
    private static Invoices invoices;

    @BeforeAll
    static void makeTable() throws SQLException {
        TestPostgres.Database database = TestPostgres.newDatabase();
        database.asOwner("CREATE TABLE invoices (id bigint GENERATED ALWAYS AS IDENTITY, text text NOT NULL)");
        try (Connection owner = database.ownerConnection()) {
            RowLevelSecurity.table("invoices")
                    .key("id")
                    .grantTo(database.app())
                    .build()
                    .apply(owner);
        }
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(database.appUrl());
        HikariDataSource pool = new HikariDataSource(config);
        // region listener
        source = TenantDataSource.builder(pool).listener(LEAKS).build();
        // endregion
        invoices = new Invoices(source);
    }

    @AfterAll
    static void close() {
        source.close();
    }

    @Test
    void whatTheGuideSaysIsWhatIsRunHere() {
        for (String name : List.of("scopes", "connections", "listener", "as-tenant", "isolation")) {
            assertThat(Documents.text("docs/testing.md")).contains(Documents.region(TestingGuideIT.class, name));
        }
    }

    // region as-tenant
    @Test
    @AsTenant("acme")
    void anInvoiceIsFoundAgain() throws SQLException {
        long id = invoices.add("for May");

        assertThat(invoices.find(id)).contains("for May");
    }
    // endregion

    // region isolation
    @Test
    void nobodyElseSeesIt() throws SQLException {
        TenantIdentity acme = TenantIdentity.of(TenantId.of("acme"), "test");
        long id = TenantContext.call(acme, () -> invoices.add("for June"));

        assertTenantCannotSee("globex", "acme", () -> invoices.find(id));
    }
    // endregion

    private record Invoices(TenantDataSource source) {
        long add(String text) throws SQLException {
            try (Connection connection = source.getConnection();
                    PreparedStatement insert =
                            connection.prepareStatement("INSERT INTO invoices (text) VALUES (?) RETURNING id")) {
                insert.setString(1, text);
                ResultSet row = insert.executeQuery();
                row.next();
                return row.getLong("id");
            }
        }

        Optional<String> find(long id) throws SQLException {
            try (Connection connection = source.getConnection();
                    PreparedStatement select = connection.prepareStatement("SELECT text FROM invoices WHERE id = ?")) {
                select.setLong(1, id);
                ResultSet row = select.executeQuery();
                return row.next() ? Optional.of(row.getString("text")) : Optional.empty();
            }
        }
    }
}
