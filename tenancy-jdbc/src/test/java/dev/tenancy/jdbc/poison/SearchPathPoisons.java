package dev.tenancy.jdbc.poison;

import static dev.tenancy.jdbc.poison.Poison.committed;
import static dev.tenancy.jdbc.poison.Poison.execute;

import dev.tenancy.jdbc.poison.Poison.Effect;
import java.util.stream.Stream;

/** S3, P3: where the application may create in a schema, A makes it the first to be looked in. */
final class SearchPathPoisons {
    private static final String BEFORE_ALL = "SET search_path = workshop, pg_catalog, public";
    private static final String SET_CONFIG = """
            CREATE FUNCTION workshop.set_config(text, text, boolean) RETURNS text LANGUAGE sql AS
            $$ INSERT INTO public.stash VALUES ($2); SELECT pg_catalog.set_config($1, 'tenant-a', false) $$""";

    private SearchPathPoisons() {}

    static Stream<Poison> all() {
        return Stream.of(
                committed(
                        "P3 a table in an own schema",
                        "CREATE TABLE workshop.notes (tenant_id text, id bigint, body text)",
                        "SET search_path = workshop, public"),
                committed(
                        "S3 a table in an own schema, by set_config",
                        "CREATE TABLE workshop.notes (tenant_id text, id bigint, body text)",
                        "SELECT set_config('search_path', 'workshop, public', false)"),
                committed("P3 an own set_config", SET_CONFIG, BEFORE_ALL),
                committed(
                        "P3 an own set_config, by set_config",
                        SET_CONFIG,
                        "SELECT pg_catalog.set_config(" + "'search_path', 'workshop, pg_catalog, public', false)"),
                committed(
                        "P3 an own current_setting, that the policies do not ask",
                        "CREATE FUNCTION workshop.current_setting(text, boolean) RETURNS text LANGUAGE sql AS"
                                + " $$ SELECT 'tenant-a' $$",
                        BEFORE_ALL),
                committed(
                        "P3 an own pg_backend_pid",
                        "CREATE FUNCTION workshop.pg_backend_pid() RETURNS int LANGUAGE sql AS 'SELECT 1'",
                        BEFORE_ALL),
                committed(
                        "P3 own functions that clean nothing",
                        "CREATE FUNCTION workshop.pg_advisory_unlock_all() RETURNS void LANGUAGE sql AS ''",
                        "CREATE FUNCTION workshop.pg_my_temp_schema() RETURNS oid LANGUAGE sql AS 'SELECT 0::oid'",
                        "CREATE FUNCTION workshop.gen_random_uuid() RETURNS uuid LANGUAGE sql AS"
                                + " $$ SELECT '00000000-0000-0000-0000-000000000000'::uuid $$",
                        "SELECT pg_advisory_lock(42)",
                        "CREATE TEMP TABLE notes (tenant_id text, id bigint, body text)",
                        BEFORE_ALL),
                committed(
                        "P3 an own equals",
                        "CREATE FUNCTION workshop.same(text, text) RETURNS boolean LANGUAGE sql AS 'SELECT true'",
                        "CREATE OPERATOR workshop.= (FUNCTION = workshop.same, LEFTARG = text, RIGHTARG = text)",
                        BEFORE_ALL),
                committed(
                        "P3 an own current_schemas, which the driver asks",
                        "CREATE FUNCTION workshop.current_schemas(boolean) RETURNS name[] LANGUAGE sql AS"
                                + " $$ SELECT ARRAY['workshop'::name] $$",
                        "CREATE TYPE workshop.mood AS ENUM ('bad')",
                        BEFORE_ALL),
                committed("P3 an own type", "CREATE TYPE workshop.mood AS ENUM ('bad')", BEFORE_ALL),
                committed("S6 no search path", "SET search_path = ''"),
                new Poison("S3 a search path in a transaction that is left open", Effect.MAY_HARM, connection -> {
                    connection.setAutoCommit(false);
                    execute(connection, BEFORE_ALL, "SELECT 1");
                }));
    }
}
