package dev.tenancy.project;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.tenancy.Tenancy;
import dev.tenancy.TenantCatalog;
import dev.tenancy.TenantRequest;
import dev.tenancy.jdbc.RowLevelSecurity;
import dev.tenancy.jdbc.TenantDataSource;
import dev.tenancy.jwt.JwtTenantResolver;
import dev.tenancy.ratelimit.RateLimit;
import dev.tenancy.ratelimit.RateLimitGuard;
import dev.tenancy.testservers.TestPostgres;
import dev.tenancy.testservers.TokenIssuer;
import java.net.URI;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The code in the README, run. */
class AdoptionIT {
    private final TokenIssuer issuer = TokenIssuer.start();
    private final TestPostgres.Database database = TestPostgres.newDatabase();

    @AfterEach
    void stop() {
        issuer.close();
    }

    @Test
    void whatTheReadmeSaysIsWhatIsRunHere() {
        for (String name : List.of("protect", "wire", "handle")) {
            assertThat(Documents.text("README.md")).contains(Documents.region(AdoptionIT.class, name));
        }
    }

    @Test
    void tenLinesKeepTwoTenantsApart() throws SQLException {
        database.asOwner("CREATE TABLE invoices (id bigint GENERATED ALWAYS AS IDENTITY, text text NOT NULL)");
        try (Connection owner = database.ownerConnection()) {
            protect(owner, database.app());
        }
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(database.appUrl());
        try (TenantDataSource source = TenantDataSource.wrap(new HikariDataSource(config))) {
            Tenancy tenancy = wire(issuer.issuer(), TokenIssuer.AUDIENCE, issuer.jwksUri());

            assertThat(add(tenancy, source, issuer.token("acme"), "of acme")).containsExactly("of acme");
            assertThat(add(tenancy, source, issuer.token("globex"), "of globex"))
                    .containsExactly("of globex");
            assertThat(add(tenancy, source, "garbage", "of nobody")).containsExactly("401");
        }
    }

    private static void protect(Connection owner, String appRole) throws SQLException {
        // region protect
        RowLevelSecurity.table("invoices").key("id").grantTo(appRole).build().apply(owner);
        // endregion
    }

    private static Tenancy wire(String issuer, String audience, URI jwksUri) {
        // region wire
        Tenancy tenancy = Tenancy.builder()
                .resolver(JwtTenantResolver.builder()
                        .issuer(issuer)
                        .audience(audience)
                        .jwksUri(jwksUri)
                        .build())
                .catalog(TenantCatalog.acceptingAny())
                .guard(RateLimitGuard.builder()
                        .defaultLimit(RateLimit.parse("600/1m burst 100"))
                        .build())
                .build();
        // endregion
        return tenancy;
    }

    private static List<String> add(Tenancy tenancy, TenantDataSource source, String token, String text)
            throws SQLException {
        TenantRequest request = TenantRequest.builder()
                .header("Authorization", "Bearer " + token)
                .build();
        // region handle
        return tenancy.handle(
                request,
                admitted -> {
                    try (Connection connection = source.getConnection();
                            PreparedStatement insert =
                                    connection.prepareStatement("INSERT INTO invoices (text) VALUES (?)");
                            PreparedStatement select = connection.prepareStatement("SELECT text FROM invoices")) {
                        insert.setString(1, text);
                        insert.executeUpdate();
                        return texts(select.executeQuery());
                    }
                },
                problem -> List.of(Integer.toString(problem.status())));
        // endregion
    }

    private static List<String> texts(ResultSet rows) throws SQLException {
        List<String> texts = new ArrayList<>();
        while (rows.next()) {
            texts.add(rows.getString("text"));
        }
        return texts;
    }
}
