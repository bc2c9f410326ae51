package dev.tenancy.example.gateway;

import dev.tenancy.Tenancy;
import dev.tenancy.Tenant;
import dev.tenancy.TenantId;
import dev.tenancy.jdbc.JdbcTenantCatalog;
import dev.tenancy.jdbc.TenantDataSource;
import dev.tenancy.jdbc.TenantRegistry;
import dev.tenancy.jdbc.TenantSchemas;
import io.javalin.config.RoutesConfig;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jdbi.v3.core.Jdbi;

/** What the gateway serves: each part is made from those before it. */
final class Platform {
    private static final int REQUEST_POOL = 16;
    private static final int LEDGER_POOL = 4;
    private static final int SQL_SESSIONS = 4;
    private static final int BANK_POOL = 4;
    private static final int OWNERS_POOL = 3;

    private final Credentials credentials;
    private final Metrics metrics;
    private final Database database;
    private final Isolation isolation;
    private final TenantDataSource source;
    private final TenantDataSource sourceForSql;
    private final Pool owners;
    private final JdbcTenantCatalog catalog;
    private final TenantRegistry registry;
    private final Events events;
    private final Replicas replicas;
    private final Jdbi jdbi;
    private final AuditTrail audit;
    private final BankSchemas bankSchemas;
    private final Banks banks;
    private final Limits limits;
    private final Work work;
    private final Tenancy tenancy;
    private final JobRows jobs;
    private final JobQueue queue;

    /** Whatever has to be closed is added to {@code parts} as soon as it is there. */
    Platform(Settings settings, Credentials credentials, Parts parts) throws SQLException {
        this.credentials = credentials;
        this.metrics = parts.add(new Metrics());
        this.database = parts.add(Database.open(settings.database(), metrics));
        this.isolation = parts.add(isolationOf(database));
        this.source = parts.add(database.pool("requests", REQUEST_POOL));
        this.sourceForSql = parts.add(database.sessionsForSql(SQL_SESSIONS));
        this.owners = parts.add(database.ownersPool(OWNERS_POOL));

        this.catalog = parts.add(
                JdbcTenantCatalog.builder(owners).listenOn(database.owner()).build());
        this.registry = catalog.registry(owners);
        DemoTenants.addTo(registry, catalog, credentials.apiKeys().values());

        this.bankSchemas = database.bankSchemas(catalog);
        TenantSchemas schemas = bankSchemas.migratedOnFirstUse(database.owner());

        this.events = parts.add(new Events(this::isActive));
        this.replicas = parts.add(
                new Replicas(database.owner(), database.secret(), List.of(events, new ErasedSchemas(schemas))));
        this.jdbi = Jdbi.create(source);
        this.audit = new AuditTrail(jdbi, replicas::tell);

        Jdbi inSchemas = Jdbi.create(parts.add(database.poolInSchemas(schemas, BANK_POOL)));
        this.banks = new Banks(bankSchemas, inSchemas, new AuditTrail(inSchemas, replicas::tell));

        this.limits = Limits.of(
                settings,
                parts.add(Limits.store(settings, metrics)),
                parts.add(database.pool("ledger", LEDGER_POOL)),
                metrics);
        this.work = new Work();
        Refusals refusals = parts.add(new Refusals(audit, catalog, work));
        this.tenancy = parts.add(Tenancy.load(settings.tenancy(), credentials.resolvers())
                .catalog(catalog)
                .guard(work)
                .guard(limits.rateLimits())
                .guard(limits.budgetGuard())
                .listener(refusals)
                .listener(metrics.ofRequests())
                .build());

        this.jobs = new JobRows(jdbi, audit);
        this.queue = parts.add(new JobQueue(
                jobs,
                new WaitingJobs(owners, settings.jobLease()),
                database.secret(),
                Tenancy.builder()
                        .catalog(catalog)
                        .guard(work)
                        .listener(refusals)
                        .listener(metrics.ofRequests())));
    }

    private boolean isActive(TenantId id) {
        return catalog.find(id)
                .filter(tenant -> tenant.status() == Tenant.Status.ACTIVE)
                .isPresent();
    }

    private static Isolation isolationOf(Database database) throws SQLException {
        try (Connection administrator = database.administrator()) {
            return Isolation.enforce(database.withoutTenant(), database.withoutTenantForSql(), administrator);
        }
    }

    void addTo(RoutesConfig routes) {
        addForOperator(routes);
        credentials.issuer().ifPresent(issuer -> issuer.addTo(routes));
        Gate gate = new Gate(tenancy);
        addThings(routes, gate);
        Sessions sessions = new Sessions(jdbi, audit);
        sessions.addTo(routes, gate);
        new Chat(sessions).addTo(routes, gate);
        new Usage(limits).addTo(routes, gate);
        new Memory(jdbi, audit).addTo(routes, gate);
        banks.addTo(routes, gate);
        audit.addTo(routes, gate);
        events.addTo(routes, gate, audit);
        new Jobs(jobs, queue).addTo(routes, gate);
        new SqlConsole(sourceForSql, audit).addTo(routes, gate);
    }

    private void addForOperator(RoutesConfig routes) {
        new Health(source.withoutTenant(), isolation).addTo(routes);
        metrics.addTo(routes);
        isolation.addTo(routes, credentials.operator());
        new AdminTenants(
                        catalog,
                        registry,
                        database.offboarding(owners, catalog, bankSchemas),
                        work,
                        id -> DemoTenants.made(id, credentials.apiKeys().values()),
                        changed -> replicas.tell(changed, EventStream.PULSE))
                .addTo(routes, credentials.operator());
    }

    private void addThings(RoutesConfig routes, Gate gate) {
        NamedThings agents = new NamedThings("agents", jdbi, audit);
        NamedThings policies = new NamedThings("policies", jdbi, audit);
        NamedThings controls = new NamedThings("controls", jdbi, audit);
        agents.addTo(routes, gate);
        policies.addTo(routes, gate);
        controls.addTo(routes, gate);
        agents.attachments(policies, "agent_policies", "policy_id").addTo(routes, gate);
        agents.attachments(controls, "agent_controls", "control_id").addTo(routes, gate);
    }

    /** Nobody is served any more; who listens to events would do so for ever. */
    void endStreams() {
        events.endStreams();
    }
}
