package dev.tenancy.jdbc.audit;

import static dev.tenancy.jdbc.audit.RuleCase.wrong;

import java.util.List;

/** What is wrong with tables and sequences, and with rights on them. */
final class TableCases {
    private static final String UNPROTECTED = "CREATE TABLE bare (tenant_id text NOT NULL"
            + " DEFAULT nullif(pg_catalog.current_setting('tenancy.tenant_id', true), ''), PRIMARY KEY (tenant_id))";
    private static final String GRANT = "GRANT SELECT ON bare TO $app";
    private static final String ENABLE = "ALTER TABLE bare ENABLE ROW LEVEL SECURITY";
    private static final String FORCE = "ALTER TABLE bare FORCE ROW LEVEL SECURITY";
    private static final String IS_TENANT =
            " (tenant_id = (SELECT nullif(pg_catalog.current_setting('tenancy.tenant_id', true), '')))";
    private static final String PERMISSIVE = "CREATE POLICY p ON bare USING" + IS_TENANT;
    private static final String RESTRICTIVE = "CREATE POLICY r ON bare AS RESTRICTIVE USING" + IS_TENANT;
    private static final String PARTED =
            "CREATE TABLE parted (id int, tenant_id text NOT NULL DEFAULT nullif(pg_catalog.current_setting('tenancy.tenant_id', true), ''),"
                    + " PRIMARY KEY (tenant_id, id)) PARTITION BY HASH (tenant_id)";
    private static final List<String> PARTITIONED = List.of(
            PARTED,
            "ALTER TABLE parted ENABLE ROW LEVEL SECURITY",
            "ALTER TABLE parted FORCE ROW LEVEL SECURITY",
            "CREATE POLICY p ON parted USING" + IS_TENANT,
            "CREATE POLICY r ON parted AS RESTRICTIVE USING" + IS_TENANT,
            "CREATE TABLE part PARTITION OF parted FOR VALUES WITH (MODULUS 1, REMAINDER 0)");
    private static final String ONE =
            "CREATE FUNCTION audit_all() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'";

    private TableCases() {}

