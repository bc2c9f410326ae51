package dev.tenancy.jdbc;

import dev.tenancy.TenantContext;
import dev.tenancy.TenantIdentity;
import java.sql.SQLClientInfoException;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Who may do what with a connection, and with what it made: its borrower, until it is closed. */
final class Access {
    private static final String CLOSED = "this connection is closed";
    private static final String OTHER_IDENTITY =
            "this connection was borrowed for another identity than the one (or the system) that is current now; borrow one"
                    + " for each";

    /** What ends the use of a connection, or only looks at the object. */
    private static final Set<String> FOR_EVERYBODY =
            Set.of("close", "abort", "cancel", "rollback", "isClosed", "identity", "equals", "hashCode", "toString");

    private static final Set<String> WHEN_CLOSED =
            Set.of("close", "abort", "isClosed", "isValid", "identity", "equals", "hashCode", "toString");

    private Access() {}

    /**
     * Refuses what is done after the close, and what another tenant's code would do: it would work as the wrong tenant.
     *
     * @param method the method of JDBC
     * @param open whether the connection is open
     * @param borrower whom it serves
     * @throws SQLException with SQLState 08003 or 28000
     */
    static void require(String method, boolean open, Optional<TenantIdentity> borrower) throws SQLException {
        if (!open && !WHEN_CLOSED.contains(method)) {
            throw refusal(method, CLOSED, SqlStates.CONNECTION_CLOSED);
        }
        if (borrower.isPresent() && !FOR_EVERYBODY.contains(method) && isOtherThan(borrower.get())) {
            throw refusal(method, OTHER_IDENTITY, SqlStates.REFUSED);
        }
    }

    /** The same for what only the borrower may do, while the connection is open. */
    static void requireBorrower(boolean open, Optional<TenantIdentity> borrower) throws SQLException {
        requireOpen(open);
        if (borrower.isPresent() && isOtherThan(borrower.get())) {
            throw new SQLException(OTHER_IDENTITY, SqlStates.REFUSED);
        }
    }

    /** Refuses everybody after the close. */
    static void requireOpen(boolean open) throws SQLException {
        if (!open) {
            throw new SQLException(CLOSED, SqlStates.CONNECTION_CLOSED);
        }
    }

    private static SQLException refusal(String method, String reason, String state) {
        return method.equals("setClientInfo")
                ? new SQLClientInfoException(reason, state, Map.of())
                : new SQLException(reason, state);
    }

    /** Whether somebody else than {@code borrower} is current: another identity, or the system. */
    private static boolean isOtherThan(TenantIdentity borrower) {
        Optional<TenantIdentity> current = TenantContext.current();
        return current.isPresent()
                ? !borrower.hasSameAccessAs(current.get())
                : TenantContext.systemReason().isPresent();
    }
}
