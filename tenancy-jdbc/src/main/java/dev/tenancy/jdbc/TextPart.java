package dev.tenancy.jdbc;

import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A statement that gets its text when it is executed. A text that can be folded is prepared with what is around it,
 * since what binds is always a parameter.
 */
final class TextPart extends StatementPart {
    private final Method create;
    private final @Nullable Object @Nullable [] howToCreate;
    private final boolean foldable;
    private final List<Statement> made = new ArrayList<>(2);
    private @Nullable Lease madeOn;
    private @Nullable Statement alone;
    private SqlKind batch = SqlKind.CATALOG;

    /** @param foldable whether what was asked of the statement can be had of one with others around it */
    TextPart(BoundConnection connection, Method create, @Nullable Object @Nullable [] howToCreate, boolean foldable)
            throws SQLException {
        super(connection);
        this.create = create;
        this.howToCreate = howToCreate;
        this.foldable = foldable;
        connection.work(this::current);
    }

    @Override
    Statement current(Lease lease) throws SQLException {
        Statement present = alone;
        if (madeOn == lease && present != null) {
            return present;
        }
        Statement created = (Statement) NewStatement.made(Proxies.call(lease.connection(), create, howToCreate));
        setAttributes(created);
        made.clear();
        made.add(created);
        madeOn = lease;
        alone = created;
        return created;
    }

    @Override
    Collection<Statement> made() {
        return made;
    }

    @Override
    @Nullable
    Object executed(Object proxy, Method method, @Nullable Object @Nullable [] arguments) throws SQLException {
        if (arguments == null) {
            SqlKind kind = batch;
            batch = SqlKind.CATALOG; // and what waits in the driver goes too, whatever happens
            return connection().work(lease -> executeAlone(proxy, lease, kind, current(lease), method, null));
        }
        SqlText text = SqlText.of((String) arguments[0], connection().standardStrings());
        SqlScanner single = text.single();
        boolean mayFold = foldable && mayFold() && arguments.length == 1 && text.isFoldable();
        return connection().work(lease -> {
            Statement unfolded = current(lease);
            closeFolded();
            Fold fold = mayFold ? lease.fold(true) : Fold.NONE;
            if (fold == Fold.NONE || single == null) {
                return executeAlone(proxy, lease, text.kind(), unfolded, method, arguments);
            }
            PreparedStatement folded =
                    prepare(lease.connection(), unfolded, fold.around(single.textWithEscapedQuestionMarks()));
            made.add(folded);
            setAttributes(folded);
            Lease.neverNamed(folded);
            return executeFolded(proxy, lease, fold, folded, method.getName());
        });
    }

    private static PreparedStatement prepare(Connection connection, Statement like, String sql) throws SQLException {
        return connection.prepareStatement(
                sql, like.getResultSetType(), like.getResultSetConcurrency(), like.getResultSetHoldability());
    }

    /** A statement that is executed again closes what it found before. */
    private void closeFolded() throws SQLException {
        while (made.size() > 1) {
            made.remove(1).close();
        }
    }

    @Override
    @Nullable
    Object otherwise(Object proxy, Method method, @Nullable Object @Nullable [] arguments) throws SQLException {
        if (method.getName().equals("addBatch") && arguments != null) {
            SqlKind kind = SqlText.of((String) arguments[0], connection().standardStrings())
                    .kind();
            return connection().work(lease -> {
                lease.clean(); // a batch that waits in the driver cannot be moved to another session
                batch = batch.and(kind);
                return call(proxy, current(lease), method, arguments);
            });
        }
        if (method.getName().equals("clearBatch")) {
            batch = SqlKind.CATALOG;
        }
        return connection().alone(lease -> call(proxy, current(lease), method, arguments));
    }
}
