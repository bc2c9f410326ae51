package dev.tenancy.jdbc.torture;

import dev.tenancy.TenantContext;
import dev.tenancy.TenantIdentity;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;

/** Borrows connections for one tenant after the other, and does whatever comes to its mind. */
final class Worker implements Callable<Long> {
    private static final int MOST_STEPS = 9;

    private final Bench bench;
    private final long seed;
    private final int operations;
    private final AtomicBoolean failed;
    private final SplittableRandom random;
    private final History history = new History();

    /** @param failed whether a worker has failed, so that the others need not go on */
    Worker(Bench bench, long seed, int operations, AtomicBoolean failed) {
        this.bench = bench;
        this.seed = seed;
        this.operations = operations;
        this.failed = failed;
        this.random = new SplittableRandom(seed);
    }

    /** {@return how many steps it took} */
    @Override
    public Long call() throws SQLException {
        try (Outside outside = new Outside(bench.database().superuserUrl())) {
            while (history.steps() < operations && !failed.get()) {
                borrow(outside);
            }
            return history.steps();
        } catch (SQLException | RuntimeException | AssertionError failure) {
            failed.set(true);
            throw new AssertionError(
                    "worker with seed " + seed + ": " + failure + "\nthe last steps:\n  " + history, failure);
        }
    }

    private void borrow(Outside outside) throws SQLException {
        int kind = random.nextInt(40);
        if (kind == 0) {
            nobody();
        } else if (kind == 1) {
            thePoolItself();
        } else {
            TenantRows tenant = bench.lockSome(random);
            try {
                if (kind < 5) {
                    TenantContext.run(bench.onceOnly(tenant), () -> ambush(tenant, outside));
                } else {
                    TenantIdentity identity = kind < 11 ? tenant.anotherSubject(random.nextInt(3)) : tenant.identity();
                    TenantContext.run(identity, () -> work(tenant, outside, random.nextInt(MOST_STEPS)));
                }
                TenantContext.run(tenant.identity(), () -> readAfterUnknownOutcome(tenant));
            } finally {
                tenant.lock.unlock();
            }
        }
    }

    /** As somebody who does not come again: what one left in a session it may meet itself. */
    private void ambush(TenantRows tenant, Outside outside) throws SQLException {
        int steps = random.nextBoolean() ? 0 : random.nextInt(MOST_STEPS);
        work(tenant, outside, steps, Endings.AMBUSHED);
    }

    private void work(TenantRows tenant, Outside outside, int steps) throws SQLException {
        Endings ending = random.nextInt(4) > 0 ? Endings.CLOSE : Texts.one(Endings.PEACEFUL, random);
        work(tenant, outside, steps, ending);
    }

    private void work(TenantRows tenant, Outside outside, int steps, Endings ending) throws SQLException {
        try (Connection connection = bench.source().getConnection()) {
            Borrowed borrowed = new Borrowed(bench, connection, tenant, outside, random);
            history.add("--- " + tenant.id.value() + " borrows, autoCommit=" + connection.getAutoCommit());
            if (steps > 0 && random.nextInt(4) == 0) {
                history.add("rolls back what it did first");
                Transactions.rollBackFirst(borrowed);
            }
            for (int i = 0; i < steps && !borrowed.isOver(); i++) {
                Step step = Steps.next(borrowed.ledger, random);
                history.add(step.name());
                step.action().run(borrowed);
                borrowed.stepEnded();
            }
            Endings possible = borrowed.isOver() ? Endings.CLOSE : ending;
            history.add(possible.name());
            possible.leave(borrowed);
        }
    }

    private void readAfterUnknownOutcome(TenantRows tenant) throws SQLException {
        if (tenant.isKnown()) {
            return;
        }
        history.add("reads what was committed");
        try (Connection connection = bench.source().getConnection();
                Statement statement = connection.createStatement()) {
            tenant.found(tenant.read(statement.executeQuery(Texts.SELECT)));
        }
    }

    private void nobody() throws SQLException {
        history.add("--- nobody borrows");
        try (Connection connection = bench.source().withoutTenant().getConnection();
                Statement statement = connection.createStatement()) {
            requireNoRows(statement);
            if (random.nextInt(4) == 0) {
                bench.nobodyWrote();
                try {
                    statement.executeUpdate("INSERT INTO items (id, body) VALUES (1, 'of nobody')");
                    throw new AssertionError("nobody stored a row");
                } catch (SQLException expected) {
                    history.add("refused: " + expected.getSQLState());
                }
            }
        }
    }

    /** Between two borrowers the session is nobody's, unless SQL says otherwise that does not show it. */
    private void thePoolItself() throws SQLException {
        history.add("--- the pool itself");
        try (Connection connection = bench.pool().getConnection();
                Statement statement = connection.createStatement()) {
            if (!isAmbushed(statement)) {
                requireNoRows(statement);
            }
        }
    }

    private static boolean isAmbushed(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT coalesce(current_setting('torture.hidden', true), '') <> ''"
                + " OR 'ambush' = ANY (current_schemas(false)) OR pg_my_temp_schema() <> 0")) {
            row.next();
            return row.getBoolean(1);
        }
    }

    private static void requireNoRows(Statement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery(Texts.SELECT)) {
            if (rows.next()) {
                throw new AssertionError("nobody sees " + rows.getString(2));
            }
        }
    }
}
