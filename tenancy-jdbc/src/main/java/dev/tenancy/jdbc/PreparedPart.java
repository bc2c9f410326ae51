package dev.tenancy.jdbc;

import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;

/** A prepared statement: prepared alone, or with what has to be around it, whichever is executed next. */
final class PreparedPart extends StatementPart {
    private final String sql;
    private final SqlText text;
    private final Preparation preparation;
    private final Map<Fold, PreparedStatement> twins = new HashMap<>(4);
    private final Map<Integer, RecordedCall> parameters = new TreeMap<>();
    private @Nullable Lease madeOn;
    private @Nullable PreparedStatement current;
    private Fold currentFold = Fold.NONE;
    private boolean foldable;

    /** How the connection was asked for the statement, and is asked for another one. */
    @FunctionalInterface
    interface Preparation {
        PreparedStatement prepare(Connection connection, String sql) throws SQLException;
    }

    /** @param foldable whether what was asked of the statement can be had of one with others around it */
    PreparedPart(BoundConnection connection, String sql, boolean foldable, Preparation preparation)
            throws SQLException {
        super(connection);
        this.sql = sql;
        this.text = SqlText.of(sql, connection.standardStrings());
        this.preparation = preparation;
        this.foldable = foldable && text.isFoldable();
        connection.work(lease -> twin(lease, nextFold(lease)));
    }

    private Fold nextFold(Lease lease) throws SQLException {
        boolean mayBeDescribedAlone = lease.settings().decideNames()
                && !parameters.values().stream().allMatch(parameter -> parameter.tellsType(lease.driver()));
        return foldable && mayFold() && !mayBeDescribedAlone
                ? lease.fold(parameters.values().stream().allMatch(RecordedCall::isRepeatable))
                : Fold.NONE;
    }

    /** The statement with this around it, and with everything set that was set. */
    @SuppressWarnings("ReferenceEquality") // what the driver made equals itself only
    private PreparedStatement twin(Lease lease, Fold fold) throws SQLException {
        if (madeOn != lease) {
            madeOn = lease;
            twins.clear();
            current = null;
        }
        PreparedStatement twin = twins.get(fold);
        if (twin == null) {
            SqlScanner single = text.single();
            twin = preparation.prepare(
                    lease.connection(), fold == Fold.NONE || single == null ? sql : fold.around(single.text()));
            setAttributes(twin);
            if (fold.isOnce()) {
                Lease.neverNamed(twin);
            }
            twins.put(fold, twin);
        }
        if (twin != current) {
            twin.clearParameters();
            for (RecordedCall parameter : parameters.values()) {
                parameter.applyTo(twin, fold.parametersBefore());
            }
            current = twin;
            currentFold = fold;
        }
        return twin;
    }

    @Override
    PreparedStatement current(Lease lease) throws SQLException {
        PreparedStatement now = current;
        return madeOn == lease && now != null ? now : twin(lease, nextFold(lease));
    }

    @Override
    @Nullable
    Object executed(Object proxy, Method method, @Nullable Object @Nullable [] arguments) throws SQLException {
        boolean batch = method.getName().endsWith("Batch");
        return connection().work(lease -> {
            Fold fold = batch || arguments != null ? Fold.NONE : nextFold(lease);
            PreparedStatement statement = twin(lease, fold);
            if (fold == Fold.NONE) {
                return executeAlone(proxy, lease, text.kind(), statement, method, arguments);
            }
            requireParameters();
            return executeFolded(proxy, lease, fold, statement, method.getName());
        });
    }

    /** The driver would count the parameters before the borrower's too. */
    private void requireParameters() throws SQLException {
        int expected = text.parameters();
        for (int i = 1; i <= expected; i++) {
            if (!parameters.containsKey(i)) {
                throw new PSQLException(
                        "No value specified for parameter " + i + ".", PSQLState.INVALID_PARAMETER_VALUE);
            }
        }
    }

    @Override
    @Nullable
    Object otherwise(Object proxy, Method method, @Nullable Object @Nullable [] arguments) throws SQLException {
        String name = method.getName();
        if (arguments != null && name.startsWith("set") && method.getDeclaringClass() == PreparedStatement.class) {
            setParameter(method, arguments);
            return null;
        }
        return switch (name) {
            case "clearParameters" ->
                connection().work(lease -> {
                    parameters.clear();
                    return call(proxy, current(lease), method, arguments);
                });
            case "addBatch" ->
                connection().work(lease -> {
                    lease.clean(); // a batch that waits in the driver cannot be moved to another session
                    return call(proxy, twin(lease, Fold.NONE), method, arguments);
                });
            case "clearBatch" -> connection().work(lease -> call(proxy, twin(lease, Fold.NONE), method, arguments));
            case "getMetaData", "getParameterMetaData" ->
                connection()
                        .work(lease -> lease.run(
                                lease.settings().decideNames() ? SqlKind.ROWS : SqlKind.CATALOG,
                                () -> call(proxy, twin(lease, Fold.NONE), method, arguments)));
            default -> connection().alone(lease -> call(proxy, current(lease), method, arguments));
        };
    }

    private void setParameter(Method method, @Nullable Object[] arguments) throws SQLException {
        connection().work(lease -> {
            int index = arguments[0] instanceof Integer number ? number : 0;
            if (RecordedCall.makesLargeObject(method, arguments)) {
                foldable = false;
                PreparedStatement alone = twin(lease, Fold.NONE);
                lease.run(SqlKind.ROWS, () -> Proxies.call(alone, method, arguments));
                return null;
            }
            if (RecordedCall.mayAskForType(method, arguments)) {
                lease.clean();
            }
            PreparedStatement statement = current(lease);
            RecordedCall parameter = RecordedCall.of(method, arguments);
            if (foldable && (index < 1 || index > text.parameters())) {
                Proxies.call(twin(lease, Fold.NONE), method, arguments); // fails, as the driver does
            }
            parameter.applyTo(statement, currentFold.parametersBefore());
            parameters.put(index, parameter);
            return null;
        });
    }

    @Override
    Collection<PreparedStatement> made() {
        return twins.values();
    }

    /** The text, without what was set. */
    @Override
    public String toString() {
        return sql;
    }
}
