package dev.tenancy.jdbc.audit;

import static dev.tenancy.jdbc.audit.RuleCase.wrong;

import java.util.List;

/** What is wrong with settings of roles and of the database. */
final class SettingCases {
    private SettingCases() {}

    static List<RuleCase> all() {
        return List.of(
                wrong("setting-tenant", "ALTER ROLE $app SET tenancy.tenant_id = 'acme'"),
                wrong("setting-tenant", "ALTER DATABASE $db SET tenancy.tenant_id = 'acme'"),
                wrong("setting-tenant", "ALTER ROLE $app IN DATABASE $db SET tenancy.tenant_id = 'acme'"),
                wrong("setting-tenant", "ALTER ROLE ALL SET tenancy.seal = 'x'")
                        .right("ALTER ROLE $owner SET tenancy.tenant_id = 'x'"),
                wrong("setting-role", "ALTER ROLE $app SET role = 'mary'"),
                wrong("setting-search-path", "ALTER ROLE $app SET search_path = public, pg_catalog")
                        .right("ALTER ROLE $app SET search_path = public"),
                wrong("setting-search-path", "ALTER DATABASE $db SET search_path = pg_temp, public")
                        .right("ALTER DATABASE $db SET search_path = pg_catalog, public, pg_temp"),
                wrong("setting-row-security", "ALTER ROLE $app SET row_security = off")
                        .right("ALTER ROLE $app SET row_security = on"),
                wrong("setting-replication-role", "ALTER DATABASE $db SET session_replication_role = replica"),
                wrong("setting-libraries", "ALTER ROLE $app SET session_preload_libraries = 'auto_explain'"),
                wrong("setting-large-objects", "ALTER DATABASE $db SET lo_compat_privileges = on")
                        .right("ALTER DATABASE $db SET lo_compat_privileges = off"),
                wrong("setting-syntax", "ALTER ROLE $app SET standard_conforming_strings = off"),
                wrong("setting-syntax", "ALTER DATABASE $db SET DateStyle = 'SQL, DMY'"),
                wrong("setting-logs-values", "ALTER ROLE $app SET log_parameter_max_length_on_error = -1"),
                wrong("setting-of-role", "ALTER ROLE $app SET enable_seqscan = off")
                        .right("ALTER ROLE $app SET statement_timeout = '30s'"),
                wrong("setting-of-role", "ALTER ROLE $app SET \"my.odd_setting\" = 'x=y'"),
                wrong("setting-activities", "ALTER ROLE $app RESET track_activities")
                        .right(
                                "ALTER ROLE $app RESET track_activities",
                                "ALTER DATABASE $db SET track_activities = off"),
                wrong("setting-activities", "ALTER ROLE $app IN DATABASE $db SET track_activities = on")
                        .byHand("ALTER ROLE $app IN DATABASE $db RESET track_activities"),
                wrong("setting-granted", "GRANT SET ON PARAMETER session_replication_role TO $app")
                        .right("GRANT SET ON PARAMETER session_replication_role TO $owner")
                        .since(15));
    }
}
