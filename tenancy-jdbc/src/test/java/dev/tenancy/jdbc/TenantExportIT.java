package dev.tenancy.jdbc;

import static dev.tenancy.jdbc.OffboardingDatabase.ACME;
import static dev.tenancy.jdbc.OffboardingDatabase.GLOBEX;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/** What is exported comes back as it was, or not at all. */
class TenantExportIT {
    @TempDir
    private Path temporary;

    private Path directory;

    @AutoClose
    private OffboardingDatabase host;

    private TenantOffboarding offboarding;

    @BeforeEach
    void makeDatabase() throws SQLException {
        host = new OffboardingDatabase();
        offboarding = host.offboarding().build();
        directory = temporary.resolve("export");
    }

    @Test
    void anExportedTenantComesBackEqual() throws Exception {
        List<String> everything = host.rowsOf("acme");
        List<String> others = host.rowsOf("globex");
        TenantExport exported = offboarding.exportTo(directory, ACME);
        offboarding.erase(ACME);
        assertThat(host.rowsOf("acme")).isEmpty();

        offboarding.restoreFrom(directory, ACME);

        assertThat(host.rowsOf("acme")).isEqualTo(everything);
        assertThat(host.rowsOf("globex")).isEqualTo(others);
        TenantExport again = offboarding.exportTo(temporary.resolve("again"), ACME);
        assertThat(contents(again)).isEqualTo(contents(exported));
        assertThat(exported.tables().stream()
                        .mapToLong(TenantExport.Table::rows)
                        .sum())
                .isEqualTo(OffboardingDatabase.ROWS);
    }

