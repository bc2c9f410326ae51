package dev.tenancy.jdbc;

import dev.tenancy.Problem;
import dev.tenancy.TenancyException;

/**
 * A row contradicts another one of the same tenant: a value is taken, or the row is still referred to. Answered with
 * 409.
 *
 * <p>PostgreSQL's own message is left out: it repeats values.
 *
 * @since 0.1
 */
public final class RowConflictException extends TenancyException {
    private static final long serialVersionUID = 1L;

    /**
     * Reports a conflict.
     *
     * @param table the table that was written
     * @param what what contradicts, for the log and the caller
     */
    public RowConflictException(String table, String what) {
        super(table + ": " + what, Problem.conflict(what), null);
    }
}
