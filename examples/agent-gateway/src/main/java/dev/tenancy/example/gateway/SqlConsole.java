package dev.tenancy.example.gateway;

import dev.tenancy.Admitted;
import dev.tenancy.UnavailableException;
import dev.tenancy.jdbc.TenantDataSource;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.net.SocketTimeoutException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * Runs any SQL that a tenant sends, as that tenant, on a session that nobody else ever has. What it may read and write
 * is for the database to decide; what is done here is only that it ends, and that its answer has an end.
 */
final class SqlConsole {
    /** All that a server may send on one connection, which serves one call. */
    static final int MOST_BYTES = 4_000_000;

    static final int SECONDS = 5;
    private static final String CONNECTION_LOST = "08";

    /**
     * Severities, not states: a state is whatever the SQL raises. A server that speaks another language than English
     * may have other words for them; what it says is then told like any other refusal.
     */
    private static final Set<String> ENDS_SESSION = Set.of("FATAL", "PANIC");

    private final TenantDataSource untrusted;
    private final AuditTrail audit;

    /** One on sessions that nobody has before or after. */
    SqlConsole(TenantDataSource source, AuditTrail audit) {
        this.untrusted = source.untrusted();
        this.audit = audit;
    }

    void addTo(RoutesConfig routes, Gate gate) {
        routes.post("/sql", gate.to(this::run));
    }

    private void run(Context ctx, Admitted admitted) {
        SqlResult result = run(Body.of(ctx).text("sql", Body.MAX_TEXT));
        audit.recorded("sql", "/sql", () -> result);
        ctx.json(result);
    }

    /** All of the text, or nothing of it. */
    private SqlResult run(String sql) {
        try (Connection connection = untrusted.getConnection()) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.setQueryTimeout(SECONDS);
                statement.setMaxRows(SqlResult.MOST_ROWS + 1);
                SqlResult result = SqlResult.of(statement, sql);
                connection.commit();
                return result;
            } catch (SQLException failure) {
                throw refusal(failure);
            }
        } catch (SQLException noConnection) {
            throw new UnavailableException("no session for SQL", noConnection);
        }
    }

    private static RuntimeException refusal(SQLException failure) {
        String state = String.valueOf(failure.getSQLState());
        if (failure.getCause() instanceof BoundedSocketFactory.TooMuchException) {
            return new MalformedRequestException("The result has more than " + MOST_BYTES + " bytes.");
        }
        if (failure.getCause() instanceof SocketTimeoutException) {
            return new MalformedRequestException("The SQL took longer than " + SECONDS + " seconds.");
        }
        ServerErrorMessage ofServer = failure instanceof PSQLException thrown ? thrown.getServerErrorMessage() : null;
        if (ofServer == null ? state.startsWith(CONNECTION_LOST) : ENDS_SESSION.contains(ofServer.getSeverity())) {
            return new UnavailableException("the session ended while SQL ran", failure);
        }
        String message = ofServer == null ? failure.getMessage() : ofServer.getMessage();
        return new MalformedRequestException(state + ": " + message);
    }
}
