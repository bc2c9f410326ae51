package dev.tenancy.jdbc.internal;

import java.time.Duration;

/** Writes names, texts and times into SQL (PostgreSQL manual, section 4.1). */
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

    /**
     * {@return what limits the wait for each lock in the transaction; to a millisecond at least, as zero is no limit}
     */
    public static String lockTimeout(Duration longest) {
        long millis = Math.min(Math.max(1, longest.toMillis()), Integer.MAX_VALUE);
        return "SET LOCAL lock_timeout = " + millis;
    }
}
