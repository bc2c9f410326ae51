package dev.tenancy.ticket;

import static dev.tenancy.ticket.Keys.MINUTE;
import static dev.tenancy.ticket.Keys.PURPOSE;
import static dev.tenancy.ticket.Keys.tickets;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.Guard;
import dev.tenancy.GuardedRequest;
import dev.tenancy.Problem;
import dev.tenancy.Tenancy;
import dev.tenancy.TenancyListener;
import dev.tenancy.Tenant;
import dev.tenancy.TenantCatalog;
import dev.tenancy.TenantContext;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.TenantRequest;
import dev.tenancy.resolver.HeaderTenantResolver;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

/** From a request through a queue to a worker: the job has the tenant of the request, as the catalog knows it then. */
class TicketJobTest {
    private static final TenantId A = TenantId.of("tenant-a");
    private static final TenantId B = TenantId.of("tenant-b");
    private static final TenantId SHARED = TenantId.of("shared");

    private final Map<TenantId, Tenant> tenants = new ConcurrentHashMap<>(Map.of(
            A, Tenant.builder(A).readableTenants(Set.of(SHARED)).build(),
            B, Tenant.of(B)));
    private final TenantCatalog catalog = id -> Optional.ofNullable(tenants.get(id));
    private final List<String> told = Collections.synchronizedList(new ArrayList<>());
    private final BlockingQueue<String> queue = new LinkedBlockingQueue<>();
    private final ExecutorService worker = Executors.newSingleThreadExecutor();

    private final Tenancy front = Tenancy.builder()
            .resolver(HeaderTenantResolver.of("X-Tenant"))
            .catalog(catalog)
            .build();
    private final Tenancy jobs = jobs(catalog).build();

    @AfterEach
    void stop() {
        worker.shutdownNow();
    }

    @Test
    void aJobRunsAsTheTenantOfItsRequest() throws Exception {
        enqueueAs(A);
        enqueueAs(B);

        assertThat(onWorker(() -> work(jobs))).isEqualTo("tenant-a");
        assertThat(onWorker(() -> work(jobs))).isEqualTo("tenant-b");
        assertThat(onWorker(TenantContext::current)).isEmpty();
        assertThat(onWorker(() -> Optional.ofNullable(MDC.get(TenantContext.MDC_KEY))))
                .isEmpty();
    }

    @Test
    void aTenantSuspendedSinceIsRefusedAndTold() throws Exception {
        enqueueAs(A);
        tenants.put(A, Tenant.builder(A).status(Tenant.Status.SUSPENDED).build());

        assertThat(onWorker(() -> work(jobs))).isEqualTo("403");
        assertThat(told).containsExactly("tenant-a refused with 403");
    }

    @Test
    void aTenantRemovedSinceIsRefused() throws Exception {
        enqueueAs(A);
        tenants.remove(A);

        assertThat(onWorker(() -> work(jobs))).isEqualTo("401");
    }

    @Test
    void aCatalogThatIsDownIsAnOutage() throws Exception {
        enqueueAs(A);
        Tenancy down = jobs(id -> {
                    throw new IllegalStateException("down");
                })
                .build();

        assertThat(onWorker(() -> work(down))).isEqualTo("503");
    }

    @Test
    void whatTheCatalogLetATenantReadIsNotCarried() throws Exception {
        enqueueAs(A);
        enqueueAs(A);

        assertThat(onWorker(() -> readable(jobs))).containsExactly(SHARED);
        tenants.put(A, Tenant.of(A));
        assertThat(onWorker(() -> readable(jobs))).isEmpty();
    }

    @Test
    void whatTheCatalogLetATenantReadIsNotCarriedFromTicketToTicketEither() throws Exception {
        enqueueAs(A);
        String second = onWorker(() -> handle(
                jobs,
                queue.remove(),
                () -> tickets().issueCurrent(PURPOSE, MINUTE).value()));
        tenants.put(A, Tenant.of(A));
        queue.add(second);

        assertThat(onWorker(() -> readable(jobs))).isEmpty();
    }

    @Test
    void whatTheProofLetsATenantReadIsCarriedBesideWhatTheCatalogGrantsThen() throws Exception {
        TenantId partner = TenantId.of("partner");
        TenantIdentity proven = TenantIdentity.builder(A, "jwt")
                .readableTenants(Set.of(partner))
                .build();
        queue.add(tickets().issue(proven, PURPOSE, MINUTE).value());

        assertThat(onWorker(() -> readable(jobs))).containsExactlyInAnyOrder(partner, SHARED);
    }

    @Test
    void aTenantThatIsCurrentOnTheWorkerIsNeitherTakenNorLost() throws Exception {
        enqueueAs(A);
        TenantIdentity other = TenantIdentity.of(B, "test");

        String seen = onWorker(() -> TenantContext.call(other, () -> {
            String during = work(jobs);
            return during + " inside " + TenantContext.require().tenantId();
        }));

        assertThat(seen).isEqualTo("tenant-a inside tenant-b");
    }

