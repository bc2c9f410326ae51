package dev.tenancy.example.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tenancy.Problems;
import dev.tenancy.jdbc.RowConflictException;
import dev.tenancy.jdbc.jdbi.TenantScopedRepository;
import java.sql.Types;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The jobs of the current tenant, and how they go from one state to the next. */
final class JobRows {
    private static final Logger LOG = LoggerFactory.getLogger(JobRows.class);

    private static final String SET = "UPDATE jobs SET state = :to, result = :result, lease = :lease WHERE id = :id ";

    /** Of two who take a job, the one with the later lease has it, though the other may not know yet. */
    private static final String TAKE = SET + "AND state IN ('queued', 'running') AND lease < :lease RETURNING *";

    private static final String FINISH = SET + "AND state = 'running' AND lease = :lease RETURNING *";
    private static final String STOP =
            "UPDATE jobs SET state = :to WHERE id = :id AND state IN ('queued', 'running') RETURNING *";

    private static final RowMapper<Job> JOB = (row, context) -> new Job(
            row.getObject("id", UUID.class),
            row.getString("kind"),
            Json.tree(row.getString("payload")),
            Job.State.of(row.getString("state")),
            treeOrNull(row.getString("result")),
            row.getTimestamp("created_at").toInstant().toString(),
            row.getString("tenant_id"));

    private final Jdbi jdbi;
    private final AuditTrail audit;
    private final TenantScopedRepository<Job> rows;

    JobRows(Jdbi jdbi, AuditTrail audit) {
        this.jdbi = jdbi;
        this.audit = audit;
        this.rows = TenantScopedRepository.of(jdbi, "jobs", JOB);
    }

    List<Job> list() {
        return rows.list();
    }

    /** The current tenant's job of this id, or 404. */
    Job require(UUID id) {
        return rows.require(id);
    }

    Job insert(UUID id, JobKind kind, JsonNode payload) {
        Map<String, Object> values = Map.of(
                "id", id, "kind", kind.toString(), "payload", payload.toString(), "state", Job.State.QUEUED.toString());
        return audit.recorded("create", target(id), () -> rows.insert(values));
    }

    /**
     * Does a job that waits, or that one with an earlier lease has begun. If it is cancelled meanwhile, or taken by one
     * with a later lease, the result is lost.
     */
    Job run(UUID id, long lease) {
        Job job = moved(
                id,
                Job.State.RUNNING,
                TAKE,
                move -> move.bindNull("result", Types.VARCHAR).bind("lease", lease));
        JsonNode result;
        try {
            result = JobKind.of(job.kind()).orElseThrow().run(job.payload(), jdbi);
        } catch (RuntimeException failure) {
            if (Problems.of(failure).isPresent()) {
                throw failure; // an outage is none of the job's faults
            }
            LOG.error("job {} failed", id, failure);
            return finish(id, Job.State.FAILED, null, lease);
        }
        return finish(id, Job.State.DONE, result, lease);
    }

    private Job finish(UUID id, Job.State to, @Nullable JsonNode result, long lease) {
        return moved(
                id,
                to,
                FINISH,
                move -> move.bind("result", result == null ? null : result.toString())
                        .bind("lease", lease));
    }

    /** Ends a job that was tried too often. */
    Job giveUp(UUID id) {
        return stop(id, Job.State.FAILED);
    }

    Job refuse(UUID id) {
        return stop(id, Job.State.REFUSED);
    }

    Job cancel(UUID id) {
        return stop(id, Job.State.CANCELLED);
    }

    private Job stop(UUID id, Job.State to) {
        return moved(id, to, STOP, UnaryOperator.identity());
    }

    /** The moved job; 404 if there is none, 409 if it is in no state from which {@code sql} moves it. */
    private Job moved(UUID id, Job.State to, String sql, UnaryOperator<Query> binding) {
        return audit.recorded(
                to.toString(),
                target(id),
                () -> jdbi.withHandle(handle -> binding.apply(handle.createQuery(sql)
                                        .bind("to", to.toString())
                                        .bind("id", id))
                                .map(JOB)
                                .findOne())
                        .orElseThrow(() -> new RowConflictException(
                                "jobs", "The job is " + require(id).state() + ".")));
    }

    private static String target(UUID id) {
        return "/jobs/" + id;
    }

    private static @Nullable JsonNode treeOrNull(@Nullable String text) {
        return text == null ? null : Json.tree(text);
    }
}
