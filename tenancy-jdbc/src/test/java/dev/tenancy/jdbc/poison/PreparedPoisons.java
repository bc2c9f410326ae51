package dev.tenancy.jdbc.poison;

import static dev.tenancy.jdbc.poison.Poison.committed;
import static dev.tenancy.jdbc.poison.Poison.committing;
import static dev.tenancy.jdbc.poison.Poison.execute;

import dev.tenancy.jdbc.poison.Poison.Effect;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** S1, S2, S4: what the driver has prepared is replaced, or taken away, or its next names are taken. */
final class PreparedPoisons {
    private static final String TAKE_NAMES = """
            BEGIN
                FOR i IN 1..300 LOOP
                    IF NOT EXISTS (SELECT FROM pg_prepared_statements WHERE name = 'S_' || i) THEN
                        EXECUTE format('PREPARE %I AS SELECT ''of A''', 'S_' || i);
                    END IF;
                END LOOP;
            END""";

    private static final String TAKE_SELECTS_AWAY = """
            DECLARE p record; BEGIN
                FOR p IN SELECT * FROM pg_prepared_statements WHERE statement ILIKE '%SELECT%' LOOP
                    EXECUTE format('DEALLOCATE %I', p.name);
                END LOOP;
            END""";

    private static final String STASH =
            "WITH s AS (INSERT INTO stash SELECT body FROM notes RETURNING what) SELECT what AS body FROM s";
    private static final String BECOME_A = "SELECT set_config(''tenancy.tenant_id'', ''tenant-a'', false)";

    private PreparedPoisons() {}

    static Stream<Poison> all() {
        List<Poison> all = new ArrayList<>();
        all.addAll(everyWay("S1 every SELECT prepared stashes what it reads", replace("SELECT body%", STASH)));
        all.addAll(everyWay(
                "S1 every INSERT prepared goes elsewhere",
                replace("INSERT INTO notes%", "INSERT INTO stash VALUES ($1) RETURNING what")));
        all.addAll(everyWay(
                "S1 every UPDATE prepared changes all rows",
                replace("UPDATE notes%", "UPDATE notes SET body = ''taken''")));
        all.addAll(everyWay("S2 what binds is prepared to bind A", replace("%set_config%", BECOME_A)));
        all.addAll(everyWay("S2 every statement prepared becomes A first", replace("%", BECOME_A)));
        all.addAll(everyWay("S4 what would be prepared next is prepared already", TAKE_NAMES));
        all.add(committed("S4 every SELECT prepared is taken away, by DO", "DO $$ " + TAKE_SELECTS_AWAY + " $$"));
        all.add(committed("S4 all that was prepared is taken away, by DO", "DO $$ BEGIN DEALLOCATE ALL; END $$")
                .thatMayHarm());
        all.add(committed("S4 DEALLOCATE ALL", "DEALLOCATE ALL").thatMayHarm());
        all.add(new Poison("S4 DISCARD ALL", Effect.MAY_HARM, connection -> {
            connection.setAutoCommit(true);
            execute(connection, "DISCARD ALL");
        }));
        all.add(new Poison("S1 replaced in a transaction that is rolled back", Effect.HARMS, connection -> {
            connection.setAutoCommit(false);
            execute(connection, "DO $$ " + replace("SELECT body%", STASH) + " $$");
            connection.rollback();
        }));
        return all.stream();
    }

    /** By these PostgreSQL forgets what the driver believes it to have, and nothing is there to be found. */
    static Stream<Poison> thatTakeAwayUnseen() {
        return Stream.of(
                committed(
                        "S4 every SELECT prepared is taken away, by a query",
                        "SELECT run($r$ DO $$ " + TAKE_SELECTS_AWAY + " $$ $r$)"),
                committed("S4 all that was prepared is taken away, by a query", "SELECT run('DEALLOCATE ALL')"));
    }

    /** Replaces every statement that has such a text; the types that it declares are kept. */
    private static String replace(String texts, String by) {
        return """
                DECLARE p record; declared text; BEGIN
                    FOR p IN SELECT * FROM pg_prepared_statements WHERE NOT from_sql AND statement ILIKE '%s' LOOP
                        SELECT '(' || string_agg(t::text, ',') || ')' INTO declared FROM unnest(p.parameter_types) AS t;
                        EXECUTE format('DEALLOCATE %%I', p.name);
                        EXECUTE format('PREPARE %%I %%s AS %%s', p.name, declared, '%s');
                    END LOOP;
                END""".formatted(texts, by);
    }

    /** By a statement that could do anything, and by queries that look like any other. */
    private static List<Poison> everyWay(String name, String block) {
        return List.of(
                committed(name + ", by DO", "DO $$ " + block + " $$"),
                committed(name + ", by a function of the host", "SELECT run($r$ DO $$ " + block + " $$ $r$)"),
                new Poison(
                        name + ", by an own function",
                        Effect.HARMS,
                        committing("CREATE FUNCTION workshop.ambush() RETURNS int LANGUAGE plpgsql AS"
                                + " $$ BEGIN EXECUTE $r$ DO $b$ " + block + " $b$ $r$; RETURN 1; END $$"),
                        committing("SELECT workshop.ambush()")));
    }
}
