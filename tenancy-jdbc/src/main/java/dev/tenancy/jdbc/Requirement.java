package dev.tenancy.jdbc;

import dev.tenancy.jdbc.internal.Sql;

/**
 * Something that a tenant table must be.
 *
 * @param what says it
 * @param holds SQL of type boolean that tells whether the table is so
 * @param mend statements that make the table so, each with a semicolon behind it
 */
record Requirement(String what, String holds, String mend) {

    /** Something that nobody changes, since it may hold something of the host's. */
    static Requirement unchangeable(String table, String what, String holds) {
        return new Requirement(
                what,
                holds,
                "RAISE EXCEPTION USING MESSAGE = "
                        + Sql.literal("table " + table + " cannot be a tenant table: it must have " + what) + ";");
    }

    /** Makes the table so if it is not, in one statement. */
    String sql() {
        return "DO " + Sql.literal("BEGIN IF NOT coalesce((" + holds + "), false) THEN " + mend + " END IF; END");
    }

    /** Tells whether the table is so, in one row. */
    String query() {
        return "SELECT coalesce((" + holds + "), false)";
    }
}
