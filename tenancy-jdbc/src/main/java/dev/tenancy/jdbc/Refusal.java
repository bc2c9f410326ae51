package dev.tenancy.jdbc;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** What an offboarding does not do, or cannot. */
final class Refusal {
    private Refusal() {}

    /** It could touch, or leave, what it must not. */
    static SQLException of(String why) {
        return new SQLException(why, SqlStates.OBJECT_NOT_IN_STATE);
    }

    /** The same failure, with what was being done when it happened. */
    static SQLException during(String what, SQLException failure) {
        return new SQLException(what + ": " + message(failure), failure.getSQLState(), failure);
    }

    /** What PostgreSQL says, without its detail, which has values of rows. */
    private static String message(SQLException failure) {
        @Nullable
        ServerErrorMessage server = failure instanceof PSQLException ofServer ? ofServer.getServerErrorMessage() : null;
        return String.valueOf(server == null ? failure.getMessage() : server.getMessage());
    }
}
