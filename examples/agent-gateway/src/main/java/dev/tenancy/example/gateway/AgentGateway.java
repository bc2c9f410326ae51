package dev.tenancy.example.gateway;

import com.zaxxer.hikari.HikariDataSource;
import dev.tenancy.Tenancy;
import dev.tenancy.Tenant;
import dev.tenancy.TenantCatalog;
import dev.tenancy.TenantId;
import dev.tenancy.jdbc.JdbcTenantCatalog;
import dev.tenancy.jdbc.TenantDataSource;
import dev.tenancy.jdbc.TenantRegistry;
import dev.tenancy.ratelimit.BudgetGuard;
import dev.tenancy.ratelimit.Budgets;
import dev.tenancy.ratelimit.PostgresBudgetLedger;
import dev.tenancy.ratelimit.RateLimitGuard;
import dev.tenancy.ratelimit.RateLimiter;
import io.javalin.Javalin;
import io.javalin.config.RoutesConfig;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.BiConsumer;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server: puts the parts together, and takes them apart again. */
public final class AgentGateway implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AgentGateway.class);
    private static final int REQUEST_POOL = 16;
    private static final int LEDGER_POOL = 4;
    private static final int SQL_SESSIONS = 4;
    private static final int BANK_POOL = 4;
    private static final int OWNERS_POOL = 3;

    private final Deque<AutoCloseable> parts = new ConcurrentLinkedDeque<>();
    private final Thread stopAtExit = new Thread(this::closeParts, "agent-gateway-stop");
    private final int port;
    private final Credentials credentials;

    private AgentGateway(Settings settings) throws SQLException {
        this.credentials = Credentials.of(settings);
        Runtime.getRuntime().addShutdownHook(stopAtExit);
        try {
            this.port = serve(settings);
        } catch (SQLException | RuntimeException failure) {
            close();
            throw failure;
        }
    }

    /** Starts the server by the environment, and tells how to use it. */
    public static void main(String[] arguments) throws SQLException {
        System.out.println(
                "agent-gateway is starting; the first start of the embedded PostgreSQL takes some seconds …");
        AgentGateway gateway = start(Settings.of(System.getenv()));
        System.out.println("agent-gateway ready on " + gateway.url());
        System.out.println(Welcome.text(gateway.url(), gateway.credentials));
    }

    /** A running server. */
    static AgentGateway start(Settings settings) throws SQLException {
        return new AgentGateway(settings);
    }

    /** Where it listens. */
    String url() {
        return "http://127.0.0.1:" + port;
    }

    private int serve(Settings settings) throws SQLException {
        Metrics metrics = closedAtEnd(new Metrics());
        Database database = closedAtEnd(Database.open(settings.database(), metrics));
        Isolation isolation = closedAtEnd(isolationOf(database));
        TenantDataSource source = closedAtEnd(database.pool("requests", REQUEST_POOL));
        TenantDataSource ledgerSource = closedAtEnd(database.pool("ledger", LEDGER_POOL));
        TenantDataSource sqlSource = closedAtEnd(database.sessionsForSql(SQL_SESSIONS));
        HikariDataSource owners = closedAtEnd(database.ownersPool(OWNERS_POOL));
        Jdbi jdbi = Jdbi.create(source);
        JdbcTenantCatalog catalog = closedAtEnd(
                JdbcTenantCatalog.builder(owners).listenOn(database.owner()).build());
        TenantRegistry registry = catalog.registry(owners);
        DemoTenants.addTo(registry, catalog, credentials.apiKeys().values());
        Events events = closedAtEnd(new Events(tenant -> isActive(catalog, tenant)));
        Replicas replicas = closedAtEnd(new Replicas(database.owner(), database.secret(), events));
        BiConsumer<TenantId, Long> everywhere = (tenant, newest) -> {
            events.wake(tenant, newest);
            replicas.tell(tenant, newest);
        };
        AuditTrail audit = new AuditTrail(jdbi, everywhere);

        RateLimiter limiter = RateLimiter.builder()
                .store(closedAtEnd(Limits.store(settings, metrics)))
                .listener(metrics.ofLimits())
                .build();
        RateLimitGuard rateLimits = RateLimitGuard.builder().limiter(limiter).build();
        Budgets budgets = Budgets.builder(PostgresBudgetLedger.on(ledgerSource))
                .lease(settings.budgetLease())
                .listener(metrics.ofBudgets())
                .build();
        BudgetGuard budgetGuard = BudgetGuard.of(
                budgets, request -> request.attribute(ChatCall.class).map(ChatCall::expense));
        BankSchemas bankSchemas = database.bankSchemas(catalog);
        TenantDataSource bankSource = closedAtEnd(database.poolInSchemas(bankSchemas, BANK_POOL));
        Jdbi bankJdbi = Jdbi.create(bankSource);
        Banks banks = new Banks(bankSchemas, bankJdbi, new AuditTrail(bankJdbi, everywhere));
        Refusals refusals = closedAtEnd(new Refusals(audit));
        Tenancy tenancy = closedAtEnd(Tenancy.load(settings.tenancy(), credentials.resolvers())
                .catalog(catalog)
                .guard(rateLimits)
                .guard(budgetGuard)
                .listener(refusals)
                .listener(metrics.ofRequests())
                .build());

        JobRows jobs = new JobRows(jdbi, audit);
        Tenancy.Builder ofJobs =
                Tenancy.builder().catalog(catalog).listener(refusals).listener(metrics.ofRequests());
        JobQueue queue = closedAtEnd(new JobQueue(
                jobs,
                new WaitingJobs(owners, settings.jobLease()),
                database.secret(),
                ofJobs,
                JobQueue.workers(),
                JobQueue.PLACES));

        Javalin server = Javalin.create(config -> {
            Api.configure(config, settings.port());
            new Health(source.withoutTenant(), isolation).addTo(config.routes);
            isolation.addTo(config.routes, credentials.operator());
            new AdminTenants(
                            catalog,
                            registry,
                            database.offboarding(owners, catalog, bankSchemas),
                            changed -> everywhere.accept(changed, EventStream.PULSE))
                    .addTo(config.routes, credentials.operator());
            metrics.addTo(config.routes);
            credentials.issuer().ifPresent(issuer -> issuer.addTo(config.routes));
            Gate gate = new Gate(tenancy);
            addPlatform(config.routes, gate, jdbi, audit);
            banks.addTo(config.routes, gate);
            audit.addTo(config.routes, gate);
            events.addTo(config.routes, gate, audit);
            new Jobs(jobs, queue).addTo(config.routes, gate);
            new SqlConsole(sqlSource, audit).addTo(config.routes, gate);
            new Usage(limiter, rateLimits, budgets, budgetGuard).addTo(config.routes, gate);
        });
        closedAtEnd(server::stop);
        closedAtEnd(events::endStreams);
        return server.start().port();
    }

    private static boolean isActive(TenantCatalog catalog, TenantId id) {
        return catalog.find(id)
                .filter(tenant -> tenant.status() == Tenant.Status.ACTIVE)
                .isPresent();
    }

    private static Isolation isolationOf(Database database) throws SQLException {
        try (Connection administrator = database.administrator()) {
            return Isolation.enforce(database.withoutTenant(), database.withoutTenantForSql(), administrator);
        }
    }

    private static void addPlatform(RoutesConfig routes, Gate gate, Jdbi jdbi, AuditTrail audit) {
        NamedThings agents = new NamedThings("agents", jdbi, audit);
        NamedThings policies = new NamedThings("policies", jdbi, audit);
        NamedThings controls = new NamedThings("controls", jdbi, audit);
        agents.addTo(routes, gate);
        policies.addTo(routes, gate);
        controls.addTo(routes, gate);
        agents.attachments(policies, "agent_policies", "policy_id").addTo(routes, gate);
        agents.attachments(controls, "agent_controls", "control_id").addTo(routes, gate);
        Sessions sessions = new Sessions(jdbi, audit);
        sessions.addTo(routes, gate);
        new Chat(sessions).addTo(routes, gate);
        new Memory(jdbi, audit).addTo(routes, gate);
    }

    private <T extends AutoCloseable> T closedAtEnd(T part) {
        parts.push(part);
        return part;
    }

    /** Stops taking requests, then closes what they needed, latest first. */
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(stopAtExit);
        } catch (IllegalStateException exiting) {
            LOG.debug("the process is ending already", exiting);
        }
        closeParts();
    }

    private void closeParts() {
        for (AutoCloseable part = parts.poll(); part != null; part = parts.poll()) {
            try {
                part.close();
            } catch (Exception failure) {
                LOG.error("a part does not close", failure);
            }
        }
    }
}
