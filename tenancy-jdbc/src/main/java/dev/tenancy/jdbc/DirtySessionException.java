package dev.tenancy.jdbc;

import java.sql.SQLException;

/** A session has traces of a former borrower that nothing takes away: it must go, and another be used. */
final class DirtySessionException extends SQLException {
    DirtySessionException(SQLException cause) {
        super("a session cannot be cleaned of what a former borrower left in it", SqlStates.CANNOT_BE_BOUND, cause);
    }
}
