package dev.tenancy.jdbc;

import dev.tenancy.jdbc.OffboardingProgress.Step;
import dev.tenancy.jdbc.TenantTables.Group;
import dev.tenancy.jdbc.internal.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Deletes a tenant's rows from the tables of a group, in batches, each a transaction: what is done stays done.
 *
 * <p>In a group that refers to itself, rows that no other refers to go first. Where that is slow (a long chain) or at
 * an end (a circle), references that may be NULL are taken away, a batch at a time. A circle of references that may not
 * be NULL goes in one statement: PostgreSQL checks foreign keys at the end of a statement.
 */
final class GroupErasure {
    private final TenantTransactions transactions;
    private final Group group;
    private final int batch;
    private final Consumer<OffboardingProgress> progress;
    private final List<ForeignKey> loosenable = new ArrayList<>();

    GroupErasure(TenantTransactions transactions, Group group, int batch, Consumer<OffboardingProgress> progress) {
        this.transactions = transactions;
        this.group = group;
        this.batch = batch;
        this.progress = progress;
        group.keys().stream().filter(key -> !toClear(key).isEmpty()).forEach(loosenable::add);
    }

    void run() throws SQLException {
        if (group.keys().isEmpty()) {
            TenantTable table = group.tables().get(0);
            long deleted;
            do {
                deleted = deleteUnreferred(table);
            } while (deleted == batch);
            return;
        }
        while (isAnyLeft()) {
            long deleted = 0;
            for (TenantTable table : group.tables()) {
                deleted += deleteUnreferred(table);
            }
            if (deleted < batch && !loosen() && deleted == 0) {
                deleteAll();
                return;
            }
        }
    }

    private long deleteUnreferred(TenantTable table) throws SQLException {
        StringBuilder condition = new StringBuilder(table.ofTenant());
        for (ForeignKey key : group.keysTo(table)) {
            TenantTable child = group.table(key.child());
            condition
                    .append(" AND NOT EXISTS (SELECT FROM ")
                    .append(child.as("c"))
                    .append(" WHERE ")
                    .append(key.refers());
            if (key.isToItself()) {
                condition.append(" AND (c.tableoid, c.ctid) <> (t.tableoid, t.ctid)");
            }
            condition.append(')');
        }
        return change(table, Step.DELETED, "DELETE FROM " + table.asT(), condition.toString());
    }

    /** Takes away references, and tells whether there were any. */
    private boolean loosen() throws SQLException {
        for (ForeignKey key : List.copyOf(loosenable)) {
            List<String> columns = toClear(key);
            String set = String.join(" = NULL, ", columns) + " = NULL";
            String refers = "t." + String.join(" IS NOT NULL AND t.", columns) + " IS NOT NULL";
            TenantTable table = group.table(key.child());
            try {
                if (change(
                                table,
                                Step.LOOSENED,
                                "UPDATE " + table.asT() + " SET " + set,
                                table.ofTenant() + " AND " + refers)
                        > 0) {
                    return true;
                }
            } catch (SQLException failure) {
                if (!SqlStates.isConstraint(failure)) {
                    throw failure;
                }
                loosenable.remove(key); // something else needs the reference
            }
        }
        return false;
    }

    /** The columns without which the key refers to nothing; one is enough, unless all or none have to be there. */
    private List<String> toClear(ForeignKey key) {
        TenantTable table = group.table(key.child());
        List<String> nullable = key.columns().stream()
                .filter(table::mayBeNulled)
                .map(Sql::quoted)
                .toList();
        // The column of the tenant is not among them: a row without it would be nobody's, and never be found again.
        List<String> others = nullable.stream()
                .filter(column -> !table.ofTenant().startsWith("t." + column + " = "))
                .toList();
        return key.full() || others.isEmpty() ? List.of() : List.of(others.get(0));
    }

    /**
     * One batch. Rows are found by their place, in one partition at a time, since places are told apart by partition
     * only; the condition that they are the tenant's is said again of what is changed.
     */
    private long change(TenantTable table, Step step, String change, String condition) throws SQLException {
        String from = " FROM " + table.asT() + " WHERE " + condition;
        String sql = "WITH place AS MATERIALIZED (SELECT t.tableoid AS part" + from + " LIMIT 1) " + change
                + " WHERE t.tableoid = (SELECT part FROM place) AND t.ctid = ANY (ARRAY(SELECT t.ctid" + from
                + " AND t.tableoid = (SELECT part FROM place) LIMIT " + batch + ")) AND " + table.ofTenant();
        long rows = write(table.sql(), connection -> {
            try (Statement statement = connection.createStatement()) {
                return statement.executeLargeUpdate(sql);
            }
        });
        tell(step, table, rows);
        // Another partition may have some: a batch that is not full is not the last one.
        return table.kind() == TenantTable.Kind.PARTITIONED && rows > 0 ? Math.max(rows, batch) : rows;
    }

    private void deleteAll() throws SQLException {
        List<String> deletions = new ArrayList<>();
        List<String> counts = new ArrayList<>();
        for (TenantTable table : group.tables()) {
            String name = "d" + deletions.size();
            deletions.add(name + " AS (DELETE FROM " + table.asT() + " WHERE " + table.ofTenant() + " RETURNING 1)");
            counts.add("(SELECT pg_catalog.count(*) FROM " + name + ")");
        }
        String sql = "WITH " + String.join(", ", deletions) + " SELECT " + String.join(", ", counts);
        long[] rows = write(names(), connection -> {
            long[] counted = new long[counts.size()];
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(sql)) {
                row.next();
                for (int place = 0; place < counted.length; place++) {
                    counted[place] = row.getLong(place + 1);
                }
            }
            return counted;
        });
        for (int place = 0; place < rows.length; place++) {
            tell(Step.DELETED, group.tables().get(place), rows[place]);
        }
    }

    private boolean isAnyLeft() throws SQLException {
        List<String> any = group.tables().stream()
                .map(table -> "EXISTS (SELECT FROM " + table.asT() + " WHERE " + table.ofTenant() + ")")
                .toList();
        return write(names(), connection -> {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT " + String.join(" OR ", any))) {
                row.next();
                return row.getBoolean(1);
            }
        });
    }

    private <R> R write(String tables, TenantTransactions.Work<R> work) throws SQLException {
        if (Thread.currentThread().isInterrupted()) {
            throw new SQLException("interrupted; run again, and it goes on", SqlStates.CANCELED);
        }
        try {
            return transactions.call(TenantTransactions.WRITING, work);
        } catch (SQLException failure) {
            throw Refusal.during("the tenant's rows cannot be deleted from " + tables, failure);
        }
    }

    private void tell(Step step, TenantTable table, long rows) {
        if (rows > 0) {
            progress.accept(new OffboardingProgress(transactions.tenant(), step, table.sql(), rows));
        }
    }

    private String names() {
        return String.join(", ", group.tables().stream().map(TenantTable::sql).toList());
    }
}
