package dev.tenancy.jdbc.internal;

/** Writes names and texts into SQL (PostgreSQL manual, section 4.1). */
public final class Sql {
    private Sql() {}

    /** {@return the identifier, quoted} */
    public static String quoted(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    /** {@return the text as a string constant} */
    public static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
