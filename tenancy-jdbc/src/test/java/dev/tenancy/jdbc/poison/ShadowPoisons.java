package dev.tenancy.jdbc.poison;

import static dev.tenancy.jdbc.poison.Poison.commit;
import static dev.tenancy.jdbc.poison.Poison.committed;
import static dev.tenancy.jdbc.poison.Poison.execute;

import dev.tenancy.jdbc.poison.Poison.Effect;
import java.util.stream.Stream;

/** S3, S5: objects in the session's own schema take the place of the host's. */
final class ShadowPoisons {
    private static final String TEMP_NOTES = "CREATE TEMP TABLE notes AS SELECT 'of A, for B' AS body";

    private ShadowPoisons() {}

    static Stream<Poison> all() {
        return Stream.of(
                committed("S5 a temporary table", TEMP_NOTES),
                committed("S5 a temporary table by SELECT INTO", "SELECT 'of A, for B' AS body INTO TEMP notes"),
                committed("S5 a temporary table by SELECT INTO pg_temp", "SELECT ''::text AS body INTO pg_temp.notes"),
                committed("S5 a temporary table by a function in a SELECT", "SELECT run($$ " + TEMP_NOTES + " $$)"),
                committed(
                        "S5 a temporary table by a function in a WITH",
                        "WITH a AS (SELECT run($$ " + TEMP_NOTES + " $$)) SELECT 1 FROM a"),
                committed("S5 a temporary table by DO", "DO $$ BEGIN " + TEMP_NOTES + "; END $$"),
                committed("S5 a temporary view", "CREATE TEMP VIEW notes AS SELECT 'of A, for B'::text AS body"),
                committed(
                        "S3 a temporary table that writes elsewhere",
                        "CREATE TEMP TABLE notes (tenant_id text, id bigint, body text)",
                        "CREATE FUNCTION pg_temp.stash() RETURNS trigger LANGUAGE plpgsql AS"
                                + " $$ BEGIN INSERT INTO public.stash VALUES (NEW.body); RETURN NEW; END $$",
                        "CREATE TRIGGER stash AFTER INSERT ON notes FOR EACH ROW EXECUTE FUNCTION pg_temp.stash()"),
                committed(
                        "S5 a temporary table that empties itself",
                        "CREATE TEMP TABLE notes (tenant_id text, id bigint, body text) ON COMMIT DELETE ROWS"),
                committed("S5 a temporary type", "CREATE TYPE pg_temp.mood AS ENUM ('glad', 'sad')"),
                committed("S5 a temporary domain", "CREATE DOMAIN pg_temp.label AS text CHECK (VALUE LIKE 'of A%')"),
                committed(
                        "S5 a function of the host that was compiled with a temporary domain",
                        "CREATE DOMAIN pg_temp.label AS text CHECK (VALUE LIKE 'of A%')",
                        "SELECT labelled('of A')"),
                committed(
                        "S5 a function of the host that was compiled with a temporary domain that is gone",
                        "CREATE DOMAIN pg_temp.label AS text",
                        "SELECT labelled('of A')",
                        "DROP DOMAIN pg_temp.label"),
                committed(
                                "S5 a function of the host that was planned with a temporary table that is gone",
                                TEMP_NOTES,
                                "SELECT notes_like('%')",
                                "DROP TABLE pg_temp.notes")
                        .thatMayHarm(),
                committed("S5 a temporary sequence", "CREATE TEMP SEQUENCE tickets", "SELECT nextval('tickets')"),
                committed(
                        "S5 a temporary function in front of the host's",
                        "CREATE FUNCTION pg_temp.notes_like(text) RETURNS bigint LANGUAGE sql AS 'SELECT 42::bigint'",
                        "SET search_path = pg_temp, public"),
                committed(
                        "S5 a temporary operator in front of PostgreSQL's",
                        "CREATE FUNCTION pg_temp.same(text, text) RETURNS boolean LANGUAGE sql AS 'SELECT true'",
                        "CREATE OPERATOR pg_temp.= (FUNCTION = pg_temp.same, LEFTARG = text, RIGHTARG = text)",
                        "SET search_path = pg_temp, pg_catalog, public"),
                new Poison(
                        "S5 a temporary table that lives as long as an open transaction",
                        Effect.MAY_HARM,
                        connection -> {
                            connection.setAutoCommit(false);
                            execute(
                                    connection,
                                    TEMP_NOTES.replace(" AS ", " ON COMMIT DROP AS "),
                                    "SELECT * FROM notes");
                        }),
                new Poison("S5 a temporary table in a transaction that is rolled back", Effect.MAY_HARM, connection -> {
                    connection.setAutoCommit(false);
                    execute(connection, TEMP_NOTES, "SELECT notes_like('%')");
                    connection.rollback();
                }),
                new Poison("S5 a type of the driver's memory that is gone", Effect.MAY_HARM, connection -> {
                    execute(
                            connection,
                            "CREATE TYPE pg_temp.mood AS ENUM ('glad', 'sad')",
                            "SET search_path = pg_temp");
                    connection.createArrayOf("mood", new String[] {"glad"}).free();
                    execute(connection, "RESET search_path");
                    commit(connection);
                }));
    }
}
