package dev.tenancy.jdbc;

import dev.tenancy.Tenant;
import dev.tenancy.TenantCatalog;
import dev.tenancy.TenantId;
import dev.tenancy.UnavailableException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;

/**
 * Asks the table, by one query at a time, for all who wait: whoever comes while one runs is answered by the next. So
 * however many ids somebody makes up, there is one connection in use, and no more queries a second than were allowed.
 */
final class CatalogLookups implements TenantCatalog {
    private static final int MOST_IDS = 1_000;

    private final DataSource dataSource;
    private final CatalogTable table;
    private final int timeoutSeconds;
    private final Pace pace;
    private final Queue<Asked> waiting = new ConcurrentLinkedQueue<>();
    private final ReentrantLock asking = new ReentrantLock(true);

    CatalogLookups(DataSource dataSource, CatalogTable table, Duration timeout, int queriesPerSecond) {
        this.dataSource = dataSource;
        this.table = table;
        this.timeoutSeconds = Math.toIntExact(timeout.toSeconds());
        this.pace = new Pace(queriesPerSecond);
    }

    /** An id, and what is said of it. */
    private record Asked(TenantId id, CompletableFuture<Optional<Tenant>> answer) {}

    @Override
    public Optional<Tenant> find(TenantId id) {
        Asked mine = new Asked(id, new CompletableFuture<>());
        waiting.add(mine);
        try {
            asking.lockInterruptibly();
            try {
                while (!mine.answer().isDone()) {
                    pace.await();
                    answer(next());
                }
            } finally {
                asking.unlock();
            }
            return mine.answer().get();
        } catch (InterruptedException interrupted) {
            waiting.remove(mine);
            Thread.currentThread().interrupt();
            throw new UnavailableException("interrupted while the catalog was asked for tenant " + id, interrupted);
        } catch (ExecutionException failed) {
            throw new UnavailableException("the catalog cannot be asked for tenant " + id, failed.getCause());
        }
    }

    private List<Asked> next() {
        List<Asked> next = new ArrayList<>();
        for (Asked one = waiting.poll(); one != null; one = waiting.poll()) {
            next.add(one);
            if (next.size() == MOST_IDS) {
                break;
            }
        }
        return next;
    }

    private void answer(List<Asked> asked) {
        try {
            Map<String, Row> found = query(asked);
            asked.forEach(one -> found.getOrDefault(one.id().value(), Row.NONE).tell(one));
        } catch (Throwable failure) { // also an error, or those who wait would wait for ever
            asked.forEach(one -> one.answer().completeExceptionally(failure));
        }
    }

    private Map<String, Row> query(List<Asked> asked) throws SQLException {
        Map<String, TenantId> ids = new LinkedHashMap<>();
        asked.forEach(one -> ids.put(one.id().value(), one.id()));
        try (Connection connection = dataSource.getConnection()) {
            boolean autoCommit = connection.getAutoCommit();
            if (!autoCommit) {
                connection.setAutoCommit(true);
            }
            try (PreparedStatement select = connection.prepareStatement(table.select())) {
                select.setQueryTimeout(timeoutSeconds);
                select.setArray(1, connection.createArrayOf("text", ids.keySet().toArray()));
                try (ResultSet row = select.executeQuery()) {
                    return read(row, ids);
                }
            } finally {
                if (!autoCommit) {
                    connection.setAutoCommit(false);
                }
            }
        }
    }

    private Map<String, Row> read(ResultSet row, Map<String, TenantId> ids) throws SQLException {
        Map<String, Row> found = new LinkedHashMap<>();
        while (row.next()) {
            String id = row.getString("id");
            TenantId asked = ids.get(id);
            if (asked != null) { // a column that takes different ids for equal finds others too
                found.put(id, read(row, asked));
            }
        }
        return found;
    }

    private Row read(ResultSet row, TenantId id) throws SQLException {
        try {
            return new Row(Optional.of(table.read(row, id)), Optional.empty());
        } catch (CatalogTable.MalformedRow bad) {
            return new Row(
                    Optional.empty(),
                    Optional.of(new UnavailableException(
                            "the row of tenant " + id + " in table " + table.sql() + " cannot be used: "
                                    + bad.getMessage(),
                            bad)));
        }
    }

    /**
     * What the table has of an id.
     *
     * @param tenant the tenant, empty if there is none or its row is malformed
     * @param fault what is wrong with the row
     */
    private record Row(Optional<Tenant> tenant, Optional<UnavailableException> fault) {
        private static final Row NONE = new Row(Optional.empty(), Optional.empty());

        private void tell(Asked asked) {
            fault.ifPresentOrElse(
                    asked.answer()::completeExceptionally, () -> asked.answer().complete(tenant));
        }
    }
}