    @Test
    void parentsComeBeforeTheirChildrenAndTheManifestLast() throws Exception {
        TenantExport exported = offboarding.exportTo(directory, ACME);

        List<String> names =
                exported.tables().stream().map(TenantExport.Table::name).toList();
        assertThat(names).containsSubsequence("projects", "tasks", "comments");
        assertThat(names).containsSubsequence("projects", "tasks", "notes");
        assertThat(Files.readString(directory.resolve("manifest.json")))
                .startsWith("{\"format\": 1, \"tenant\": \"acme\"");
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .hasSize(names.size() + 1)
                    .allMatch(file -> file.matches("[a-z0-9][a-z0-9._-]*"));
        }
    }

    /** Each value was chosen because some common form of it loses something. */
    @Test
    void everyTypeComesBackToTheBit() throws Exception {
        host.database()
                .asOwner(
                        "CREATE TYPE mood AS ENUM ('so so', 'he said \"hi\"')",
                        "CREATE TYPE pair AS (a text, b int)",
                        "CREATE DOMAIN short AS varchar(3) CHECK (value <> 'bad')",
                        "CREATE TABLE everything (tenant_id text NOT NULL, id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
                                + " n numeric, n2 numeric(10,2), f8 float8, f4 float4, b bytea, tz timestamptz, ts timestamp,"
                                + " d date, t time, ttz timetz, i interval, ints int[], texts text[], j json, jb jsonb, m mood,"
                                + " moods mood[], p pair, ps pair[], s short, r int4range, mr int4multirange, tr tstzrange, u uuid,"
                                + " bo boolean, c char(5), v varchar(10), x text, bits bit varying, ip inet, net cidr, mac macaddr,"
                                + " pt point, box box, tsv tsvector, xm xml, cash money, q \"char\", na name, o oid, rc regclass,"
                                + " ln pg_lsn, g text GENERATED ALWAYS AS (upper(x)) STORED)",
                        "INSERT INTO everything (tenant_id) VALUES ('acme')",
                        "INSERT INTO everything (tenant_id, n, n2, f8, f4, b, tz, ts, d, t, ttz, i, ints, texts, j, jb, m, moods, p, ps,"
                                + " s, r, mr, tr, u, bo, c, v, x, bits, ip, net, mac, pt, box, tsv, xm, cash, q, na, o, rc, ln) VALUES ('acme',"
                                + " 'NaN', 1.10, 'NaN', '-0', '\\x00ff0a', 'infinity', '-infinity', 'infinity', '24:00', '12:00:00.000001-07:30',"
                                + " '1 year -2 mons 3 days -04:05:06.7', '[2:3][0:1]={{1,2},{3,NULL}}', ARRAY['', 'NULL', NULL, 'a\"b\\c', ','],"
                                + " E'{\"a\" : 1,\\n  \"a\": 2, \"b\": 1e400}', '{\"n\": 1.10, \"s\": \"\\u00e9\"}', 'he said \"hi\"', ARRAY['so so']::mood[],"
                                + " ROW(NULL, NULL), ARRAY[ROW('x,\"y', 1)::pair, NULL], 'ab', 'empty', '{[1,3),[5,)}', '[2020-01-01,infinity]',"
                                + " '6b1f1c36-0000-4000-8000-00000000000a', false, 'ab', ' v ', E'\\u0001\\u007f\\t\\r\\n\\b\\\\ \"quoted\" \\U0001F600 \\ufeff\\u2028',"
                                + " B'101', '10.0.0.1/8', '10.0.0.0/8', '08:00:2b:01:02:03', '(1e-300,-0)', '((2,2),(1,1))', 'a:1A b', '<a>&amp;</a>',"
                                + " '-12.34', 'x', 'na', 4294967295, 'projects', '16/B374D848')",
                        "INSERT INTO everything (tenant_id, n, n2, f8, f4, tz, i, x, p, ints, texts, r) VALUES ('acme',"
                                + " '-1234567890123456789012345678901234567890.0000000000000000000010', -0.01, 0.1::float8 + 0.2::float8, 1.1,"
                                + " '0001-01-01 00:00:00+00 BC', '-178000000 years', '\\.', ROW('', NULL), '{}', '{}', '[,]')",
                        "INSERT INTO everything (tenant_id, n, x, tz) VALUES ('acme', 'Infinity', '', '2024-06-30 23:59:59.999999+05:45')");
        String all =
                "SELECT (to_jsonb(e) - 'j' - 'rc')::text || coalesce(j::text, '-') || coalesce(array_dims(ints), '-')"
                        + " || encode(float8send(f8), 'hex') || (p IS NOT DISTINCT FROM NULL)::text"
                        + " FROM everything e ORDER BY id";
        List<String> before = host.strings(all);
        TenantOffboarding ofAnotherSession =
                TenantOffboarding.builder(withOtherSettings()).build();
        TenantExport exported = ofAnotherSession.exportTo(directory, ACME);
        assertThat(contents(offboarding.exportTo(temporary.resolve("same"), ACME)))
                .isEqualTo(contents(exported));
        offboarding.erase(ACME);
        assertThat(host.strings(all)).isEmpty();

        offboarding.restoreFrom(directory, ACME);

        assertThat(host.strings(all)).isEqualTo(before).hasSize(4);
    }

    @Test
    void randomTextsComeBackAsTheyWere() throws Exception {
        long seed = System.nanoTime();
        java.util.Random random = new java.util.Random(seed);
        try (var connection = host.database().ownerConnection();
                var insert = connection.prepareStatement("INSERT INTO plain (tenant_id, body) VALUES ('acme', ?)")) {
            for (int row = 0; row < 2_000; row++) {
                String text = random.ints(random.nextInt(30), 1, 0x11_0000)
                        .filter(point -> point < 0xd800 || point > 0xdfff)
                        .map(point -> random.nextBoolean() ? point : 1 + point % 127)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
                insert.setString(1, text);
                insert.addBatch();
            }
            insert.executeBatch();
        }
        List<String> before = host.rowsOf("acme");
        offboarding.exportTo(directory, ACME);
        offboarding.erase(ACME);

        offboarding.restoreFrom(directory, ACME);

        assertThat(host.rowsOf("acme")).as("seed %s", seed).isEqualTo(before);
    }

    @Test
    void anExportIsOfOneSnapshot() throws Exception {
        List<String> before = host.rowsOf("acme");
        TenantOffboarding disturbed = host.offboarding()
                .progress(step -> host.database()
                        .asSuperuser(
                                "DELETE FROM elsewhere.notes",
                                "DELETE FROM comments",
                                "UPDATE plain SET body = 'changed'"))
                .build();

        disturbed.exportTo(directory, ACME);

        offboarding.erase(ACME);
        offboarding.restoreFrom(directory, ACME);
        assertThat(host.rowsOf("acme")).isEqualTo(before);
    }

    @Test
    void filesAreTheirOwnersOnly() throws Exception {
        offboarding.exportTo(directory, ACME);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("manifest.json"))))
                .isEqualTo("rw-------");
    }

    @Test
    void anEarlierExportIsNotWrittenOver() throws Exception {
        offboarding.exportTo(directory, ACME);

        assertThatThrownBy(() -> offboarding.exportTo(directory, GLOBEX))
                .isInstanceOf(DirectoryNotEmptyException.class);
    }

    @Test
    void aFileThatIsNotAsItWasIsRefused() throws Exception {
        TenantExport exported = offboarding.exportTo(directory, ACME);
        offboarding.erase(ACME);
        Path tasks = file(exported, "tasks");
        String lines = Files.readString(tasks);

        for (String other : List.of(
                lines.replaceFirst("task 7", "task 8"),
                lines.substring(0, lines.length() - 1),
                lines.substring(lines.indexOf('\n') + 1),
                lines + lines.substring(0, lines.indexOf('\n') + 1),
                lines.substring(lines.indexOf('\n') + 1) + lines.substring(0, lines.indexOf('\n') + 1),
                "")) {
            Files.writeString(tasks, other);
            assertThatThrownBy(() -> offboarding.restoreFrom(directory, ACME))
                    .hasMessageContaining("is not what was exported");
        }
        Files.delete(tasks);
        assertThatThrownBy(() -> offboarding.restoreFrom(directory, ACME)).isInstanceOf(NoSuchFileException.class);
        assertThat(host.rowsOf("acme")).isEmpty();

        Files.writeString(tasks, lines);
        offboarding.restoreFrom(directory, ACME);
        assertThat(host.rowsOf("acme")).hasSize(OffboardingDatabase.ROWS);
    }

    @Test
    void anExportWithoutManifestIsNone() throws Exception {
        offboarding.exportTo(directory, ACME);
        Path manifest = directory.resolve("manifest.json");
        String text = Files.readString(manifest);
        offboarding.erase(ACME);

        for (String other : List.of(
                "",
                "{",
                "[]",
                "{}",
                text.replace("\"format\": 1", "\"format\": 2"),
                text.replace("0001-", "../1-"),
                text.replace("\"sha256\"", "\"sha\""))) {
            Files.writeString(manifest, other);
            assertThatThrownBy(() -> offboarding.restoreFrom(directory, ACME))
                    .as(other)
                    .isInstanceOf(SQLException.class);
        }
        Files.delete(manifest);
        assertThatThrownBy(() -> offboarding.restoreFrom(directory, ACME)).isInstanceOf(IOException.class);
        assertThat(host.rowsOf("acme")).isEmpty();
    }

    @Test
    void theExportOfOneTenantIsNotRestoredAsAnother() throws Exception {
        offboarding.exportTo(directory, ACME);
        offboarding.erase(GLOBEX);

        assertThatThrownBy(() -> offboarding.restoreFrom(directory, GLOBEX))
                .hasMessageContaining("not of tenant globex");

        // Also when somebody had the manifest say so: the rows are still acme's.
        Path manifest = directory.resolve("manifest.json");
        Files.writeString(manifest, Files.readString(manifest).replace("\"acme\"", "\"globex\""));
        List<String> before = host.rowsOf("acme");
        assertThatThrownBy(() -> offboarding.restoreFrom(directory, GLOBEX)).isInstanceOf(SQLException.class);
        assertThat(host.rowsOf("globex")).isEmpty();
        assertThat(host.rowsOf("acme")).isEqualTo(before);
    }

    @Test
    void aTenantThatHasRowsIsNotRestoredOver() throws Exception {
        offboarding.exportTo(directory, ACME);

        assertThatThrownBy(() -> offboarding.restoreFrom(directory, ACME)).hasMessageContaining("has rows already");
    }

    @Test
    void tablesThatAreOtherThanTheyWereAreNamed() throws Exception {
        offboarding.exportTo(directory, ACME);
        offboarding.erase(ACME);

        host.database().asOwner("ALTER TABLE plain ADD COLUMN more int");
        assertThatThrownBy(() -> offboarding.restoreFrom(directory, ACME))
                .hasMessageContaining("\"plain\" has not the columns");
        host.database().asOwner("ALTER TABLE plain DROP COLUMN more", "ALTER TABLE plain ALTER body TYPE varchar(70)");
        assertThatThrownBy(() -> offboarding.restoreFrom(directory, ACME))
                .hasMessageContaining("\"plain\" has not the columns");
        host.database().asOwner("DROP TABLE plain");
        assertThatThrownBy(() -> offboarding.restoreFrom(directory, ACME))
                .hasMessageContaining("no table \"public\".\"plain\"");
        assertThat(host.strings("SELECT count(*) FROM projects WHERE tenant_id = 'acme'"))
                .containsExactly("0");
    }

    @Test
    void aTriggerThatChangesWhatIsRestoredIsSeen() throws Exception {
        offboarding.exportTo(directory, ACME);
        offboarding.erase(ACME);
        host.database()
                .asOwner(
                        "CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS"
                                + " 'BEGIN NEW.body := NEW.body || ''!''; RETURN NEW; END'",
                        "CREATE TRIGGER spoil BEFORE INSERT ON plain FOR EACH ROW EXECUTE FUNCTION spoil()");

        assertThatThrownBy(() -> offboarding.restoreFrom(directory, ACME))
                .hasMessageContaining("\"plain\" did not keep the rows");
        assertThat(host.rowsOf("acme")).isEmpty();
    }

    @Test
    void aTenantsOwnSchemaIsExportedDroppedAndFilledAgain() throws Exception {
        String[] ddl = {
            "CREATE SCHEMA \"acme's\"",
            "CREATE TYPE \"acme's\".size AS ENUM ('s', 'm')",
            "CREATE TABLE \"acme's\".shirts (id serial PRIMARY KEY, size \"acme's\".size)",
            "CREATE TABLE \"acme's\".owners (shirt int REFERENCES \"acme's\".shirts, name text)",
            "CREATE VIEW \"acme's\".both AS SELECT * FROM \"acme's\".shirts, \"acme's\".owners"
        };
        host.database().asOwner(ddl);
        host.database()
                .asOwner(
                        "INSERT INTO \"acme's\".shirts (size) VALUES ('s'), ('m')",
                        "INSERT INTO \"acme's\".owners VALUES (1, 'ann'), (2, NULL)");
        TenantOffboarding withSchemas =
                host.offboarding().schemas(tenant -> List.of(tenant + "'s")).build();

        TenantExport exported = withSchemas.exportTo(directory, ACME);
        assertThat(withSchemas.prove(ACME).schemasLeft()).containsExactly("acme's");
        ErasureProof proof = withSchemas.erase(ACME);

        assertThat(proof.isErased()).isTrue();
        assertThat(host.strings("SELECT 1 FROM pg_namespace WHERE nspname = 'acme''s'"))
                .isEmpty();
        host.database().asOwner(ddl);
        withSchemas.restoreFrom(directory, ACME);
        assertThat(host.strings("SELECT size FROM \"acme's\".shirts")).containsExactly("s", "m");
        assertThat(contents(withSchemas.exportTo(temporary.resolve("again"), ACME)))
                .isEqualTo(contents(exported));
    }

    @Test
    void aSchemaIsNotDroppedWithWhatLiesOutside() throws Exception {
        host.database()
                .asOwner(
                        "CREATE SCHEMA own",
                        "CREATE TABLE own.shirts (id int PRIMARY KEY)",
                        "CREATE TYPE own.size AS ENUM ('s')",
                        "CREATE FUNCTION own.one() RETURNS int LANGUAGE sql AS 'SELECT 1'");
        TenantOffboarding withSchemas =
                host.offboarding().schemas(tenant -> List.of("own")).build();

        for (String[] outside : new String[][] {
            {"CREATE VIEW public.seen AS SELECT * FROM own.shirts", "DROP VIEW seen"},
            {"CREATE TABLE public.refers (id int REFERENCES own.shirts)", "DROP TABLE refers"},
            {"CREATE TABLE public.sized (tenant_id text, size own.size)", "DROP TABLE sized"},
            {"CREATE TABLE public.ones (one int DEFAULT own.one())", "DROP TABLE ones"},
            {"CREATE TABLE public.heirs () INHERITS (own.shirts)", "DROP TABLE heirs"},
        }) {
            host.database().asOwner(outside[0]);
            assertThatThrownBy(() -> withSchemas.erase(ACME))
                    .as(outside[0])
                    .hasMessageContaining("schema \"own\" is not dropped");
            assertThat(host.strings("SELECT 1 FROM pg_namespace WHERE nspname = 'own'"))
                    .hasSize(1);
            host.database().asOwner(outside[1]);
        }
        assertThat(withSchemas.erase(ACME).isErased()).isTrue();
    }

    @Test
    void schemasThatAreNobodysOwnAreRefused() {
        for (String schema : List.of("public", "pg_catalog", "PG_TOAST", "information_schema", " ")) {
            TenantOffboarding wrong =
                    host.offboarding().schemas(tenant -> List.of(schema)).build();
            assertThatThrownBy(() -> wrong.erase(ACME)).hasMessageContaining("cannot be a tenant's own schema");
        }
    }

    @Test
    void theSessionsOwnTimeoutIsNotTheExports() throws Exception {
        host.database()
                .asOwner(
                        "ALTER ROLE " + host.database().owner() + " SET statement_timeout = '1s'",
                        "CREATE POLICY slow ON projects AS RESTRICTIVE USING ((SELECT true FROM pg_sleep(1.2)))");

        TenantExport exported = offboarding.exportTo(directory, ACME);

        assertThat(Files.readAllLines(file(exported, "projects"))).hasSizeGreaterThanOrEqualTo(5);
    }

    /** In a virtual machine with less memory than the rows take. */
    @Test
    void largeRowsAreNotHeldInMemoryTogether() throws Exception {
        host.database()
                .asSuperuser("INSERT INTO plain (tenant_id, body)"
                        + " SELECT 'acme', repeat(md5(n::text), 131072) FROM generate_series(1, 17) n"); // of 4 MiB

        Process moving = OtherJvm.start(MovesOut.class, host.database().ownerUrl(), directory.toString());

        assertThat(new String(moving.getInputStream().readAllBytes(), UTF_8).strip())
                .isEqualTo("moved out and in with " + OtherJvm.HEAP_MEGABYTES + " MB");
        assertThat(moving.waitFor()).isZero();
        assertThat(host.strings(
                        "SELECT sum(length(body)) FROM plain WHERE tenant_id = 'acme' AND body NOT LIKE 'plain%'"))
                .containsExactly(Long.toString(17L * 4 * 1024 * 1024));
    }

    /** Exports a tenant, erases it and restores it. */
    static final class MovesOut {
        private MovesOut() {}

        public static void main(String[] arguments) throws Exception {
            PGSimpleDataSource owner = new PGSimpleDataSource();
            owner.setUrl(arguments[0]);
            TenantOffboarding offboarding = TenantOffboarding.builder(owner).build();
            Path directory = Path.of(arguments[1]);
            offboarding.exportTo(directory, ACME);
            offboarding.erase(ACME);
            offboarding.restoreFrom(directory, ACME);
            System.out.println("moved out and in with " + Runtime.getRuntime().maxMemory() / 1024 / 1024 + " MB");
        }
    }

    /** Connections whose sessions print values in other ways, and some with loss. */
    private DataSource withOtherSettings() {
        PGSimpleDataSource source = new PGSimpleDataSource() {
            private static final long serialVersionUID = 1L;

            @Override
            public Connection getConnection() throws SQLException {
                Connection connection = super.getConnection();
                try (Statement statement = connection.createStatement()) {
                    statement.execute("SET extra_float_digits = -5; SET intervalstyle = sql_standard;"
                            + " SET bytea_output = escape; SET timezone = 'Asia/Kathmandu'; SET xmloption = document;"
                            + " SET search_path = elsewhere; SET default_transaction_isolation = serializable");
                }
                connection.setAutoCommit(false);
                return connection;
            }
        };
        source.setUrl(host.database().ownerUrl());
        return source;
    }

    private Path file(TenantExport exported, String table) {
        return directory.resolve(exported.tables().stream()
                .filter(any -> any.name().equals(table))
                .findFirst()
                .orElseThrow()
                .file());
    }

    private static Map<String, String> contents(TenantExport export) {
        return export.tables().stream()
                .collect(Collectors.toMap(
                        table -> table.schema() + "." + table.name(), table -> table.rows() + " " + table.content()));
    }
}
