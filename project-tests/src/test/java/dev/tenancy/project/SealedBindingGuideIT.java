package dev.tenancy.project;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.tenancy.TenantContext;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.jdbc.RowLevelSecurity;
import dev.tenancy.jdbc.SealKey;
import dev.tenancy.jdbc.TenantBinding;
import dev.tenancy.jdbc.TenantDataSource;
import dev.tenancy.jdbc.TenantSeal;
import dev.tenancy.testservers.TestPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** The code in docs/sealed-binding.md. */
class SealedBindingGuideIT {

    @Test
    void whatTheGuideSaysIsWhatIsRunHere() {
        String guide = Documents.text("docs/sealed-binding.md");
        assertThat(guide).contains("SealKey key = SealKey.fromEnvironment(\"TENANCY_SEAL_KEY\");");
        assertThat(guide).contains(Documents.region(SealedBindingGuideIT.class, "install"));
        assertThat(guide).contains(Documents.region(SealedBindingGuideIT.class, "build"));
    }

    @Test
    void sqlThatSaysItIsSomebodyElseIsNobodyElse() throws SQLException {
        TestPostgres.Database database = TestPostgres.newDatabase();
        database.asOwner("CREATE TABLE invoices (id bigint GENERATED ALWAYS AS IDENTITY, text text)");
        SealKey key = SealKey.random("2030-01");
        try (Connection owner = database.ownerConnection()) {
            install(owner, key, database.app());
        }
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(database.appUrl());
        try (TenantDataSource source = source(new HikariDataSource(config), key)) {
            as("acme", source, "INSERT INTO invoices (text) VALUES ('of acme')");
            as("globex", source, "INSERT INTO invoices (text) VALUES ('of globex')");

            assertThat(as("acme", source.untrusted(), "SET tenancy.tenant_id = 'globex'", "SELECT text FROM invoices"))
                    .containsExactly("of acme");
        }
    }

    private static void install(Connection owner, SealKey key, String appRole) throws SQLException {
        // region install
        TenantSeal.install(owner, key);
        RowLevelSecurity.table("invoices")
                .key("id")
                .sealed()
                .grantTo(appRole)
                .build()
                .apply(owner);
        // endregion
    }

    private static TenantDataSource source(DataSource pool, SealKey key) {
        // region build
        TenantDataSource source = TenantDataSource.builder(pool)
                .binding(TenantBinding.transaction())
                .seal(TenantSeal.of(key))
                .build();
        // endregion
        return source;
    }

    private static List<String> as(String tenant, TenantDataSource source, String... texts) throws SQLException {
        List<String> found = new ArrayList<>();
        TenantContext.run(TenantIdentity.of(TenantId.of(tenant), "test"), () -> {
            try (Connection connection = source.getConnection();
                    Statement statement = connection.createStatement()) {
                for (String text : texts) {
                    if (statement.execute(text)) {
                        ResultSet rows = statement.getResultSet();
                        while (rows.next()) {
                            found.add(rows.getString(1));
                        }
                    }
                }
            }
        });
        return found;
    }
}
