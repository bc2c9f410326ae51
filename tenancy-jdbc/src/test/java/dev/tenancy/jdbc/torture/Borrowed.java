package dev.tenancy.jdbc.torture;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.random.RandomGenerator;

/** A connection that was borrowed, beside what the model says of it. */
final class Borrowed extends OpenStatements {
    final Ledger ledger;
    final Bench bench;
    final Outside outside;
    private boolean over;

    Borrowed(Bench bench, Connection connection, TenantRows tenant, Outside outside, RandomGenerator random)
            throws SQLException {
        super(connection, random);
        this.bench = bench;
        this.outside = outside;
        this.ledger = new Ledger(tenant, connection.getAutoCommit());
    }

    /** Something that is done with the connection. */
    @FunctionalInterface
    interface Call {
        void run() throws SQLException;
    }

    boolean flip() {
        return random.nextBoolean();
    }

    /** A row that may be changed and deleted; a new one if there is none. */
    long someId() throws SQLException {
        List<Long> ids = new ArrayList<>(ledger.rows().keySet());
        ids.remove(TenantRows.FIRST);
        if (ids.isEmpty()) {
            return insert();
        }
        return ids.get(random.nextInt(ids.size()));
    }

    /** Inserts a row in the plainest way. */
    long insert() throws SQLException {
        long id = ledger.tenant().nextId();
        String body = ledger.tenant().nextBody();
        PreparedStatement insert = kept("INSERT INTO items (id, body) VALUES (?, ?)");
        insert.setLong(1, id);
        insert.setString(2, body);
        writes(1, insert.executeUpdate());
        ledger.put(id, body);
        return id;
    }

    void writes(long expected, long count) {
        if (expected != count) {
            throw new AssertionError("update count " + count + ", must be " + expected);
        }
    }

    /** Requires that these are exactly the tenant's rows. */
    void sees(ResultSet rows) throws SQLException {
        NavigableMap<Long, String> found = read(rows);
        if (!found.equals(ledger.rows())) {
            throw new AssertionError("found " + found + ", must be " + ledger.rows());
        }
    }

    /** Reads rows, of which none may be another tenant's. */
    NavigableMap<Long, String> read(ResultSet rows) throws SQLException {
        return ledger.tenant().read(rows);
    }

    /** Ends the transaction, if there is one. */
    void settle() throws SQLException {
        if (!ledger.isOpen()) {
            return;
        }
        boolean commit = flip();
        if (ledger.autoCommit() || flip()) {
            statement().execute(commit ? "COMMIT" : "ROLLBACK");
        } else if (commit) {
            connection.commit();
        } else {
            connection.rollback();
        }
        if (commit) {
            ledger.commit();
        } else {
            ledger.rollBack();
        }
    }

    /** Requires a failure with this SQLState, which fails the transaction too. */
    void fails(String state, Call call) {
        failsAlone(state, call);
        ledger.statementFailed();
    }

    /** Requires a failure with this SQLState, of which the server learns nothing. */
    void failsAlone(String state, Call call) {
        try {
            call.run();
        } catch (SQLException failure) {
            if (!state.equals(failure.getSQLState())) {
                throw new AssertionError("SQLState " + failure.getSQLState() + ", must be " + state, failure);
            }
            return;
        }
        throw new AssertionError("no failure; must be " + state);
    }

    /** Says that there is no connection any more. */
    void over() {
        over = true;
    }

    boolean isOver() {
        return over;
    }
}
