package dev.tenancy.jdbc.attack;

import java.util.List;

/** Settings, roles and seals. */
final class SettingAttacks {
    private static final String READ = "SELECT * FROM accounts";
    private static final String FORGED = "replace(current_setting('tenancy.seal'), $A, $B)";

    static final List<Attack> ALL = List.of(
            Attack.of("SET tenancy.tenant_id = $B", READ),
            Attack.of("SELECT set_config('tenancy.tenant_id', $B, false)", READ),
            Attack.of("SELECT set_config('tenancy.tenant_id', $B, true), * FROM accounts"),
            Attack.of("SET SESSION tenancy.tenant_id TO $B", READ, "SELECT * FROM orders"),
            Attack.of("BEGIN", "SET LOCAL tenancy.tenant_id = $B", READ, "COMMIT"),
            Attack.of("SET tenancy.seal = ''", READ),
            Attack.of("SET tenancy.seal = $B", READ),
            Attack.of("SELECT set_config('tenancy.seal', " + FORGED + ", false)", READ),
            Attack.of("SELECT set_config('tenancy.seal', " + FORGED + ", true), tenancy.current_tenant()"),
            Attack.of("WITH f AS MATERIALIZED (SELECT set_config('tenancy.seal', " + FORGED
                    + ", true)) SELECT accounts.* FROM f, accounts"),
            Attack.of("SELECT set_config('tenancy.seal', current_setting('tenancy.seal') || 'x', false)", READ),
            Attack.of("SELECT set_config('tenancy.seal', left(current_setting('tenancy.seal'), -1), false)", READ),
            Attack.of("SELECT set_config('tenancy.seal', upper(current_setting('tenancy.seal')), false)", READ),
            Attack.of("SELECT set_config('tenancy.seal', repeat('x', 1000000), false)", READ),
            Attack.of(
                    "SELECT set_config('tenancy.seal', 'ts1;nobody;9999999999;;' || $B || ';;' || repeat('0', 64), false)",
                    READ),
            Attack.of(
                    "SELECT set_config('tenancy.seal', 'ts1;k1;9999999999;;' || $B || ';;' || encode(sha256(convert_to("
                            + "'ts1;k1;9999999999;;' || $B || ';;', 'UTF8')), 'hex'), false)",
                    READ),
            Attack.of(
                    "SELECT set_config('tenancy.seal', replace(current_setting('tenancy.seal'), ';;', ',' || $B || ';;'),"
                            + " false)",
                    "SELECT tenancy.readable_tenants()",
                    READ),
            Attack.of("RESET tenancy.seal", READ),
            Attack.of("RESET ALL", READ),
            Attack.of("DISCARD ALL", READ),
            Attack.of("SET row_security = off", READ),
            Attack.of("SELECT set_config('row_security', 'off', false)", READ, "COPY accounts TO STDOUT"),
            Attack.of("SET session_replication_role = replica", READ),
            Attack.of("SET ROLE $B", READ),
            Attack.of("SET ROLE postgres", READ),
            Attack.of("SET SESSION AUTHORIZATION postgres", READ),
            Attack.of("SET SESSION AUTHORIZATION DEFAULT", "RESET ROLE", READ),
            Attack.of("SELECT set_config('role', 'postgres', false)", READ),
            Attack.of("SELECT set_config('is_superuser', 'on', false)", READ),
            Attack.of("ALTER ROLE current_user SUPERUSER", READ),
            Attack.of("ALTER ROLE current_user BYPASSRLS", READ),
            Attack.of("ALTER ROLE current_user SET tenancy.tenant_id = $B", READ),
            Attack.of("ALTER ROLE current_user SET row_security = off", READ),
            Attack.of("GRANT postgres TO current_user", READ),
            Attack.of("CREATE ROLE mine SUPERUSER", READ),
            Attack.of("SET search_path = lab", "SELECT * FROM public.accounts"),
            Attack.of("SET search_path = tenancy, pg_temp", "SELECT * FROM seal_key"),
            Attack.of("SELECT * FROM tenancy.seal_key"),
            Attack.of("SELECT inner_pad FROM tenancy.seal_key WHERE id = 'k1'"),
            Attack.of("TABLE tenancy.seal_key"),
            Attack.of("INSERT INTO tenancy.seal_key VALUES ('mine', repeat('a', 64)::bytea, repeat('b', 64)::bytea)"),
            Attack.of("COPY tenancy.seal_key TO STDOUT"),
            Attack.of("SELECT pg_read_file('base')", "SELECT pg_ls_dir('.')"),
            Attack.of("SELECT lo_import('/etc/passwd')", "COPY accounts TO PROGRAM 'cat'"),
            Attack.of("SELECT query_to_xml('select * from accounts', true, true, '')"),
            Attack.of("SELECT table_to_xml('accounts', true, true, ''), schema_to_xml('public', true, true, '')"),
            Attack.of("SELECT database_to_xml(true, true, '')"),
            Attack.of("SET plan_cache_mode = force_generic_plan", "SET tenancy.tenant_id = $B", READ),
            Attack.of("SET debug_print_plan = on", "SET client_min_messages = debug5", READ),
            Attack.of(
                    "SET log_parameter_max_length_on_error = -1",
                    "SET client_min_messages = debug5",
                    "SELECT 1/(SELECT count(*) - 3 FROM accounts)"),
            Attack.of("SET force_parallel_mode = on", "SET debug_parallel_query = on", READ),
            Attack.of(
                    "SET default_transaction_isolation = serializable",
                    "SET default_transaction_deferrable = on",
                    READ),
            Attack.of("BEGIN", "SET TRANSACTION SNAPSHOT '00000003-0000001B-1'", READ, "ROLLBACK"),
            Attack.of("SELECT pg_export_snapshot()"),
            Attack.of("SELECT current_setting('tenancy.seal') LIKE '%' || $B || '%'"),
            Attack.of("SELECT * FROM pg_settings WHERE name LIKE 'tenancy%'"));

    private SettingAttacks() {}
}
