package dev.tenancy.jdbc.torture;

import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The rows of one tenant that must be there, by id. Ids start again with each tenant; a body names its owner.
 *
 * <p>Used by the thread that has the lock.
 */
final class TenantRows {
    /** Is there from the start and for good, so that a statement that sees nothing did not run as its tenant. */
    static final long FIRST = 0;

    final ReentrantLock lock = new ReentrantLock();
    final TenantId id;
    private List<NavigableMap<Long, String>> candidates;
    private long lastId = FIRST;
    private long lastBody;

    TenantRows(TenantId id) {
        this.id = id;
        this.candidates = List.of(new TreeMap<>());
        candidates.get(0).put(FIRST, nextBody());
    }

    TenantIdentity identity() {
        return TenantIdentity.of(id, "torture");
    }

    TenantIdentity anotherSubject(int number) {
        return TenantIdentity.builder(id, "torture").subject("u" + number).build();
    }

    long nextId() {
        return ++lastId;
    }

    String nextBody() {
        return id.value() + ":" + ++lastBody;
    }

    /** {@return {@code body}, which must be one of this tenant's} */
    String requireOwn(String body) {
        if (!body.startsWith(id.value() + ":")) {
            throw new AssertionError(id + " sees what somebody else stored: " + body);
        }
        return body;
    }

    /** Reads rows, of which none may be another tenant's. */
    NavigableMap<Long, String> read(ResultSet rows) throws SQLException {
        NavigableMap<Long, String> found = new TreeMap<>();
        while (rows.next()) {
            found.put(rows.getLong(1), requireOwn(rows.getString(2)));
        }
        return found;
    }

    boolean isKnown() {
        return candidates.size() == 1;
    }

    /** A copy of the rows. */
    NavigableMap<Long, String> rows() {
        if (candidates.size() != 1) {
            throw new IllegalStateException("nobody knows what was committed; read it first");
        }
        return new TreeMap<>(candidates.get(0));
    }

    void committed(NavigableMap<Long, String> rows) {
        candidates = List.of(new TreeMap<>(rows));
    }

    /** Says that one of these is what was committed, and nobody knows which. */
    void committedOneOf(List<NavigableMap<Long, String>> outcomes) {
        candidates = List.copyOf(outcomes);
    }

    /** Says what was found after that. */
    void found(NavigableMap<Long, String> rows) {
        if (!candidates.contains(rows)) {
            throw new AssertionError("rows of " + id + ": found " + rows + ", allowed: one of " + candidates);
        }
        committed(rows);
    }
}
