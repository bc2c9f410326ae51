package dev.tenancy.example.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tenancy.jdbc.RowConflictException;
import dev.tenancy.jdbc.jdbi.TenantScopedRepository;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The jobs of the current tenant, and how they go from one state to the next. */
final class JobRows {
    private static final Logger LOG = LoggerFactory.getLogger(JobRows.class);

    /** Of two who move a job at once, one finds it in another state. */
    private static final String MOVE =
            "UPDATE jobs SET state = :to, result = :result WHERE id = :id AND state IN (<from>) RETURNING *";

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

    Job insert(JobKind kind, JsonNode payload) {
        UUID id = UUID.randomUUID();
        Map<String, Object> values = Map.of(
                "id", id, "kind", kind.toString(), "payload", payload.toString(), "state", Job.State.QUEUED.toString());
        return audit.recorded("create", target(id), () -> rows.insert(values));
    }

    /** Does a job that waits; one that is cancelled meanwhile stays so, and its result is lost. */
    Job run(UUID id) {
        Job job = move(id, Job.State.RUNNING, null, Job.State.QUEUED);
        JsonNode result;
        try {
            result = JobKind.of(job.kind()).orElseThrow().run(job.payload(), jdbi);
        } catch (RuntimeException failure) {
            LOG.error("job {} failed", id, failure);
            return move(id, Job.State.FAILED, null, Job.State.RUNNING);
        }
        return move(id, Job.State.DONE, result, Job.State.RUNNING);
    }

    Job refuse(UUID id) {
        return move(id, Job.State.REFUSED, null, Job.State.QUEUED);
    }

    Job cancel(UUID id) {
        return move(id, Job.State.CANCELLED, null, Job.State.QUEUED, Job.State.RUNNING);
    }

    /** The moved job; 404 if there is none, 409 if it is in no state of {@code from}. */
    private Job move(UUID id, Job.State to, @Nullable JsonNode result, Job.State... from) {
        return audit.recorded(
                to.toString(),
                target(id),
                () -> jdbi.withHandle(handle -> handle.createQuery(MOVE)
                                .bind("to", to.toString())
                                .bind("result", result == null ? null : result.toString())
                                .bind("id", id)
                                .bindList(
                                        "from",
                                        Stream.of(from).map(Job.State::toString).toList())
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