    @Test
    void aRefusedJobDoesNotRunAsTheTenantThatIsCurrentOnTheWorker() throws Exception {
        TenantIdentity other = TenantIdentity.of(B, "test");

        for (String message : List.of("", "nonsense", "tt1.k1.AAAA.AAAA")) {
            queue.add(message);
            assertThat(onWorker(() -> TenantContext.call(other, () -> work(jobs))))
                    .isEqualTo("401");
        }
    }

    @Test
    void aJobThatFailsLeavesTheWorkerClean() throws Exception {
        enqueueAs(A);

        assertThat(onWorker(() -> {
                    try {
                        return handle(jobs, queue.remove(), () -> {
                            throw new IllegalStateException("the job failed");
                        });
                    } catch (IllegalStateException failure) {
                        return failure.getMessage() + ", then " + TenantContext.current();
                    }
                }))
                .isEqualTo("the job failed, then Optional.empty");
    }

    @Test
    void aQueueMayDeliverAgainAndAGuardMayRefuseIt() throws Exception {
        enqueueAs(A);
        queue.add(queue.element());
        queue.add(queue.element());
        Tenancy once = jobs(catalog).guard(new OnceOnly()).build();

        assertThat(onWorker(() -> work(jobs))).isEqualTo("tenant-a");
        assertThat(onWorker(() -> work(once))).isEqualTo("tenant-a");
        assertThat(onWorker(() -> work(once))).isEqualTo("409");
        assertThat(told).containsExactly("tenant-a refused with 409");
    }

    @Test
    void manyWorkersRunManyJobsEachAsItsOwnTenant() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        TenantTickets tickets = tickets();
        Tenancy any = jobs(TenantCatalog.acceptingAny()).build();
        ExecutorService workers = Executors.newFixedThreadPool(8);
        try {
            List<Callable<String>> work = new ArrayList<>();
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < 5_000; i++) {
                TenantId tenant = TenantId.of("tenant-" + random.nextInt(64));
                String ticket = tickets.issue(TenantIdentity.of(tenant, "test"), PURPOSE, MINUTE)
                        .value();
                expected.add(tenant.value());
                work.add(() -> handle(any, ticket, TicketJobTest::currentTenant));
            }
            List<String> seen = new ArrayList<>();
            for (Future<String> result : workers.invokeAll(work, 60, TimeUnit.SECONDS)) {
                seen.add(result.get());
            }
            assertThat(seen).as("seed %d", seed).isEqualTo(expected);
        } finally {
            workers.shutdownNow();
        }
    }

    private Tenancy.Builder jobs(TenantCatalog tenantsThen) {
        return Tenancy.builder()
                .resolver(TicketTenantResolver.of(tickets(), PURPOSE))
                .catalog(tenantsThen)
                .listener(new TenancyListener() {
                    @Override
                    public void refused(TenantIdentity identity, Problem problem) {
                        told.add(identity.tenantId() + " refused with " + problem.status());
                    }
                });
    }

    private void enqueueAs(TenantId tenant) {
        TenantRequest request =
                TenantRequest.builder().header("X-Tenant", tenant.value()).build();
        boolean sent = front.handle(
                request,
                admitted -> queue.add(tickets().issueCurrent(PURPOSE, MINUTE).value()),
                problem -> false);
        assertThat(sent).isTrue();
    }

    private String work(Tenancy tenancy) {
        return handle(tenancy, queue.remove(), TicketJobTest::currentTenant);
    }

    private Set<TenantId> readable(Tenancy tenancy) {
        return tenancy.handle(
                TicketTenantResolver.request(queue.remove()),
                admitted -> TenantContext.require().readableTenants(),
                problem -> Set.of(TenantId.of("refused")));
    }

    private static String handle(Tenancy tenancy, String message, TenantContext.Work<String, RuntimeException> job) {
        return tenancy.handle(
                TicketTenantResolver.request(message),
                admitted -> job.call(),
                problem -> Integer.toString(problem.status()));
    }

    private static String currentTenant() {
        return TenantContext.require().tenantId().value();
    }

    private <T> T onWorker(Callable<T> task) throws Exception {
        return worker.submit(task).get(60, TimeUnit.SECONDS);
    }

    /** What a host writes that must not do a job twice. */
    private static final class OnceOnly implements Guard {
        private final Set<Object> done = ConcurrentHashMap.newKeySet();

        @Override
        public String name() {
            return "once-only";
        }

        @Override
        public Decision check(GuardedRequest request) {
            Object id = request.identity().attributes().get(TicketTenantResolver.TICKET_ID);
            return id != null && done.add(id) ? new Passed() {} : new Denied(Problem.conflict("This job was done."));
        }
    }
}
