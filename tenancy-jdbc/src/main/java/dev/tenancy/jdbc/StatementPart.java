package dev.tenancy.jdbc;

import java.lang.reflect.Method;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;

/**
 * A statement of a bound connection. Behind it may be several of the driver's: the text alone, and the text with the
 * statements around it that bind.
 */
abstract class StatementPart extends BoundPart {
    private static final Set<String> RESULTS = Set.of(
            "getResultSet",
            "getUpdateCount",
            "getLargeUpdateCount",
            "getGeneratedKeys",
            "getWarnings",
            "clearWarnings");

    private static final Set<String> WHEN_CLOSED = Set.of("close", "isClosed");

    /** What would be wrong for the statements around it, or for their results. */
    private static final Set<String> ALONE = Set.of("setEscapeProcessing", "setMaxFieldSize", "setFetchDirection");

    /** What is answered when there are no more results. */
    private static final Map<String, Optional<Object>> NOTHING_MORE = Map.of(
            "getResultSet",
            Optional.empty(),
            "getUpdateCount",
            Optional.of(-1),
            "getLargeUpdateCount",
            Optional.of(-1L));

    private final Map<String, RecordedCall> attributes = new LinkedHashMap<>();
    private volatile @Nullable Statement executed;
    private @Nullable BoundRows lastRows;
    private boolean folded;
    private boolean exhausted;
    private boolean closesOnCompletion;
    private boolean closed;

    StatementPart(BoundConnection connection) {
        super(connection);
    }

    /** The driver's statement that holds what is set, on the session that is served now. */
    abstract Statement current(Lease lease) throws SQLException;

