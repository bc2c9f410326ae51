package dev.tenancy.example.gateway;

import dev.tenancy.jdbc.audit.AuditReport;
import dev.tenancy.jdbc.audit.Finding;
import dev.tenancy.jdbc.audit.IsolationAudit;
import dev.tenancy.jdbc.audit.IsolationException;
import dev.tenancy.jdbc.audit.RepeatedAudit;
import dev.tenancy.jdbc.audit.Severity;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the database keeps tenants apart: audited before the gateway serves, and again while it does. */
final class Isolation implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Isolation.class);
    private static final Duration INTERVAL = Duration.ofSeconds(5);

    /** What PostgreSQL leaves open in every database that it makes. */
    private static final Set<String> OF_THE_SERVER = Set.of(
            "database-temporary",
            "database-connect-public",
            "setting-activities",
            "function-signals",
            "function-large-objects");

    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "agent-gateway-audit");
        thread.setDaemon(true);
        return thread;
    });

    private final AuditReport atStart;
    private final RepeatedAudit audit;

    private Isolation(AuditReport atStart, IsolationAudit audit, DataSource application) {
        this.atStart = atStart;
        this.audit = audit.every(INTERVAL, application, scheduler);
    }

    /**
     * Closes what the administrator may close, and goes on with auditing if a tenant cannot get out.
     *
     * @param application plain connections of the application's role, which is audited again and again
     * @param forSql plain connections of the role that runs SQL of tenants
     * @param administrator a superuser, or whoever comes nearest
     * @throws IsolationException if a tenant can
     */
    static Isolation enforce(DataSource application, DataSource forSql, Connection administrator) throws SQLException {
        closeServer(application, administrator);
        closeServer(forSql, administrator);
        audit(forSql).enforce(forSql);
        IsolationAudit audit = audit(application);
        return new Isolation(audit.enforce(application), audit, application);
    }

    private static IsolationAudit audit(DataSource role) throws SQLException {
        IsolationAudit.Builder audit = IsolationAudit.builder();
        for (Finding left : ofTheServer(role)) {
            LOG.warn(
                    "{} on {} is left as it is: only a superuser can run {}",
                    left.rule().id(),
                    left.object(),
                    left.mend().orElseThrow());
            audit.allow(left.rule().id(), left.object(), "only a superuser can close it, and the gateway has none");
        }
        return audit.build();
    }

    private static void closeServer(DataSource application, Connection administrator) throws SQLException {
        for (Finding open : ofTheServer(application)) {
            try (Statement statement = administrator.createStatement()) {
                statement.execute(open.mend().orElseThrow());
            } catch (SQLException refused) {
                LOG.debug("{} cannot be closed", open.rule().id(), refused);
            }
        }
    }

    private static List<Finding> ofTheServer(DataSource application) throws SQLException {
        return IsolationAudit.standard().run(application).findings().stream()
                .filter(finding -> OF_THE_SERVER.contains(finding.rule().id()))
                .toList();
    }

    void addTo(RoutesConfig routes, Operator operator) {
        routes.get("/admin/isolation", operator.only(this::show));
    }

    private void show(Context ctx) {
        ctx.contentType("application/json").result(last().toJson());
    }

    private AuditReport last() {
        return audit.last().orElse(atStart);
    }

    /** Why the gateway is not ready, as far as the last audit that could be made knows; empty if it is. */
    List<String> reasons() {
        return last().atLeast(Severity.MEDIUM).stream()
                .map(finding -> finding.rule().id() + ": " + finding.object())
                .toList();
    }

    @Override
    public void close() {
        audit.close();
        scheduler.shutdownNow();
    }
}
