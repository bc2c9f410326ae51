package dev.tenancy.jdbc.attack;

import java.util.List;

/** What the server tells of its tables, sessions and plans. */
final class ServerAttacks {
    static final List<Attack> ALL = List.of(
            Attack.of("SELECT * FROM pg_stats WHERE tablename IN ('accounts', 'orders')"),
            Attack.of("SELECT * FROM pg_stats_ext, pg_stats_ext_exprs"),
            Attack.of("SELECT * FROM pg_statistic"),
            Attack.of("SELECT most_common_vals, histogram_bounds FROM pg_stats WHERE schemaname = 'public'"),
            Attack.of("SELECT query FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND usename <> current_user"),
            Attack.of("SELECT * FROM pg_authid", "SELECT * FROM pg_shadow", "SELECT * FROM pg_user_mapping"),
            Attack.of("SELECT * FROM pg_hba_file_rules", "SELECT * FROM pg_file_settings", "SELECT * FROM pg_config"),
            Attack.of(
                    "SELECT * FROM pg_prepared_statements",
                    "SELECT * FROM pg_cursors",
                    "SELECT * FROM pg_prepared_xacts"),
            Attack.of("SELECT pg_get_functiondef('tenancy.current_tenant()'::regprocedure)"),
            Attack.of("SELECT * FROM pg_policies", "SELECT * FROM pg_locks"),
            Attack.of("SELECT lo_get(oid) FROM pg_largeobject_metadata", "SELECT * FROM pg_largeobject"),
            Attack.of("SELECT lo_creat(-1)", "SELECT lo_unlink(9001)", "SELECT lo_export(9001, '/tmp/x')"),
            Attack.of(
                    "LISTEN tenants",
                    "NOTIFY tenants, 'x'",
                    "SELECT pg_notify('tenants', string_agg(secret, '')) FROM accounts",
                    "UNLISTEN *"),
            Attack.of("SELECT pg_try_advisory_lock(9001), pg_advisory_lock_shared(1), pg_advisory_unlock_all()"),
            Attack.of("SELECT pg_stat_reset()", "SELECT pg_reload_conf()", "SELECT pg_rotate_logfile()"),
            Attack.of("SELECT pg_switch_wal()", "SELECT pg_create_restore_point('x')", "CHECKPOINT"),
            Attack.of("SELECT get_raw_page('accounts', 0)", "SELECT * FROM heap_page_items(NULL)"),
            Attack.of("SELECT pg_read_binary_file(pg_relation_filepath('accounts'))"),
            Attack.of("SELECT pg_logical_emit_message(true, 'x', 'y')", "SELECT txid_current(), pg_current_snapshot()"),
            Attack.of("EXPLAIN (VERBOSE, COSTS OFF) SELECT * FROM accounts"),
            Attack.of("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) SELECT * FROM accounts WHERE id = 9001"),
            Attack.of(
                    "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) SELECT * FROM accounts WHERE email = 'b-1@' || 'example'"),
            Attack.of(
                    "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) UPDATE accounts SET secret = 'x' WHERE tenant_id = $B"),
            Attack.of(
                    "SELECT * FROM information_schema.tables",
                    "SELECT * FROM information_schema.role_table_grants WHERE table_name = 'accounts'"),
            Attack.of("SELECT tenancy.current_tenant(), tenancy.readable_tenants(), tenancy.require_tenant()"),
            Attack.of("SELECT has_table_privilege('accounts', 'TRUNCATE, TRIGGER, REFERENCES')"),
            Attack.of("SELECT pg_terminate_backend(0)", "SELECT pg_cancel_backend(0)"),
            Attack.of("SELECT dblink('dbname=postgres', 'select 1')"),
            Attack.of("LOAD 'auto_explain'", "LOAD '$libdir/passwordcheck'"),
            Attack.of("IMPORT FOREIGN SCHEMA public FROM SERVER mine INTO lab"),
            Attack.of("SELECT currtid2('accounts', '(0,5)'::tid)"),
            Attack.of(
                    "SELECT pg_input_is_valid('x', 'int')",
                    "SELECT pg_column_size(accounts), pg_column_compression(secret) FROM accounts"));

    private ServerAttacks() {}
}
