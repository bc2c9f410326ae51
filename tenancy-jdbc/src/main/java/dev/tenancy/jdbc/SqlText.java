package dev.tenancy.jdbc;

import org.jspecify.annotations.Nullable;

/**
 * A text of SQL that is to be run.
 *
 * @param kind what it does to a binding
 * @param single its only statement, without a semicolon; null if there are several or none
 */
record SqlText(SqlKind kind, @Nullable SqlScanner single) {

    /** Whether it can travel in one text with the statements that bind. */
    boolean isFoldable() {
        return kind == SqlKind.ROWS;
    }

    /** How many parameters its only statement has. */
    int parameters() {
        return single == null ? 0 : single.parameters();
    }

    /** @param standardStrings whether a backslash in a literal is only that, if no E stands before it */
    static SqlText of(@Nullable String sql, boolean standardStrings) {
        if (sql == null) {
            return new SqlText(SqlKind.ANYTHING, null);
        }
        SqlScanner first = new SqlScanner(sql, 0, standardStrings);
        while (first.isEmpty() && !first.isLast()) {
            first = new SqlScanner(sql, first.next(), standardStrings);
        }
        if (first.isEmpty()) {
            return new SqlText(SqlKind.CATALOG, null);
        }
        boolean several = false;
        SqlKind kind = SqlKind.of(first);
        for (SqlScanner next = first; !next.isLast(); ) {
            next = new SqlScanner(sql, next.next(), standardStrings);
            if (!next.isEmpty()) {
                several = true;
                kind = kind.and(SqlKind.of(next));
            }
        }
        if (!several) {
            return new SqlText(kind, first);
        }
        return new SqlText(kind == SqlKind.ROWS ? SqlKind.ANYTHING : kind, null);
    }
}
