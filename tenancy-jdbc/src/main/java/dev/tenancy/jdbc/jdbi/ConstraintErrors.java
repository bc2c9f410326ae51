package dev.tenancy.jdbc.jdbi;

import dev.tenancy.jdbc.RowConflictException;
import dev.tenancy.jdbc.RowNotFoundException;
import java.sql.SQLException;
import java.util.Set;
import java.util.function.Supplier;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;

/**
 * Turns PostgreSQL's constraint errors into the library's own. PostgreSQL's message is dropped: its detail repeats
 * keys, and a reference to another tenant's row must look like one to no row.
 */
final class ConstraintErrors {
    private static final String UNIQUE_VIOLATION = "23505";
    private static final String FOREIGN_KEY_VIOLATION = "23503";
    private static final String EXCLUSION_VIOLATION = "23P01";

    /** Of ON DELETE RESTRICT, since PostgreSQL 18. */
    private static final String RESTRICT_VIOLATION = "23001";

    private ConstraintErrors() {}

    static <R> R ofWrite(String table, Supplier<R> write) {
        try {
            return write.get();
        } catch (UnableToExecuteStatementException failure) {
            throw switch (stateOf(failure)) {
                case UNIQUE_VIOLATION, EXCLUSION_VIOLATION ->
                    new RowConflictException(table, "A value that must be unique is taken.");
                case FOREIGN_KEY_VIOLATION -> new RowNotFoundException(table);
                default -> failure;
            };
        }
    }

    static <R> R ofDelete(String table, Supplier<R> delete) {
        try {
            return delete.get();
        } catch (UnableToExecuteStatementException failure) {
            if (Set.of(FOREIGN_KEY_VIOLATION, RESTRICT_VIOLATION).contains(stateOf(failure))) {
                throw new RowConflictException(table, "Others refer to it.");
            }
            throw failure;
        }
    }

    private static String stateOf(UnableToExecuteStatementException failure) {
        return failure.getCause() instanceof SQLException sql && sql.getSQLState() != null ? sql.getSQLState() : "";
    }
}
