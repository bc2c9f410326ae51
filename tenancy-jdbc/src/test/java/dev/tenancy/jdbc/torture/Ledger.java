package dev.tenancy.jdbc.torture;

import java.sql.Savepoint;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the open transaction of a borrower must see, and what becomes of it. */
final class Ledger {
    private final TenantRows tenant;
    private final Deque<Mark> marks = new ArrayDeque<>();
    private NavigableMap<Long, String> rows;
    private boolean autoCommit;
    private boolean begunInSql;
    private boolean failed;

    /** A savepoint; one made in SQL is known by its name only. */
    record Mark(String name, @Nullable Savepoint savepoint, NavigableMap<Long, String> rows) {}

    Ledger(TenantRows tenant, boolean autoCommit) {
        this.tenant = tenant;
        this.autoCommit = autoCommit;
        this.rows = tenant.rows();
    }

    TenantRows tenant() {
        return tenant;
    }

    NavigableMap<Long, String> rows() {
        return Collections.unmodifiableNavigableMap(rows);
    }

    boolean autoCommit() {
        return autoCommit;
    }

    boolean isOpen() {
        return begunInSql || !autoCommit;
    }

    boolean isFailed() {
        return failed;
    }

    void put(long id, String body) {
        rows.put(id, body);
        written();
    }

    void remove(long id) {
        rows.remove(id);
        written();
    }

    private void written() {
        if (!isOpen()) {
            tenant.committed(rows);
        }
    }

    void beginInSql() {
        begunInSql = true;
    }

    void commit() {
        tenant.committed(rows);
        ended();
    }

    void rollBack() {
        rows = tenant.rows();
        ended();
    }

    /** Says what is there after one of several outcomes. */
    void found(List<NavigableMap<Long, String>> outcomes, NavigableMap<Long, String> found) {
        tenant.committedOneOf(outcomes);
        tenant.found(found);
        rows = tenant.rows();
    }

    private void ended() {
        begunInSql = false;
        failed = false;
        marks.clear();
    }

    void setAutoCommit(boolean on) {
        if (on && !autoCommit) {
            commit();
        }
        autoCommit = on;
    }

    /** Says that a statement failed: nothing of it is there, and an open transaction does nothing more. */
    void statementFailed() {
        failed = isOpen();
    }

    void mark(String name, @Nullable Savepoint savepoint) {
        marks.push(new Mark(name, savepoint, new TreeMap<>(rows)));
    }

    /** The last savepoint, or null. */
    @Nullable
    Mark lastMark() {
        return marks.peek();
    }

    /** A savepoint is there still after one went back to it. */
    void backTo(Mark mark) {
        rows = new TreeMap<>(mark.rows);
        failed = false;
    }

    void releaseLast() {
        marks.pop();
    }
}
