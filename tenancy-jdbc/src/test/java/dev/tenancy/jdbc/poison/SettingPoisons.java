package dev.tenancy.jdbc.poison;

import static dev.tenancy.jdbc.poison.Poison.committed;

import dev.tenancy.jdbc.poison.Poison.Effect;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** S6: settings of the session, by SET and by a query that looks like any other. */
final class SettingPoisons {
    private static final Map<String, String> SETTINGS = new TreeMap<>(Map.ofEntries(
            Map.entry("tenancy.tenant_id", "tenant-a"),
            Map.entry("host.customer", "of A"),
            Map.entry("standard_conforming_strings", "off"),
            Map.entry("escape_string_warning", "off"),
            Map.entry("backslash_quote", "on"),
            Map.entry("DateStyle", "ISO, DMY"),
            Map.entry("IntervalStyle", "sql_standard"),
            Map.entry("TimeZone", "Pacific/Kiritimati"),
            Map.entry("extra_float_digits", "-15"),
            Map.entry("bytea_output", "escape"),
            Map.entry("xmloption", "document"),
            Map.entry("array_nulls", "off"),
            Map.entry("transform_null_equals", "on"),
            Map.entry("default_transaction_read_only", "on"),
            Map.entry("default_transaction_isolation", "serializable"),
            Map.entry("default_transaction_deferrable", "on"),
            Map.entry("row_security", "off"),
            Map.entry("search_path", "pg_catalog"),
            Map.entry("statement_timeout", "1234567"),
            Map.entry("lock_timeout", "1234567"),
            Map.entry("idle_in_transaction_session_timeout", "1234567"),
            Map.entry("idle_session_timeout", "1234567"),
            Map.entry("work_mem", "64"),
            Map.entry("temp_buffers", "100"),
            Map.entry("enable_seqscan", "off"),
            Map.entry("enable_indexscan", "off"),
            Map.entry("plan_cache_mode", "force_generic_plan"),
            Map.entry("log_parameter_max_length_on_error", "-1"),
            Map.entry("client_min_messages", "error"),
            Map.entry("check_function_bodies", "off"),
            Map.entry("default_statistics_target", "1"),
            Map.entry("application_name", "of A"),
            Map.entry("session_replication_role", "replica"),
            Map.entry("log_statement", "all"),
            Map.entry("transaction_timeout", "1234567")));

    /** Not known to older versions of PostgreSQL, or set again by whoever borrows. */
    private static final Set<String> NOT_ALWAYS = Set.of("transaction_timeout", "tenancy.tenant_id");

    private static final Set<String> OF_SUPERUSERS = Set.of("session_replication_role", "log_statement");

    private SettingPoisons() {}

    static Stream<Poison> all() {
        Stream<Poison> bySet = SETTINGS.entrySet().stream()
                .map(setting -> poison(
                        setting.getKey(),
                        "S6 SET " + setting.getKey(),
                        "SET " + setting.getKey() + " = " + literal(setting)));
        Stream<Poison> byQuery = SETTINGS.entrySet().stream()
                .map(setting -> poison(
                        setting.getKey(),
                        "S6 set_config of " + setting.getKey(),
                        "SELECT set_config('" + setting.getKey() + "', '" + setting.getValue() + "', false)"));
        return Stream.of(bySet, byQuery, others()).flatMap(poisons -> poisons);
    }

    private static String literal(Map.Entry<String, String> setting) {
        boolean isList = setting.getValue().contains(",");
        return isList ? setting.getValue() : "'" + setting.getValue() + "'";
    }

    private static Poison poison(String setting, String name, String sql) {
        Poison poison = committed(name, sql);
        if (NOT_ALWAYS.contains(setting)) {
            return poison.thatMayHarm();
        }
        return OF_SUPERUSERS.contains(setting) ? poison.thatIsDenied() : poison;
    }

    private static Stream<Poison> others() {
        return Stream.of(
                committed("S6 SET NAMES, at which the driver closes", "SET NAMES 'LATIN1'")
                        .thatMayHarm(),
                committed(
                                "S6 an encoding at which the driver closes",
                                "SELECT set_config('client_encoding', 'LATIN1', false)")
                        .thatMayHarm(),
                committed("S6 a date style at which the driver closes", "SET DateStyle = 'SQL, DMY'")
                        .thatMayHarm(),
                committed("S6 SET TIME ZONE", "SET TIME ZONE 'Asia/Tokyo'"),
                committed("S6 SET SESSION CHARACTERISTICS", "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY"),
                committed("S6 RESET ALL", "RESET ALL"),
                committed("S6 SET SESSION AUTHORIZATION DEFAULT", "SET SESSION AUTHORIZATION DEFAULT")
                        .thatMayHarm(),
                committed("S6 SET SESSION AUTHORIZATION", "SET SESSION AUTHORIZATION postgres")
                        .thatIsDenied(),
                new Poison(
                        "S6 SET ROLE",
                        Effect.HARMS,
                        connection -> Poison.committing(
                                        "SET ROLE " + connection.getMetaData().getUserName() + "_clerk")
                                .on(connection)),
                new Poison(
                        "S6 set_config of role",
                        Effect.HARMS,
                        connection -> Poison.committing("SELECT set_config('role', current_user || '_clerk', false)")
                                .on(connection)),
                committed("S6 a function that sets, called by a query", "SELECT run('SET TimeZone = ''Asia/Tokyo''')"));
    }
}
