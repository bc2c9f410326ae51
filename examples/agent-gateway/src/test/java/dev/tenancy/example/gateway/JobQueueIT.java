package dev.tenancy.example.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.zaxxer.hikari.HikariDataSource;
import dev.tenancy.Problem;
import dev.tenancy.Tenancy;
import dev.tenancy.TenancyListener;
import dev.tenancy.Tenant;
import dev.tenancy.TenantContext;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.jdbc.RowConflictException;
import dev.tenancy.jdbc.TenantDataSource;
import dev.tenancy.testservers.TestPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens between queueing and running, with a worker that is held up until the test lets it go. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JobQueueIT {
    private static final int PLACES = 3;
    private static final TenantIdentity ACME = TenantIdentity.of(TenantId.of("acme"), "test");
    private static final TenantIdentity GLOBEX = TenantIdentity.of(TenantId.of("globex"), "test");

    private final Map<TenantId, Tenant> tenants = new ConcurrentHashMap<>();
    private final List<String> refused = new CopyOnWriteArrayList<>();
    private final BlockingQueue<String> written = new LinkedBlockingQueue<>();
    private TestPostgres.Database given;
    private Database database;
    private TenantDataSource source;
    private HikariDataSource owners;
    private JobRows rows;
    private CountDownLatch letGo;
    private volatile boolean catalogIsAway;
    private JobQueue queue;

    @BeforeAll
    void open() throws Exception {
        given = TestPostgres.newDatabase();
        database =
                Database.open(Optional.of(new Settings.DatabaseUrls(given.appUrl(), given.ownerUrl())), new Metrics());
        source = database.pool("test", 4);
        Jdbi jdbi = Jdbi.create(source);
        AuditTrail reader = new AuditTrail(jdbi, (tenant, id) -> {});
        rows = new JobRows(
                jdbi,
                new AuditTrail(
                        jdbi,
                        (tenant, id) -> written.add(
                                tenant + " " + reader.after(id - 1, 1).get(0).action())));
        owners = database.ownersPool(3);
    }

    @AfterAll
    void closeDatabase() {
        owners.close();
        source.close();
        database.close();
    }

    @BeforeEach
    void holdUpTheWorker() throws Exception {
        try (Connection owner = DriverManager.getConnection(given.ownerUrl());
                Statement statement = owner.createStatement()) {
            statement.executeUpdate("DELETE FROM waiting_jobs");
        }
        tenants.clear();
        tenants.put(ACME.tenantId(), Tenant.of(ACME.tenantId()));
        tenants.put(GLOBEX.tenantId(), Tenant.of(GLOBEX.tenantId()));
        refused.clear();
        written.clear();
        letGo = new CountDownLatch(1);
        catalogIsAway = false;
        queue = queueOf(heldUp());
    }

    private JobQueue queueOf(ExecutorService worker) throws Exception {
        Tenancy.Builder checks = Tenancy.builder().catalog(this::find).listener(new TenancyListener() {
            @Override
            public void refused(TenantIdentity identity, Problem problem) {
                refused.add(identity.tenantId() + " " + problem.status());
            }
        });
        return new JobQueue(
                rows, new WaitingJobs(owners, Duration.ofHours(1)), database.secret(), checks, worker, PLACES);
    }

    private Optional<Tenant> find(TenantId id) {
        if (catalogIsAway) {
            throw new IllegalStateException("away");
        }
        return Optional.ofNullable(tenants.get(id));
    }

    @AfterEach
    void finish() {
        letTheWorkerFinish();
    }

    /** Closing the queue has done what waits. */
    private void letTheWorkerFinish() {
        letGo.countDown();
        queue.close();
    }

    @Test
    void aTenantSuspendedMeanwhileIsRefusedAndOthersAreNot() {
        Job ofAcme = submit(ACME, JobKind.ECHO);
        Job ofGlobex = submit(GLOBEX, JobKind.ECHO);
        tenants.put(
                ACME.tenantId(),
                Tenant.builder(ACME.tenantId()).status(Tenant.Status.SUSPENDED).build());

        letTheWorkerFinish();

        assertThat(after(ACME, ofAcme).state()).isEqualTo(Job.State.REFUSED);
        assertThat(after(ACME, ofAcme).result()).isNull();
        assertThat(after(GLOBEX, ofGlobex).state()).isEqualTo(Job.State.DONE);
        assertThat(refused).containsExactly("acme 403");
        assertThat(written)
                .containsExactly("acme create", "globex create", "acme refused", "globex running", "globex done");
    }

    @Test
    void aTenantRemovedMeanwhileIsRefused() {
        Job job = submit(ACME, JobKind.ECHO);
        tenants.remove(ACME.tenantId());

        letTheWorkerFinish();

        assertThat(after(ACME, job).state()).isEqualTo(Job.State.REFUSED);
    }

    @Test
    void aTenantOfWhichNobodyKnowsIsNotRefusedForThat() {
        Job job = submit(ACME, JobKind.ECHO);
        catalogIsAway = true;

        letTheWorkerFinish();

        assertThat(after(ACME, job).state()).isEqualTo(Job.State.QUEUED);
        assertThat(written).containsExactly("acme create");
    }

    @Test
    void aJobCancelledBeforeItsTurnIsNotDone() {
        Job job = submit(ACME, JobKind.ECHO);
        assertThat(TenantContext.call(ACME, () -> rows.cancel(job.id())).state())
                .isEqualTo(Job.State.CANCELLED);

        letTheWorkerFinish();

        assertThat(after(ACME, job).state()).isEqualTo(Job.State.CANCELLED);
        assertThat(written).containsExactly("acme create", "acme cancelled");
    }

    @Test
    void aJobCancelledWhileItRunsStaysCancelled() throws Exception {
        Job job;
        try (Connection owner = DriverManager.getConnection(given.ownerUrl());
                Statement statement = owner.createStatement()) {
            owner.setAutoCommit(false);
            statement.execute("LOCK TABLE agents IN ACCESS EXCLUSIVE MODE");
            job = submit(ACME, JobKind.COUNT_AGENTS);
            letGo.countDown();
            assertThat(written.poll(1, TimeUnit.MINUTES)).isEqualTo("acme create");
            assertThat(written.poll(1, TimeUnit.MINUTES)).isEqualTo("acme running");
            TenantContext.run(ACME, () -> {
                rows.cancel(job.id());
            });
            owner.rollback();
        }

        letTheWorkerFinish();

        assertThat(after(ACME, job).state()).isEqualTo(Job.State.CANCELLED);
        assertThat(after(ACME, job).result()).isNull();
        assertThat(written).containsExactly("acme cancelled");
    }

    @Test
    void aFullQueueTakesNoMoreAndStoresNothing() {
        for (int i = 0; i < PLACES; i++) {
            submit(GLOBEX, JobKind.ECHO);
        }
        written.clear();

        assertThatThrownBy(() -> submit(ACME, JobKind.ECHO)).isInstanceOfSatisfying(QueueFullException.class, full -> {
            assertThat(full.problem().status()).isEqualTo(503);
            assertThat(full.problem().headers()).containsEntry("Retry-After", "1");
        });

        assertThat(written).isEmpty();
    }

    @Test
    void whatCannotBeStoredTakesNoPlace() {
        for (int i = 0; i < PLACES + 1; i++) {
            assertThatThrownBy(() -> TenantContext.call(
                            ACME,
                            () -> queue.submit(id -> {
                                throw new IllegalArgumentException("not stored");
                            })))
                    .isInstanceOf(IllegalArgumentException.class);
        }

        assertThat(submit(ACME, JobKind.ECHO).state()).isEqualTo(Job.State.QUEUED);
    }

    /** The worker here comes to it when its lease is over, as if its process had been stopped for long. */
    @Test
    void aJobOfOneWhoIsAwayIsDoneByAnotherAndOnlyOnce() throws Exception {
        Job job = submit(ACME, JobKind.ECHO);
        endLease(job);

        try (JobQueue other = queueOf(JobQueue.workers())) {
            awaitWritten("acme done");
            letTheWorkerFinish();
        }

        assertThat(after(ACME, job).state()).isEqualTo(Job.State.DONE);
        assertThat(after(ACME, job).result()).isEqualTo(TextNode.valueOf("of acme"));
        assertThat(written).as("after it was done").isEmpty();
        assertThat(waiting(job.id())).isZero();
    }

    @Test
    void ofTwoWhoWorkOnAJobTheLaterOneStoresItsResult() throws Exception {
        Job job;
        JobQueue other;
        try (Connection owner = DriverManager.getConnection(given.ownerUrl());
                Statement statement = owner.createStatement()) {
            owner.setAutoCommit(false);
            statement.execute("LOCK TABLE agents IN ACCESS EXCLUSIVE MODE");
            job = submit(ACME, JobKind.COUNT_AGENTS);
            letGo.countDown();
            awaitWritten("acme running");
            endLease(job);
            other = queueOf(JobQueue.workers());
            awaitWritten("acme running");
            owner.rollback();
        }
        awaitWritten("acme done");
        letTheWorkerFinish();
        other.close();

        assertThat(after(ACME, job).state()).isEqualTo(Job.State.DONE);
        assertThat(written).as("after it was done").isEmpty();
        assertThat(waiting(job.id())).isZero();
    }

    @Test
    void whoeverHasAnEarlierLeaseStoresNothing() throws Exception {
        Job job = submit(ACME, JobKind.COUNT_AGENTS);
        ExecutorService earlier = Executors.newSingleThreadExecutor();
        Future<Job> finished;
        try (Connection owner = DriverManager.getConnection(given.ownerUrl());
                Statement statement = owner.createStatement()) {
            owner.setAutoCommit(false);
            statement.execute("LOCK TABLE agents IN ACCESS EXCLUSIVE MODE");
            finished = earlier.submit(() -> TenantContext.call(ACME, () -> rows.run(job.id(), 1)));
            awaitWritten("acme running");
            given.asSuperuser("UPDATE jobs SET lease = 2 WHERE id = '" + job.id() + "'");
            owner.rollback();
        } finally {
            earlier.shutdown();
        }

        assertThatThrownBy(finished::get).hasCauseInstanceOf(RowConflictException.class);
        assertThat(after(ACME, job).state()).isEqualTo(Job.State.RUNNING);
        assertThat(after(ACME, job).result()).isNull();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void aLeaseThatIsNotLaterTakesNothing(long lease) throws Exception {
        Job job = submit(ACME, JobKind.ECHO);
        given.asSuperuser("UPDATE jobs SET lease = 2 WHERE id = '" + job.id() + "'");

        assertThatThrownBy(() -> TenantContext.call(ACME, () -> rows.run(job.id(), lease)))
                .isInstanceOf(RowConflictException.class);

        assertThat(after(ACME, job).state()).isEqualTo(Job.State.QUEUED);
    }

    @Test
    void whoeverHasAnEarlierLeaseDoesNotEndTheWaiting() throws Exception {
        letTheWorkerFinish(); // it would take what is due
        WaitingJobs jobs = new WaitingJobs(owners, Duration.ZERO);
        UUID id = UUID.randomUUID();
        jobs.add(id, "ticket");
        WaitingJobs.Taken earlier = jobs.takeFirst(id).orElseThrow();
        assertThat(jobs.takeFirst(id)).isEmpty();
        WaitingJobs.Taken later = jobs.takeDue(1).get(0);

        jobs.remove(earlier);
        assertThat(waiting(id)).isEqualTo(1);
        jobs.remove(later);
        assertThat(waiting(id)).isZero();
    }

    @Test
    void whatIsBeingTakenWhenTheQueueClosesIsDone() throws Exception {
        Job job = submit(ACME, JobKind.ECHO);
        catalogIsAway = true;
        letTheWorkerFinish();
        catalogIsAway = false;
        endLease(job);

        try (Connection inTheWay = DriverManager.getConnection(given.ownerUrl());
                Statement statement = inTheWay.createStatement()) {
            inTheWay.setAutoCommit(false);
            statement.execute("LOCK TABLE waiting_jobs");
            JobQueue later = queueOf(JobQueue.workers());
            awaitSomebodyWaitsForTheTable(statement);
            Thread closing = new Thread(later::close);
            closing.start();
            while (closing.getState() != Thread.State.TIMED_WAITING && closing.isAlive()) {
                Thread.onSpinWait();
            }
            inTheWay.rollback();
            closing.join();
        }

        assertThat(after(ACME, job).state()).isEqualTo(Job.State.DONE);
        assertThat(waiting(job.id())).isZero();
    }

    @Test
    void anOutageIsWaitedOut() throws Exception {
        Job job = submit(ACME, JobKind.ECHO);
        catalogIsAway = true;
        letTheWorkerFinish();
        assertThat(after(ACME, job).state()).isEqualTo(Job.State.QUEUED);
        assertThat(waiting(job.id())).isEqualTo(1);
        catalogIsAway = false;
        endLease(job);

        try (JobQueue later = queueOf(JobQueue.workers())) {
            awaitWritten("acme done");
        }

        assertThat(waiting(job.id())).isZero();
    }

    @Test
    void aJobThatKillsWhoeverDoesItIsGivenUp() throws Exception {
        Job job = submit(ACME, JobKind.ECHO);
        change("UPDATE waiting_jobs SET lease = 5, due = now() WHERE id = '" + job.id() + "'");

        try (JobQueue other = queueOf(JobQueue.workers())) {
            awaitWritten("acme failed");
        }

        assertThat(after(ACME, job).state()).isEqualTo(Job.State.FAILED);
        assertThat(waiting(job.id())).isZero();
    }

    /** Whoever could write into the table still has no ticket of another tenant. */
    @Test
    void aForgedTicketDoesNothing() throws Exception {
        Job job = submit(GLOBEX, JobKind.ECHO);
        Job good = submit(ACME, JobKind.ECHO);
        change("UPDATE waiting_jobs SET ticket = 'tt1.shared.' || split_part(ticket, '.', 3) || '.AAAA',"
                + " due = now() - interval '1 hour' WHERE id = '" + job.id() + "'");
        endLease(good);

        try (JobQueue other = queueOf(Executors.newSingleThreadExecutor())) {
            awaitWritten("acme done");
        }

        assertThat(after(GLOBEX, job).state()).isEqualTo(Job.State.QUEUED);
        assertThat(waiting(job.id())).isZero();
    }

    @Test
    void noOtherRoleSeesATicket() throws Exception {
        try (Connection app = DriverManager.getConnection(given.appUrl());
                Statement statement = app.createStatement()) {
            for (String table : List.of("waiting_jobs", "gateway_secret")) {
                assertThatThrownBy(() -> statement.executeQuery("SELECT * FROM " + table))
                        .isInstanceOfSatisfying(
                                SQLException.class,
                                refusal -> assertThat(refusal.getSQLState()).isEqualTo("42501"));
            }
        }
    }

    private ExecutorService heldUp() {
        ExecutorService worker = Executors.newSingleThreadExecutor();
        CountDownLatch held = letGo;
        worker.execute(() -> await(held));
        return worker;
    }

    /** Leaves what was written after it. */
    private void awaitWritten(String expected) throws InterruptedException {
        String next;
        do {
            next = written.poll(1, TimeUnit.MINUTES);
            assertThat(next).as("while waiting for " + expected).isNotNull();
        } while (!expected.equals(next));
    }

    private void endLease(Job job) throws SQLException {
        change("UPDATE waiting_jobs SET due = now() WHERE id = '" + job.id() + "'");
    }

    private void change(String sql) throws SQLException {
        try (Connection owner = DriverManager.getConnection(given.ownerUrl());
                Statement statement = owner.createStatement()) {
            assertThat(statement.executeUpdate(sql)).isEqualTo(1);
        }
    }

    private long waiting(UUID id) throws SQLException {
        try (Connection owner = DriverManager.getConnection(given.ownerUrl());
                Statement statement = owner.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM waiting_jobs WHERE id = '" + id + "'")) {
            row.next();
            return row.getLong(1);
        }
    }

    @Test
    void aJobWhoseTurnComesMakesRoom() throws Exception {
        for (int i = 0; i < PLACES; i++) {
            submit(GLOBEX, JobKind.ECHO);
        }
        letGo.countDown();
        String last = "";
        for (int i = 0; i < PLACES * 3; i++) {
            last = String.valueOf(written.poll(1, TimeUnit.MINUTES));
        }
        assertThat(last).isEqualTo("globex done");

        assertThat(submit(ACME, JobKind.ECHO).state()).isEqualTo(Job.State.QUEUED);
    }

    private Job submit(TenantIdentity who, JobKind kind) {
        JsonNode payload = TextNode.valueOf("of " + who.tenantId());
        return TenantContext.call(who, () -> queue.submit(id -> rows.insert(id, kind, payload)));
    }

    private Job after(TenantIdentity who, Job job) {
        return TenantContext.call(who, () -> rows.require(job.id()));
    }

    private static void awaitSomebodyWaitsForTheTable(Statement statement) throws SQLException {
        boolean waits = false;
        while (!waits) {
            try (ResultSet result = statement.executeQuery(
                    "SELECT FROM pg_locks WHERE relation = 'waiting_jobs'::regclass AND NOT granted")) {
                waits = result.next();
            }
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
