package dev.tenancy.jdbc.conversion;

import dev.tenancy.jdbc.internal.OwnTransaction;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;

/**
 * What is left to do until a schema is converted. Immutable and thread-safe.
 *
 * <p>{@link #apply} does all of it in one transaction, in which the tables are locked. Where tables are large,
 * {@link #prepare} does before what can be done while they are in use: it adds the column, fills it in, and makes the
 * new indexes and foreign keys beside the old ones. The plan that is made after that is short.
 *
 * @since 0.1
 */
public final class ConversionPlan {
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private final List<String> obstacles;
    private final List<ConversionScript.Ahead> preparation;
    private final List<String> statements;

    ConversionPlan(List<String> obstacles, List<ConversionScript.Ahead> preparation, List<String> statements) {
        this.obstacles = List.copyOf(obstacles);
        this.preparation = List.copyOf(preparation);
        this.statements = List.copyOf(statements);
    }

    /** {@return whether the schema is what it must be} */
    public boolean isEmpty() {
        return obstacles.isEmpty() && statements.isEmpty();
    }

    /**
     * {@return what somebody has to decide or change before, in words; nothing is done as long as there is something}
     */
    public List<String> obstacles() {
        return obstacles;
    }

    /**
     * {@return the statements, in their order, for the owner of the tables}
     *
     * @throws IllegalStateException if there are {@linkplain #obstacles obstacles}
     */
    public List<String> statements() {
        return unobstructed(statements);
    }

    /**
     * {@return the statements as one text, for Flyway or Liquibase; to be run in one transaction, as both do}
     *
     * @throws IllegalStateException if there are {@linkplain #obstacles obstacles}
     */
    public String sql() {
        return statements().isEmpty() ? "" : String.join(";\n", statements) + ";\n";
    }

    /**
     * {@return statements that may be run before, in their order, each outside of a transaction}
     *
     * <p>None keeps others from reading or writing for longer than a moment, once it has its lock; set
     * {@code lock_timeout} for how long {@code ALTER TABLE} may wait for that. Partitioned tables and exclusion
     * constraints have none.
     *
     * @throws IllegalStateException if there are {@linkplain #obstacles obstacles}
     */
    public List<String> preparation() {
        return unobstructed(preparation).stream()
                .map(ConversionScript.Ahead::sql)
                .toList();
    }

    private <T> List<T> unobstructed(List<T> all) {
        if (!obstacles.isEmpty()) {
            throw new IllegalStateException("the schema cannot be converted: " + String.join("; ", obstacles));
        }
        return all;
    }

    /**
     * Runs the statements: in the open transaction of {@code owner}, or in one of their own if it is in autocommit. The
     * tables are locked until it ends.
     *
     * @param owner a connection of the role that owns the tables; is not closed
     * @throws SQLException if one fails; none has then taken effect, once the transaction is rolled back
     * @throws IllegalStateException if there are {@linkplain #obstacles obstacles}
     */
    public void apply(Connection owner) throws SQLException {
        List<String> all = statements();
        OwnTransaction.run(owner, () -> {
            try (Statement statement = owner.createStatement()) {
                for (String sql : all) {
                    statement.execute(sql);
                }
            }
        });
    }

    /**
     * Runs the {@linkplain #preparation preparation}. Make a plan again after it, for what is left; also if it fails,
     * since it can be gone on with.
     *
     * @param owner a connection of the role that owns the tables, in autocommit; is not closed, and has the
     *     {@code lock_timeout} that it had
     * @param lockTimeout how long a statement may wait for a lock, and keep others waiting behind it; more than zero.
     *     It is tried again for as many times as {@code attempts} says.
     * @param attempts how often a statement is tried that gets no lock; at least once
     * @throws SQLException if one fails, or gets no lock; those before it have taken effect
     * @throws IllegalStateException if there are {@linkplain #obstacles obstacles}, or {@code owner} is not in
     *     autocommit
     */
    public void prepare(Connection owner, Duration lockTimeout, int attempts) throws SQLException {
        if (lockTimeout.toMillis() < 1 || attempts < 1) {
            throw new IllegalArgumentException("lockTimeout " + lockTimeout + " or attempts " + attempts
                    + " is too small; allowed: a millisecond or more, once or more");
        }
        if (!owner.getAutoCommit()) {
            throw new IllegalStateException("owner is in a transaction; the preparation runs outside of one");
        }
        List<ConversionScript.Ahead> all = unobstructed(preparation);
        try (Statement statement = owner.createStatement()) {
            String before = lockTimeout(statement);
            try {
                for (ConversionScript.Ahead step : all) {
                    setLockTimeout(statement, step.locks() ? lockTimeout.toMillis() + "ms" : "0");
                    run(statement, step.sql(), attempts);
                }
            } catch (SQLException failure) {
                try {
                    setLockTimeout(statement, before);
                } catch (SQLException lost) {
                    failure.addSuppressed(lost);
                }
                throw failure;
            }
            setLockTimeout(statement, before);
        }
    }

    private static String lockTimeout(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SHOW lock_timeout")) {
            row.next();
            return row.getString(1);
        }
    }

    private static void setLockTimeout(Statement statement, String value) throws SQLException {
        statement.execute("SET lock_timeout = '" + value + "'");
    }

    private static void run(Statement statement, String sql, int attempts) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try {
                statement.execute(sql);
                return;
            } catch (SQLException failure) {
                if (!LOCK_NOT_AVAILABLE.equals(failure.getSQLState()) || attempt == attempts) {
                    throw failure;
                }
            }
        }
    }
}
