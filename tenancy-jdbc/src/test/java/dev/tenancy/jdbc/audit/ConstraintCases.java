package dev.tenancy.jdbc.audit;

import static dev.tenancy.jdbc.audit.RuleCase.wrong;

import java.util.List;

/** What is wrong with keys and indexes. */
final class ConstraintCases {
    private static final String PARENT = "ALTER TABLE logs ADD COLUMN id bigint";
    private static final String UNIQUE = "ALTER TABLE logs ADD CONSTRAINT by_id UNIQUE (id)";
    private static final String CHILD = "ALTER TABLE comments ADD COLUMN log_id bigint";
    private static final String FACTS = "CREATE TABLE facts (id bigint PRIMARY KEY)";

    private ConstraintCases() {}

    static List<RuleCase> all() {
        return List.of(
                wrong(
                                "key-without-tenant",
                                PARENT,
                                UNIQUE,
                                CHILD,
                                "ALTER TABLE comments ADD CONSTRAINT of_log FOREIGN KEY (log_id) REFERENCES logs (id)")
                        .right(
                                PARENT,
                                "ALTER TABLE logs ADD UNIQUE (tenant_id, id)",
                                CHILD,
                                "ALTER TABLE comments ADD FOREIGN KEY (tenant_id, log_id) REFERENCES logs (tenant_id, id)")
                        .also("unique-without-tenant"),
                wrong(
                                "key-cascades",
                                PARENT,
                                UNIQUE,
                                CHILD,
                                "ALTER TABLE comments ADD CONSTRAINT of_log FOREIGN KEY (log_id) REFERENCES logs (id) ON DELETE CASCADE DEFERRABLE")
                        .also("unique-without-tenant"),
                wrong(
                                "key-cascades",
                                PARENT,
                                UNIQUE,
                                CHILD,
                                "ALTER TABLE comments ADD CONSTRAINT of_log FOREIGN KEY (log_id) REFERENCES logs (id) ON UPDATE CASCADE")
                        .also("unique-without-tenant"),
                wrong(
                                "key-from-shared",
                                "CREATE TABLE facts (id bigint, tenant text, note bigint)",
                                "ALTER TABLE facts ADD CONSTRAINT k FOREIGN KEY (tenant, note) REFERENCES notes (tenant_id, id)",
                                "GRANT SELECT ON facts TO $app")
                        .also("table-shared"),
                wrong(
                                "key-cascades-from-shared",
                                FACTS,
                                "GRANT SELECT, DELETE ON facts TO $app",
                                CHILD,
                                "ALTER TABLE comments ADD CONSTRAINT k FOREIGN KEY (log_id) REFERENCES facts (id) ON DELETE SET NULL")
                        .also("table-without-tenant"),
                wrong(
                        "key-not-validated",
                        CHILD,
                        "ALTER TABLE comments ADD CONSTRAINT k FOREIGN KEY (tenant_id, log_id) REFERENCES notes (tenant_id, id) NOT VALID"),
                wrong(
                                "key-not-enforced",
                                CHILD,
                                "ALTER TABLE comments ADD CONSTRAINT k FOREIGN KEY (tenant_id, log_id) REFERENCES notes (tenant_id, id) NOT ENFORCED")
                        .since(18),
                wrong(
                        "key-clears-tenant",
                        CHILD,
                        "ALTER TABLE comments ADD CONSTRAINT k FOREIGN KEY (tenant_id, log_id) REFERENCES notes (tenant_id, id) ON DELETE SET NULL"),
                wrong(
                                "unique-without-tenant",
                                "CREATE UNIQUE INDEX \"odd \"\"one\" ON notes (lower(body) DESC) WHERE body <> ''")
                        .right("CREATE UNIQUE INDEX ON notes (tenant_id, lower(body))"),
                wrong(
                        "unique-without-tenant",
                        "ALTER TABLE comments DROP CONSTRAINT comments_pkey",
                        "ALTER TABLE comments ADD PRIMARY KEY (id)"),
                wrong("unique-without-tenant", "ALTER TABLE comments ADD CONSTRAINT u UNIQUE (note_id)"),
                wrong("unique-not-leading", "ALTER TABLE comments ADD CONSTRAINT u UNIQUE (note_id, tenant_id)"),
                wrong(
                                "exclusion-without-tenant",
                                "CREATE EXTENSION btree_gist",
                                "ALTER TABLE comments ADD CONSTRAINT x EXCLUDE USING gist (note_id WITH =)")
                        .right(
                                "CREATE EXTENSION btree_gist",
                                "ALTER TABLE comments ADD CONSTRAINT x EXCLUDE USING gist (tenant_id WITH =, note_id WITH =)")
                        .byHand("ALTER TABLE comments DROP CONSTRAINT x"),
                wrong("index-not-leading", "CREATE INDEX ON notes (body)")
                        .right("CREATE INDEX ON notes (tenant_id, body)"),
                wrong("index-cannot-lead", "CREATE INDEX ON notes USING hash (body)"),
                wrong(
                                "index-not-leakproof",
                                "ALTER TABLE logs ADD COLUMN data jsonb",
                                "CREATE INDEX by_data ON logs (tenant_id, data)")
                        .right("ALTER TABLE logs ADD COLUMN at timestamptz", "CREATE INDEX ON logs (tenant_id, at)")
                        .byHand("DROP INDEX by_data"),
                wrong(
                                "index-expression-function",
                                "CREATE FUNCTION plain(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1'",
                                "CREATE INDEX ON notes (tenant_id, plain(body))")
                        .right("CREATE INDEX ON notes (tenant_id, lower(body))"));
    }
}
