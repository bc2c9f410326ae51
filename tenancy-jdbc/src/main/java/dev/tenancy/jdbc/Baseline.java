package dev.tenancy.jdbc;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * What a session was like when it was first seen, as driver and pool had made it, and what it is made again before
 * another identity has it.
 *
 * @param backendPid the server's process
 * @param role the role that was set, or {@code none}
 * @param settings what driver and pool had set in the session, by name
 * @param reported what the server had reported by itself of {@link #REPORTED}
 * @param clockAhead by how much the server's clock is ahead of the one here, to the time of a round trip
 */
record Baseline(
        int backendPid, String role, Map<String, String> settings, Map<String, String> reported, Duration clockAhead) {

    /**
     * One row. What belongs to a transaction does not count, and neither do the settings of extensions and of nobody (a
     * name with a dot), which PostgreSQL does not list.
     */
    static final String SELECT = "SELECT pg_catalog.pg_backend_pid(), pg_catalog.current_setting('role'),"
            + BoundSettings.NAMES.stream()
                    .map(name -> "pg_catalog.current_setting('" + name + "', true)")
                    .collect(Collectors.joining(", ", " pg_catalog.concat(", "),"))
            + " pg_catalog.date_part('epoch', pg_catalog.clock_timestamp()),"
            + " pg_catalog.string_agg(pg_catalog.concat(name, '=',"
            + " pg_catalog.encode(pg_catalog.convert_to(setting, 'UTF8'), 'hex')), ',') FROM pg_catalog.pg_settings"
            + " WHERE source OPERATOR(pg_catalog.=) 'session'"
            + " AND name OPERATOR(pg_catalog.!~~) 'transaction%'";

    /** What decides how the driver reads a text, and who the session is. */
    private static final List<String> REPORTED =
            List.of("client_encoding", "DateStyle", "session_authorization", "standard_conforming_strings");

    /** {@return what {@link #SELECT} found} */
    static Baseline read(ResultSet row, PGConnection driver) throws SQLException {
        row.next();
        String tenant = row.getString(3);
        if (tenant != null && !tenant.isEmpty()) {
            throw new SQLException(
                    "a setting of " + BoundSettings.NAMES
                            + " has a value in a session that nobody was bound to yet; the pool,"
                            + " the URL, ALTER ROLE and ALTER DATABASE must not set one",
                    SqlStates.REFUSED);
        }
        Duration clockAhead = Duration.between(Instant.now(), Instant.ofEpochMilli((long) (row.getDouble(4) * 1_000)));
        return new Baseline(
                row.getInt(1), row.getString(2), settings(row.getString(5)), reportedBy(driver), clockAhead);
    }

    private static Map<String, String> settings(@Nullable String all) {
        Map<String, String> settings = new TreeMap<>();
        if (all != null) {
            for (String setting : all.split(",", -1)) {
                int equals = setting.indexOf('=');
                byte[] value = HexFormat.of().parseHex(setting.substring(equals + 1));
                settings.put(setting.substring(0, equals), new String(value, StandardCharsets.UTF_8));
            }
        }
        return settings;
    }

    /** Whether the driver still reads as it did. Costs no round trip (PostgreSQL manual, section 54.2.7). */
    boolean isWhatIsReportedBy(PGConnection driver) {
        return reported.equals(reportedBy(driver));
    }

    private static Map<String, String> reportedBy(PGConnection driver) {
        return REPORTED.stream()
                .filter(name -> driver.getParameterStatus(name) != null)
                .collect(Collectors.toMap(name -> name, driver::getParameterStatus));
    }
}
