package dev.tenancy.jdbc.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules about settings of a whole server, which it reads when it starts: found, mended by their SQL, silent. */
class ServerRulesIT {
    private static final Set<String> RULES =
            Set.of("setting-tenant-of-server", "server-prepared-transactions", "setting-large-objects");
    private static final String WRONG = """
            tenancy.tenant_id = 'acme'
            max_prepared_transactions = 5
            lo_compat_privileges = on
            """;

    @TempDir
    private Path directory;

    @Test
    void areFoundAndMendedByTheirSql() throws Exception {
        Path data = directory.resolve("data");
        assertThat(findings(data, List.of())).isEmpty();
        Files.writeString(data.resolve("postgresql.auto.conf"), WRONG, StandardOpenOption.APPEND);
        List<Finding> found = findings(data, List.of());
        assertThat(found).extracting(finding -> finding.rule().id()).containsExactlyInAnyOrderElementsOf(RULES);

        findings(
                data,
                found.stream().map(finding -> finding.mend().orElseThrow()).toList());

        assertThat(findings(data, List.of())).isEmpty();
    }

    /** Of the rules of this test, after a start of the server; then runs statements. */
    private static List<Finding> findings(Path data, List<String> statements) throws IOException, SQLException {
        try (EmbeddedPostgres server = EmbeddedPostgres.builder()
                        .setDataDirectory(data)
                        .setCleanDataDirectory(false)
                        .start();
                Connection connection = DriverManager.getConnection(server.getJdbcUrl("postgres", "postgres"));
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                for (String each : sql.split("(?<=;) ", -1)) {
                    statement.execute(each);
                }
            }
            statement.execute("DROP ROLE IF EXISTS app");
            statement.execute("CREATE ROLE app");
            return IsolationAudit.builder().role("app").build().run(connection).findings().stream()
                    .filter(finding -> RULES.contains(finding.rule().id()))
                    .toList();
        }
    }
}
