package dev.tenancy.example.gateway;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.RowMapper;

/**
 * Which jobs are not done, of all tenants: a table that only the role of the tables' owner can see, so that no SQL of a
 * tenant reaches a ticket. Whoever takes a job has it for the time of its lease; if it is still here then, the next one
 * takes it, with a lease of a higher number.
 */
final class WaitingJobs {
    private static final String ADD =
            "INSERT INTO waiting_jobs (id, ticket, due) VALUES (:id, :ticket, now() + :lease * interval '1 ms')";

    private static final String LEASE =
            "UPDATE waiting_jobs SET lease = lease + 1, due = now() + :lease * interval '1 ms' ";

    private static final String TAKE_FIRST = LEASE + "WHERE id = :id AND lease = 0 RETURNING *";

    private static final String TAKE_DUE = LEASE
            + "WHERE id IN (SELECT id FROM waiting_jobs WHERE due <= now() ORDER BY due LIMIT :most"
            + " FOR UPDATE SKIP LOCKED) RETURNING *";

    private static final RowMapper<Taken> TAKEN =
            (row, context) -> new Taken(row.getObject("id", UUID.class), row.getString("ticket"), row.getLong("lease"));

    private final Jdbi jdbi;
    private final long leaseMillis;

    /**
     * Those of a database.
     *
     * @param owners plain connections of the role that owns the tables
     * @param lease longer than any request, and than any job
     */
    WaitingJobs(DataSource owners, Duration lease) {
        this.jdbi = Jdbi.create(owners);
        this.leaseMillis = lease.toMillis();
    }

    /**
     * A job that somebody may work on.
     *
     * @param ticket proves whose it is
     * @param lease how often it has been taken
     */
    record Taken(UUID id, String ticket, long lease) {
        /** Whoever has a ticket is its tenant. */
        @Override
        public String toString() {
            return "Taken[" + id + ", lease=" + lease + "]";
        }
    }

    /** Adds a job that this process is about to store, and to take. Others take it up when a lease has gone by. */
    void add(UUID id, String ticket) {
        jdbi.useHandle(handle -> handle.createUpdate(ADD)
                .bind("id", id)
                .bind("ticket", ticket)
                .bind("lease", leaseMillis)
                .execute());
    }

    /** Takes a job that nobody has taken yet. */
    Optional<Taken> takeFirst(UUID id) {
        return jdbi.withHandle(handle -> handle.createQuery(TAKE_FIRST)
                .bind("id", id)
                .bind("lease", leaseMillis)
                .map(TAKEN)
                .findOne());
    }

    /** Takes jobs that wait for longer than a lease: who had them is gone. */
    List<Taken> takeDue(int most) {
        return jdbi.withHandle(handle -> handle.createQuery(TAKE_DUE)
                .bind("most", most)
                .bind("lease", leaseMillis)
                .map(TAKEN)
                .list());
    }

    /** The job waits no more, unless somebody else has taken it meanwhile. */
    void remove(Taken taken) {
        jdbi.useHandle(handle -> handle.createUpdate("DELETE FROM waiting_jobs WHERE id = :id AND lease = :lease")
                .bind("id", taken.id())
                .bind("lease", taken.lease())
                .execute());
    }

    /** The job was not stored, so there is nothing to do. */
    void removeUnstored(UUID id) {
        jdbi.useHandle(handle -> handle.createUpdate("DELETE FROM waiting_jobs WHERE id = :id AND lease = 0")
                .bind("id", id)
                .execute());
    }
}
