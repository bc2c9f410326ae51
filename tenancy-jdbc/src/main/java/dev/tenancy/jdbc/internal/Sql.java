package dev.tenancy.jdbc.internal;

/** Writes names and texts into SQL (PostgreSQL manual, section 4.1). */
public final class Sql {
    private Sql() {}

    /** {@return the identifier, quoted} */
    public static String quoted(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    /** {@return the text as a string constant, whatever {@code standard_conforming_strings} is} */
    public static String literal(String text) {
        String quoted = "'" + text.replace("'", "''") + "'";
        return text.indexOf('\\') < 0 ? quoted : "E" + quoted.replace("\\", "\\\\");
    }
}
