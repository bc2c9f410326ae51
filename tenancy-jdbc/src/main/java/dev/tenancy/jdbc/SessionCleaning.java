package dev.tenancy.jdbc;

import dev.tenancy.jdbc.internal.Sql;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

/**
 * The statements that make a session what it was before an identity had it.
 *
 * <p>They come without parameters, since the text of an error may show parameters (PostgreSQL manual, section 20.8),
 * and every name is qualified, since a function of that name in somebody's schema must not be found first.
 *
 * @param statements each one statement; the last one is a query of one row
 */
record SessionCleaning(List<String> statements) {

    /**
     * What a dirty session answers; unguessable, since a value of the borrower's may be in the text of an error too.
     */
    private static final String MARK = "tenancy: left in the session " + UUID.randomUUID();

    /** The text with it stays the same, so that the driver reads it only once. */
    private static final String NEW_RANDOM_SEED = "pg_catalog.setseed(pg_catalog.float8div("
            + "pg_catalog.uuid_hash(pg_catalog.gen_random_uuid()), 2147483648))";

    private static final String HAS_TEMPORARY_SCHEMA =
            "pg_catalog.pg_my_temp_schema() OPERATOR(pg_catalog.<>) 0::pg_catalog.oid";

    /**
     * After SQL that reads and writes rows and does nothing else that it shows. What a function did behind that is
     * looked for; prepared statements stay.
     */
    static SessionCleaning afterRows(Baseline baseline) {
        return new SessionCleaning(List.of(
                "RESET ALL",
                "CLOSE ALL",
                "UNLISTEN *",
                "DISCARD SEQUENCES",
                restore(baseline, HAS_TEMPORARY_SCHEMA + " OR pg_catalog.bool_or(from_sql)")
                        + " FROM pg_catalog.pg_prepared_statement()"));
    }

    /**
     * After SQL that may have done anything. A statement that was prepared under a name of the driver's is not to be
     * told from the driver's own, so all go; the driver notices, and prepares its own again.
     */
    static SessionCleaning afterAnything(Baseline baseline) {
        return new SessionCleaning(List.of(
                "RESET ALL",
                "CLOSE ALL",
                "UNLISTEN *",
                "DISCARD SEQUENCES",
                "DEALLOCATE ALL",
                restore(baseline, HAS_TEMPORARY_SCHEMA)));
    }

    /** A query that fails if there is what can be found and not taken away. */
    private static String restore(Baseline baseline, String fault) {
        StringBuilder query = new StringBuilder("SELECT pg_catalog.pg_advisory_unlock_all(), " + NEW_RANDOM_SEED);
        query.append(", ").append(set("role", baseline.role()));
        baseline.settings().forEach((name, value) -> query.append(", ").append(set(name, value)));
        String failure = "pg_catalog.concat('" + MARK + ": ', pg_catalog.pg_my_temp_schema())::pg_catalog.int4";
        return query + ", CASE WHEN " + fault + " THEN " + failure + " END";
    }

    private static String set(String name, String value) {
        return "pg_catalog.set_config(" + Sql.literal(name) + ", " + Sql.literal(value) + ", false)";
    }

    /** Whether the server had ended the session before anything was run in it. */
    static boolean foundEnded(SQLException failure) {
        return SqlStates.IDLE_SESSION_ENDED.equals(failure.getSQLState());
    }

    /** Whether a session that was cleaned answered that it cannot be cleaned. */
    static boolean foundDirt(SQLException failure) {
        return SqlStates.NOT_A_NUMBER.equals(failure.getSQLState())
                && failure.getMessage() != null
                && failure.getMessage().contains(MARK);
    }
}
