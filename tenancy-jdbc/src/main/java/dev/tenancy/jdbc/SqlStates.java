package dev.tenancy.jdbc;

import java.sql.SQLException;

/** The SQLStates that this library throws or looks at (PostgreSQL manual, appendix A). */
final class SqlStates {
    static final String CONNECTION_CLOSED = "08003";
    static final String CANNOT_BE_BOUND = "08006";
    static final String CANCELED = "57014";
    static final String CANNOT_CONNECT_NOW = "57P03";
    static final String IDLE_SESSION_ENDED = "57P05";
    static final String REFUSED = "28000";
    static final String NOT_SUPPORTED = "0A000";
    static final String OBJECT_NOT_IN_STATE = "55000";
    static final String LOCK_NOT_AVAILABLE = "55P03";
    static final String TOO_MANY_CONNECTIONS = "53300";
    static final String NOT_A_NUMBER = "22P02";

    static final String NOT_PERMITTED = "42501";
    static final String FOREIGN_KEY_VIOLATED = "23503";

    private SqlStates() {}

    /** Whether a constraint of a table was violated. */
    static boolean isConstraint(SQLException failure) {
        String state = failure.getSQLState();
        return state != null && state.startsWith("23");
    }
}
