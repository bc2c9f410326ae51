package dev.tenancy.jdbc;

import dev.tenancy.Problem;
import dev.tenancy.TenancyException;

/**
 * There is no such row for the current tenant. Whether another tenant has it cannot be told: answered with 404, never
 * 403.
 *
 * @since 0.1
 */
public final class RowNotFoundException extends TenancyException {
    private static final long serialVersionUID = 1L;

    /**
     * Reports that a row is not there.
     *
     * @param table the table in which it is not
     */
    public RowNotFoundException(String table) {
        super("the current tenant has no such row in " + table, Problem.notFound(), null);
    }
}
