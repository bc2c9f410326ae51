package dev.tenancy.jdbc;

import dev.tenancy.jdbc.internal.SqlWork;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * The rows that a statement of a bound connection found. What writes a row, or reads it again, is a statement of its
 * own, and is bound like one.
 */
final class BoundRows extends RowWritesByLabel {
    private final BoundConnection connection;
    private final ResultSet target;
    private final @Nullable Statement statement;

    /** @param statement what made it; null if it was metadata, or an array */
    BoundRows(BoundConnection connection, ResultSet target, @Nullable Statement statement) {
        this.connection = connection;
        this.target = target;
        this.statement = statement;
    }

    /** The rows of the driver, whoever asks. */
    ResultSet target() {
        return target;
    }

    @Override
    ResultSet rows() throws SQLException {
        connection.requireBorrower();
        return target;
    }

    @Override
    <T> @Nullable T ask(Question<T> question) throws SQLException {
        try (BoundConnection.Hold alone = connection.holdForBorrower()) {
            return question.of(target);
        }
    }

    @Override
    void change(Change change) throws SQLException {
        try (BoundConnection.Hold alone = connection.holdForBorrower()) {
            change.to(target);
        }
    }

    @Override
    <T> @Nullable T wrapped(Class<T> type, @Nullable T value) {
        return type.cast(BoundPart.wrapped(connection, this, value));
    }

    private void asStatement(SqlWork work) throws SQLException {
        connection.requireBorrower();
        connection.work(lease -> lease.run(SqlKind.ROWS, () -> {
            work.run();
            return null;
        }));
    }

    @Override
    public void insertRow() throws SQLException {
        asStatement(target::insertRow);
    }

    @Override
    public void updateRow() throws SQLException {
        asStatement(target::updateRow);
    }

    @Override
    public void deleteRow() throws SQLException {
        asStatement(target::deleteRow);
    }

    @Override
    public void refreshRow() throws SQLException {
        asStatement(target::refreshRow);
    }

    @Override
    public @Nullable Statement getStatement() throws SQLException {
        rows().getStatement(); // fails if the rows are closed
        return statement;
    }

    /** Allowed to everybody: it ends the use. */
    @Override
    public void close() throws SQLException {
        target.close();
    }

    @Override
    public boolean isClosed() throws SQLException {
        return target.isClosed();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return type.cast(BoundConnection.unwrap(this, type));
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return type.isInstance(this);
    }

    @Override
    public boolean next() throws SQLException {
        return Boolean.TRUE.equals(ask(ResultSet::next));
    }

    @Override
    public boolean wasNull() throws SQLException {
        return rows().wasNull();
    }

    @Override
    public SQLWarning getWarnings() throws SQLException {
        return rows().getWarnings();
    }

    @Override
    public void clearWarnings() throws SQLException {
        rows().clearWarnings();
    }

    @Override
    public String getCursorName() throws SQLException {
        return rows().getCursorName();
    }

    @Override
    public @Nullable ResultSetMetaData getMetaData() throws SQLException {
        return wrapped(ResultSetMetaData.class, rows().getMetaData());
    }

    @Override
    public int findColumn(String label) throws SQLException {
        return rows().findColumn(label);
    }

    @Override
    public boolean isBeforeFirst() throws SQLException {
        return rows().isBeforeFirst();
    }

    @Override
    public boolean isAfterLast() throws SQLException {
        return rows().isAfterLast();
    }

    @Override
    public boolean isFirst() throws SQLException {
        return rows().isFirst();
    }

    @Override
    public boolean isLast() throws SQLException {
        return Boolean.TRUE.equals(ask(ResultSet::isLast));
    }

    @Override
    public void beforeFirst() throws SQLException {
        rows().beforeFirst();
    }

    @Override
    public void afterLast() throws SQLException {
        rows().afterLast();
    }

    @Override
    public boolean first() throws SQLException {
        return rows().first();
    }

    @Override
    public boolean last() throws SQLException {
        return rows().last();
    }

    @Override
    public int getRow() throws SQLException {
        return rows().getRow();
    }

    @Override
    public boolean absolute(int row) throws SQLException {
        return rows().absolute(row);
    }

    @Override
    public boolean relative(int rows) throws SQLException {
        return rows().relative(rows);
    }

    @Override
    public boolean previous() throws SQLException {
        return rows().previous();
    }

    @Override
    public void setFetchDirection(int direction) throws SQLException {
        rows().setFetchDirection(direction);
    }

    @Override
    public int getFetchDirection() throws SQLException {
        return rows().getFetchDirection();
    }

    @Override
    public void setFetchSize(int size) throws SQLException {
        rows().setFetchSize(size);
    }

    @Override
    public int getFetchSize() throws SQLException {
        return rows().getFetchSize();
    }

    @Override
    public int getType() throws SQLException {
        return rows().getType();
    }

    @Override
    public int getConcurrency() throws SQLException {
        return rows().getConcurrency();
    }

    @Override
    public boolean rowUpdated() throws SQLException {
        return rows().rowUpdated();
    }

    @Override
    public boolean rowInserted() throws SQLException {
        return rows().rowInserted();
    }

    @Override
    public boolean rowDeleted() throws SQLException {
        return rows().rowDeleted();
    }

    @Override
    public void cancelRowUpdates() throws SQLException {
        rows().cancelRowUpdates();
    }

    @Override
    public void moveToInsertRow() throws SQLException {
        change(ResultSet::moveToInsertRow);
    }

    @Override
    public void moveToCurrentRow() throws SQLException {
        rows().moveToCurrentRow();
    }

    @Override
    public int getHoldability() throws SQLException {
        return rows().getHoldability();
    }
}
