package dev.tenancy.jdbc.audit;

import dev.tenancy.jdbc.TenantSeal;
import dev.tenancy.jdbc.internal.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Runs the queries of the rules, one round trip an area. */
final class CatalogReader {
    private static final String ABOUT =
            "SELECT current_user, current_database(), current_setting('server_version_num')::int, clock_timestamp()";

    private final Statement statement;
    private final Map<String, String> values = new LinkedHashMap<>();
    private final AuditSettings settings;
    private final About about;

    /** What is looked at. */
    record About(String role, String database, int version, Instant at) {
        int major() {
            return version / 10_000;
        }

        String server() {
            return major() + "." + version % 10_000;
        }
    }

    CatalogReader(Statement statement, AuditSettings settings) throws SQLException {
        this.statement = statement;
        this.settings = settings;
        try (ResultSet row = statement.executeQuery(ABOUT)) {
            row.next();
            about = new About(
                    settings.role().orElse(row.getString(1)),
                    row.getString(2),
                    settings.version().orElse(row.getInt(3)),
                    row.getTimestamp(4).toInstant());
        }
        setValues();
        requireRole();
    }

    private void setValues() {
        boolean options = about.major() >= 16;
        values.put("role", Sql.literal(about.role));
        values.put("column", Sql.literal(settings.column()));
        values.put("setting", Sql.literal(settings.setting()));
        values.put(
                "excluded",
                settings.excluded().stream()
                        .map(Sql::literal)
                        .collect(Collectors.joining(", ", "ARRAY[", "]::name[]")));
        values.put("seal", Sql.literal(TenantSeal.sql()));
        values.put("version", Integer.toString(about.version));
        values.put("usable_membership", options ? "(m.admin_option OR m.inherit_option OR m.set_option)" : "true");
        values.put("granted_by", options ? "' GRANTED BY ' || quote_ident(pg_get_userbyid(m.grantor))" : "''");
        values.put("and_enforced", about.major() >= 18 ? " AND c.conenforced" : "");
        values.put(
                "invoker_or_owner",
                about.major() >= 15
                        ? "format('ALTER VIEW %s SET (security_invoker = true);', v.name)"
                        : "string_agg(DISTINCT format('ALTER VIEW %s OWNER TO %I; ALTER TABLE %s FORCE ROW LEVEL SECURITY;',"
                                + " v.name, pg_get_userbyid(v.owner), v.reads), ' ')");
    }

    private void requireRole() throws SQLException {
        try (ResultSet row = statement.executeQuery(filled("SELECT FROM pg_roles WHERE rolname = {role}"))) {
            if (!row.next()) {
                throw new SQLException("there is no role " + Sql.quoted(about.role) + " to audit", "42704");
            }
        }
    }

    About about() {
        return about;
    }

    List<Finding> findings(RuleFile file) throws SQLException {
        List<Finding> found = new ArrayList<>();
        Optional<String> query = file.query(about.major());
        if (query.isPresent()) {
            try (ResultSet row = statement.executeQuery(filled(query.get()))) {
                while (row.next()) {
                    found.add(new Finding(
                            file.rule(row.getString(1)),
                            row.getString(2),
                            Optional.ofNullable(row.getString(3)),
                            Optional.ofNullable(row.getString(4))));
                }
            }
        }
        if (file.facts().isPresent()) {
            try (ResultSet row = statement.executeQuery(filled(file.facts().get()))) {
                found.addAll(PolicyRules.findings(Policy.all(row), file, settings));
            }
        }
        return found;
    }

    private String filled(String sql) {
        String filled = sql;
        for (Map.Entry<String, String> value : values.entrySet()) {
            filled = filled.replace("{" + value.getKey() + "}", value.getValue());
        }
        return filled;
    }

    /** What all rules find. */
    static List<Finding> readAll(CatalogReader reader) throws SQLException {
        List<Finding> found = new ArrayList<>();
        for (RuleFile file : RuleFile.ALL) {
            found.addAll(reader.findings(file));
        }
        return found;
    }
}
