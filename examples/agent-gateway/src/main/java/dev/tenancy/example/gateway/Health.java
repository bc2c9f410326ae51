package dev.tenancy.example.gateway;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the process lives, and whether it can serve. */
final class Health {
    private static final Logger LOG = LoggerFactory.getLogger(Health.class);
    private static final int TIMEOUT_SECONDS = 2;

    private final DataSource withoutTenant;
    private final Isolation isolation;
    private final AtomicBoolean down = new AtomicBoolean();

    Health(DataSource withoutTenant, Isolation isolation) {
        this.withoutTenant = withoutTenant;
        this.isolation = isolation;
    }

    void addTo(RoutesConfig routes) {
        routes.get("/healthz", ctx -> ctx.json(Map.of("status", "up")));
        routes.get("/readyz", this::ready);
    }

    private void ready(Context ctx) {
        List<String> reasons = databaseAnswers() ? isolation.reasons() : List.of("the database does not answer");
        if (reasons.isEmpty()) {
            ctx.json(Map.of("status", "ready"));
        } else {
            ctx.status(HttpStatus.SERVICE_UNAVAILABLE).json(Map.of("status", "not ready", "reasons", reasons));
        }
    }

    private boolean databaseAnswers() {
        try (Connection connection = withoutTenant.getConnection()) {
            boolean answers = connection.isValid(TIMEOUT_SECONDS);
            down.set(!answers);
            return answers;
        } catch (SQLException failure) {
            if (!down.getAndSet(true)) {
                LOG.warn("the database does not answer", failure);
            }
            return false;
        }
    }
}
