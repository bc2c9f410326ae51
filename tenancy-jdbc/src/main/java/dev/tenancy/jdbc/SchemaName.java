package dev.tenancy.jdbc;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The schema of one tenant: what PostgreSQL takes for a name without quotes, and stores in lower case.
 *
 * @param name in lower case
 */
record SchemaName(String name) {
    private static final Pattern IDENTIFIER = Pattern.compile("[a-z_][a-z0-9_]{0,62}");
    private static final Set<String> RESERVED = Set.of("public", "information_schema", SealFunctions.SCHEMA);
    private static final String ALLOWED =
            "; allowed: 1–63 characters a–z, 0–9 and _, first no digit, and neither public, pg_…, information_schema nor "
                    + SealFunctions.SCHEMA;

    /**
     * @param text may have capital letters and space around
     * @throws IllegalArgumentException if it is not the name of a tenant's schema; the message has nothing of it
     */
    static SchemaName of(String text) {
        String name = text.strip().toLowerCase(Locale.ROOT);
        if (!IDENTIFIER.matcher(name).matches()) {
            throw new IllegalArgumentException("is not the name of a schema" + ALLOWED);
        }
        if (RESERVED.contains(name) || name.startsWith("pg_")) {
            throw new IllegalArgumentException("is a schema that cannot be a tenant's" + ALLOWED);
        }
        return new SchemaName(name);
    }

    /** In double quotes. What it may be made of needs nothing escaped. */
    String quoted() {
        return '"' + name + '"';
    }
}