    static List<RuleCase> all() {
        return List.of(
                wrong("table-unprotected", UNPROTECTED, GRANT)
                        .right(UNPROTECTED, GRANT, ENABLE, FORCE, PERMISSIVE, RESTRICTIVE),
                wrong(
                        "table-unprotected",
                        "CREATE TABLE \"odd \"\"name\"\"; --\" (tenant_id text NOT NULL"
                                + " DEFAULT current_setting('tenancy.tenant_id', true) PRIMARY KEY)"),
                wrong(
                                "table-unprotected",
                                "CREATE SCHEMA far",
                                "GRANT USAGE ON SCHEMA far TO $app",
                                "CREATE TABLE far.bare (tenant_id text NOT NULL DEFAULT current_setting('tenancy.tenant_id', true) PRIMARY KEY)")
                        .right(
                                "CREATE SCHEMA far",
                                "CREATE TABLE far.bare (tenant_id text NOT NULL DEFAULT current_setting('tenancy.tenant_id', true) PRIMARY KEY)"),
                wrong(
                        "table-unprotected",
                        "CREATE TABLE ids (tenant_id uuid NOT NULL"
                                + " DEFAULT (nullif(pg_catalog.current_setting('tenancy.tenant_id', true), ''))::uuid PRIMARY KEY)"),
                wrong("table-policies-dormant", "ALTER TABLE notes DISABLE ROW LEVEL SECURITY"),
                wrong(
                                "table-policies-dormant",
                                "CREATE TABLE facts (id int)",
                                "CREATE POLICY p ON facts FOR SELECT USING (id > 0)",
                                "GRANT SELECT ON facts TO $app")
                        .also("table-shared"),
                wrong("table-not-forced", "ALTER TABLE notes NO FORCE ROW LEVEL SECURITY"),
                wrong("table-without-policy", UNPROTECTED, GRANT, ENABLE, FORCE),
                wrong("table-without-permissive-policy", UNPROTECTED, GRANT, ENABLE, FORCE, RESTRICTIVE),
                wrong("table-without-tenant", "CREATE TABLE facts (id int)", "GRANT SELECT, INSERT ON facts TO $app")
                        .right("CREATE TABLE facts (id int)"),
                wrong("table-shared", "CREATE TABLE facts (id int)", "GRANT SELECT ON facts TO $app")
                        .right("CREATE TABLE facts (id int)"),
                wrong("table-shared", "CREATE TABLE facts (id int)", "GRANT SELECT (id) ON facts TO $app"),
                wrong(
                        "table-shared",
                        "CREATE TABLE facts (id int)",
                        "CREATE ROLE mary",
                        "GRANT mary TO $app",
                        "GRANT SELECT ON facts TO mary"),
                wrong("table-tenant-nullable", "ALTER TABLE logs ALTER COLUMN tenant_id DROP NOT NULL"),
                wrong(
                                "table-tenant-not-validated",
                                "ALTER TABLE logs ALTER COLUMN tenant_id DROP NOT NULL",
                                "ALTER TABLE logs ADD CONSTRAINT late NOT NULL tenant_id NOT VALID")
                        .since(18),
                wrong("table-tenant-default", "ALTER TABLE notes ALTER COLUMN tenant_id DROP DEFAULT"),
                wrong("table-tenant-default", "ALTER TABLE notes ALTER COLUMN tenant_id SET DEFAULT 'acme'"),
                wrong(
                                "table-tenant-type",
                                "DROP POLICY tenancy_permissive ON logs",
                                "DROP POLICY tenancy_restrictive ON logs",
                                "ALTER TABLE logs ALTER COLUMN tenant_id DROP DEFAULT",
                                "ALTER TABLE logs ALTER COLUMN tenant_id TYPE char(10)")
                        .also("table-without-policy", "table-tenant-default"),
                wrong(
                                "table-tenant-type",
                                "CREATE EXTENSION citext",
                                "DROP POLICY tenancy_permissive ON logs",
                                "DROP POLICY tenancy_restrictive ON logs",
                                "ALTER TABLE logs ALTER COLUMN tenant_id TYPE citext",
                                "CREATE POLICY p ON logs USING (tenant_id = (SELECT nullif(pg_catalog.current_setting('tenancy.tenant_id', true), '')::citext))")
                        .also("policy-not-bound", "policy-without-guard", "index-not-leakproof"),
                wrong("table-tenant-unindexed", "DROP INDEX logs_tenant_id_idx"),
                wrong("table-grant-public", "GRANT SELECT ON notes TO PUBLIC"),
                wrong("table-grant-truncate", "GRANT TRUNCATE ON notes TO $app")
                        .right("GRANT TRUNCATE ON notes TO pg_monitor"),
                wrong("table-grant-trigger", "GRANT TRIGGER ON notes TO $app"),
                wrong("table-grant-references", "GRANT REFERENCES ON notes TO $app"),
                wrong("table-grant-references", "GRANT REFERENCES (id, body) ON notes TO $app"),
                wrong("table-grant-maintain", "GRANT MAINTAIN ON notes TO $app").since(17),
                wrong("table-tenant-updatable", "GRANT UPDATE (tenant_id) ON notes TO $app")
                        .right("GRANT UPDATE (body) ON notes TO $app"),
                wrong("partition-reachable", with(PARTITIONED, "GRANT SELECT ON part TO $app"))
                        .also("partition-unprotected"),
                wrong("partition-unprotected", with(PARTITIONED))
                        .right(with(
                                PARTITIONED,
                                "ALTER TABLE part ENABLE ROW LEVEL SECURITY",
                                "ALTER TABLE part FORCE ROW LEVEL SECURITY")),
                wrong("partition-reachable", "CREATE TABLE heir () INHERITS (logs)", "GRANT SELECT ON heir TO $app")
                        .also("partition-unprotected"),
                wrong(
                        "table-foreign",
                        "CREATE FOREIGN DATA WRAPPER elsewhere",
                        "CREATE SERVER other FOREIGN DATA WRAPPER elsewhere",
                        "CREATE FOREIGN TABLE afar (tenant_id text) SERVER other",
                        "GRANT SELECT ON afar TO $app"),
                wrong("table-rule", "CREATE RULE quiet AS ON DELETE TO notes DO INSTEAD NOTHING"),
                wrong(
                                "table-rule",
                                "CREATE TABLE inbox (body text)",
                                "GRANT INSERT ON inbox TO $app",
                                "CREATE RULE w AS ON INSERT TO inbox DO INSTEAD UPDATE notes SET body = NEW.body")
                        .also("table-without-tenant"),
                wrong(
                                "table-trigger-copies",
                                ONE,
                                "CREATE TRIGGER t AFTER INSERT ON notes REFERENCING NEW TABLE AS rows"
                                        + " FOR EACH STATEMENT EXECUTE FUNCTION audit_all()")
                        .right(ONE, "CREATE TRIGGER t AFTER INSERT ON notes FOR EACH ROW EXECUTE FUNCTION audit_all()")
                        .byHand("DROP TRIGGER t ON notes"),
                wrong("table-keys-not-checked", "ALTER TABLE comments DISABLE TRIGGER ALL"),
                wrong("sequence-settable", "CREATE SEQUENCE numbers", "GRANT UPDATE ON SEQUENCE numbers TO $app")
                        .right("CREATE SEQUENCE numbers", "GRANT USAGE ON SEQUENCE numbers TO $app"),
                wrong("sequence-readable", "CREATE SEQUENCE numbers", "GRANT SELECT ON SEQUENCE numbers TO $app"));
    }

    private static String[] with(List<String> statements, String... more) {
        return java.util.stream.Stream.concat(statements.stream(), java.util.Arrays.stream(more))
                .toArray(String[]::new);
    }
}
