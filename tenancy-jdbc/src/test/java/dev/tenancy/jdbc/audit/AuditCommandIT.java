package dev.tenancy.jdbc.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.testservers.TestPostgres;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The audit on a command line. */
class AuditCommandIT {
    private static final String SECRET = "test";

    @TempDir
    private Path directory;

    @AutoClose
    private TestPostgres.Database database;

    private Map<String, String> environment;
    private String url;
    private String out = "";
    private String err = "";

    @BeforeEach
    void create() throws SQLException {
        database = AuditedDatabase.hardened().database();
        url = database.appUrl().replaceFirst("\\?.*", "");
        environment = Map.of("PGUSER", database.app(), "PGPASSWORD", SECRET);
    }

    private int run(String... arguments) {
        List<String> all = new ArrayList<>(List.of("--url", url));
        all.addAll(List.of(arguments));
        return runBare(all.toArray(String[]::new));
    }

    private int runBare(String... arguments) {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        int status = AuditCommand.run(
                arguments,
                environment,
                new PrintStream(output, true, StandardCharsets.UTF_8),
                new PrintStream(errors, true, StandardCharsets.UTF_8));
        out = output.toString(StandardCharsets.UTF_8);
        err = errors.toString(StandardCharsets.UTF_8);
        return status;
    }

    @Test
    void nothingFoundIsStatusZero() {
        assertThat(run()).as(err + out).isZero();
        assertThat(out).startsWith("0 findings").contains(database.app());
        assertThat(err).isEmpty();
    }

    @Test
    void findingsAreStatusOneInEachFormat() {
        database.asOwner("GRANT TRUNCATE ON notes TO " + database.app());

        assertThat(run()).isEqualTo(1);
        assertThat(out).contains("critical table-grant-truncate: table public.notes");
        assertThat(run("--format", "json")).isEqualTo(1);
        assertThat(out)
                .startsWith("{\"database\":")
                .contains("\"rule\":\"table-grant-truncate\"")
                .endsWith("]}\n");
        assertThat(run("--format", "sql")).isEqualTo(1);
        assertThat(out.lines().toList())
                .containsExactly(
                        "-- table-grant-truncate: table public.notes",
                        "REVOKE TRUNCATE ON public.notes FROM " + database.app() + ";");
    }

    @Test
    void whatIsLessThanAskedForIsReportedWithStatusZero() {
        database.asOwner("CREATE SEQUENCE numbers", "GRANT SELECT ON SEQUENCE numbers TO " + database.app());

        assertThat(run("--fail-from", "medium")).isZero();
        assertThat(out).contains("sequence-readable");
        assertThat(run()).isEqualTo(1);
    }

    @Test
    void theAllowListIsAFile() throws IOException {
        database.asOwner("CREATE SEQUENCE numbers", "GRANT SELECT ON SEQUENCE numbers TO " + database.app());
        Path list = directory.resolve("allowed");
        Files.writeString(list, "# known\n\nsequence-readable | sequence public.numbers | shown to all | on purpose\n");
        assertThat(run("--allow-list", list.toString(), "--format", "json")).isZero();
        assertThat(out).contains("\"reason\":\"shown to all | on purpose\"");

        Files.writeString(list, "sequence-readable | sequence public.numbers | \n");
        assertThat(run("--allow-list", list.toString())).isEqualTo(2);
        assertThat(err).contains("reason");
        Files.writeString(list, "sequence-readable\n");
        assertThat(run("--allow-list", list.toString())).isEqualTo(2);
        assertThat(run("--allow-list", directory.resolve("none").toString())).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"--format, xml", "--fail-from, never", "--colour, red", "--role, nobody_here"})
    void whatCannotBeRunIsStatusTwo(String option, String value) {
        assertThat(run(option, value)).isEqualTo(2);
        assertThat(out).isEmpty();
        assertThat(err).contains(value.equals("red") ? option : value);
    }

    @Test
    void aDatabaseThatDoesNotAnswerIsStatusTwoWithoutThePassword() {
        environment = Map.of("PGUSER", database.app(), "PGPASSWORD", "a-secret-that-is-wrong");
        assertThat(runBare("--url", "jdbc:postgresql://localhost:1/none")).isEqualTo(2);
        assertThat(out + err).contains("could not be run").doesNotContain("a-secret-that-is-wrong");

        assertThat(runBare()).isEqualTo(2);
        assertThat(err).contains("TENANCY_AUDIT_URL");
        assertThat(runBare("--url")).isEqualTo(2);
    }

    @Test
    void aPasswordOnTheCommandLineIsRefusedAndNotRepeated() {
        assertThat(runBare("--url", url + "?user=x&PassWord=hunter2")).isEqualTo(2);
        assertThat(out + err).contains("PGPASSWORD").doesNotContain("hunter2");
    }

    @Test
    void theUrlMayComeFromTheEnvironment() {
        environment = Map.of("PGUSER", database.app(), "PGPASSWORD", SECRET, "TENANCY_AUDIT_URL", url);

        assertThat(runBare()).isZero();
    }
}