    /** Executes the statement, or a batch. */
    abstract @Nullable Object executed(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
            throws SQLException;

    /** Does what concerns neither execution, nor results, nor attributes. */
    abstract @Nullable Object otherwise(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
            throws SQLException;

    /** All the driver's statements that there are. */
    abstract Collection<? extends Statement> made();

    @Override
    Statement target() throws SQLException {
        return current(connection().lease());
    }

    @Override
    @Nullable
    Object invoked(Object proxy, Method method, @Nullable Object @Nullable [] arguments) throws SQLException {
        String name = method.getName();
        if (closed && !WHEN_CLOSED.contains(name)) {
            throw new PSQLException("This statement has been closed.", PSQLState.OBJECT_NOT_IN_STATE);
        }
        if (name.startsWith("execute")) {
            return executed(proxy, method, arguments);
        }
        if (RESULTS.contains(name)) {
            return result(proxy, method, arguments);
        }
        return switch (name) {
            case "getMoreResults" -> connection().alone(lease -> moreResults(proxy, lease, method, arguments));
            case "close" -> {
                close();
                yield null;
            }
            case "isClosed" -> isClosed();
            case "cancel" -> {
                cancel();
                yield null;
            }
            case "closeOnCompletion" -> {
                closesOnCompletion = true;
                attribute(method, new Object[0]);
                yield null;
            }
            default -> {
                if (arguments == null || !name.startsWith("set") || method.getDeclaringClass() != Statement.class) {
                    yield otherwise(proxy, method, arguments);
                }
                attribute(method, arguments);
                yield null;
            }
        };
    }

    /**
     * Whether a statement that is executed may be one with others around it, whose results have the same attributes.
     */
    final boolean mayFold() {
        return !closesOnCompletion && Collections.disjoint(attributes.keySet(), ALONE);
    }

    private void attribute(Method method, @Nullable Object[] arguments) throws SQLException {
        connection().work(lease -> {
            RecordedCall attribute = RecordedCall.of(method, arguments);
            attribute.applyTo(current(lease), 0);
            attributes.put(method.getName(), attribute);
            for (Statement statement : made()) {
                attribute.applyTo(statement, 0);
            }
            return null;
        });
    }

    private boolean isClosed() throws SQLException {
        Statement last = executed;
        return closed || !connection().isOpen() || (last != null && last.isClosed());
    }

    /**
     * Does not wait for what it cancels. The driver cancels only while this statement runs, and until then its
     * connection is not given back.
     */
    private void cancel() throws SQLException {
        Statement last = executed;
        if (last != null) {
            last.cancel();
        }
    }

    private void close() throws SQLException {
        closed = true;
        SQLException failure = null;
        for (Statement statement : List.copyOf(made())) {
            try {
                statement.close();
            } catch (SQLException second) {
                if (failure != null) {
                    second.addSuppressed(failure);
                }
                failure = second;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    final void setAttributes(Statement made) throws SQLException {
        for (RecordedCall attribute : attributes.values()) {
            attribute.applyTo(made, 0);
        }
    }

    /** What was executed last; before that, what would be. */
    private Statement lastOrCurrent(Lease lease) throws SQLException {
        Statement last = executed;
        return last == null ? current(lease) : last;
    }

    private @Nullable Object result(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
            throws SQLException {
        return connection().alone(lease -> {
            if (exhausted && NOTHING_MORE.containsKey(method.getName())) {
                return NOTHING_MORE.get(method.getName()).orElse(null);
            }
            Object result = Proxies.call(lastOrCurrent(lease), method, arguments);
            return result instanceof ResultSet rows ? rows(proxy, rows) : result;
        });
    }

    /** The same object for the same rows. */
    @SuppressWarnings("ReferenceEquality") // what the driver made equals itself only
    final ResultSet rows(Object proxy, ResultSet rows) {
        BoundRows last = lastRows;
        if (last == null || last.target() != rows) {
            last = new BoundRows(connection(), rows, (Statement) proxy);
            lastRows = last;
        }
        return last;
    }

    /** The results of what was put around the statement are nobody's business. */
    private @Nullable Object moreResults(
            Object proxy, Lease lease, Method method, @Nullable Object @Nullable [] arguments) throws SQLException {
        Statement last = lastOrCurrent(lease);
        if (!folded || last.isClosed()) {
            return call(proxy, last, method, arguments);
        }
        boolean keeps = arguments != null
                && Integer.valueOf(Statement.KEEP_CURRENT_RESULT).equals(arguments[0]);
        ResultSet rows = exhausted ? null : last.getResultSet();
        if (rows != null && !keeps) {
            rows.close();
        }
        exhausted = true;
        return false;
    }

    @SuppressWarnings("ReferenceEquality") // what the driver made equals itself only
    private void executes(Statement statement, boolean withOthers) throws SQLException {
        Statement last = executed;
        if (last != null && last != statement && !last.isClosed()) {
            last.getMoreResults(Statement.CLOSE_ALL_RESULTS); // as the driver does if it executes the same one again
        }
        executed = statement;
        folded = withOthers;
        exhausted = false;
    }

    /** Executes a statement of the driver's with others around it. */
    final @Nullable Object executeFolded(Object proxy, Lease lease, Fold fold, PreparedStatement statement, String name)
            throws SQLException {
        executes(statement, true);
        lease.setTenant(statement);
        try {
            statement.execute();
            lease.folded(fold, statement);
        } catch (SQLException failure) {
            lease.foldFailed(fold, failure);
            throw failure;
        }
        return foldedResult(proxy, statement, name);
    }

    /** Fails where the driver would, with what it would say. */
    private Object foldedResult(Object proxy, PreparedStatement statement, String name) throws SQLException {
        ResultSet rows = statement.getResultSet();
        if (name.equals("execute")) {
            return rows != null;
        }
        if (name.equals("executeQuery")) {
            if (rows == null) {
                throw new PSQLException("No results were returned by the query.", PSQLState.NO_DATA);
            }
            return rows(proxy, rows);
        }
        if (rows != null) {
            throw new PSQLException("A result was returned when none was expected.", PSQLState.TOO_MANY_RESULTS);
        }
        if (name.equals("executeLargeUpdate")) {
            return statement.getLargeUpdateCount();
        }
        return statement.getUpdateCount();
    }

    /** Executes a statement of the driver's as it is. */
    final @Nullable Object executeAlone(
            Object proxy,
            Lease lease,
            SqlKind kind,
            Statement statement,
            Method method,
            @Nullable Object @Nullable [] arguments)
            throws SQLException {
        executes(statement, false);
        int fetchSize = statement.getFetchSize();
        boolean readsWholly = fetchSize > 0
                && lease.folds()
                && lease.isIdle()
                && lease.driver().getAutoCommit();
        if (readsWholly) {
            statement.setFetchSize(
                    0); // the transaction around it, and a cursor with that, ends before the rows are read
        }
        try {
            Object result = lease.run(kind, () -> Proxies.call(statement, method, arguments));
            return result instanceof ResultSet rows ? rows(proxy, rows) : result;
        } finally {
            if (readsWholly) {
                statement.setFetchSize(fetchSize);
            }
            if (method.getName().endsWith("Batch") && !statement.isClosed()) {
                statement.clearBatch(); // as the driver does, also if nothing came to be executed
            }
        }
    }
}
