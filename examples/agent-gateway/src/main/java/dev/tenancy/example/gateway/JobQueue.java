package dev.tenancy.example.gateway;

import dev.tenancy.Problem;
import dev.tenancy.Tenancy;
import dev.tenancy.TenantContext;
import dev.tenancy.ticket.TenantTicket;
import dev.tenancy.ticket.TenantTickets;
import dev.tenancy.ticket.TicketTenantResolver;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Jobs that wait, and those who do them: as the tenant that each job's ticket proves, if it may still work. */
final class JobQueue implements AutoCloseable {
    /** The most jobs that wait. */
    static final int PLACES = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(JobQueue.class);
    private static final String PURPOSE = "gateway.jobs";
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);
    private static final int WORKERS = 4;
    private static final long STOP_SECONDS = 5;
    private static final int SECRET_BYTES = 32;

    private static final int UNKNOWN_TENANT = 401;
    private static final int SUSPENDED_TENANT = 403;
    private static final int CANCELLED_MEANWHILE = 409;

    private final TenantTickets tickets =
            TenantTickets.builder().signWith("this-start", randomSecret()).build();
    private final JobRows jobs;
    private final Tenancy tenancy;
    private final ExecutorService workers;
    private final Semaphore places;

    /**
     * A queue of {@code places}, for jobs that {@code workers} do.
     *
     * @param checks has the catalog, which is asked again, and the listeners; gets the one resolver
     */
    JobQueue(JobRows jobs, Tenancy.Builder checks, ExecutorService workers, int places) {
        this.jobs = jobs;
        this.tenancy =
                checks.resolver(TicketTenantResolver.of(tickets, PURPOSE)).build();
        this.workers = workers;
        this.places = new Semaphore(places);
    }

    /** Those who do the gateway's jobs. */
    static ExecutorService workers() {
        AtomicInteger started = new AtomicInteger();
        return Executors.newFixedThreadPool(WORKERS, work -> {
            Thread thread = new Thread(work, "jobs-" + started.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Stores a job of the current tenant, and has it done.
     *
     * @throws QueueFullException if too many wait; nothing is stored
     */
    Job submit(Supplier<Job> stored) {
        if (!places.tryAcquire()) {
            throw new QueueFullException();
        }
        boolean queued = false;
        try {
            TenantTicket ticket = tickets.issueCurrent(PURPOSE, LONGEST_WAIT);
            Job job = stored.get();
            // What becomes of a job whose ticket is refused is written as the one who sent it.
            Runnable refusal = TenantContext.wrap(() -> {
                jobs.refuse(job.id());
            });
            workers.execute(() -> work(job.id(), ticket.value(), refusal));
            queued = true;
            return job;
        } finally {
            if (!queued) {
                places.release();
            }
        }
    }

    private void work(UUID id, String ticket, Runnable refusal) {
        places.release();
        try {
            tenancy.handle(
                    TicketTenantResolver.request(ticket),
                    admitted -> {
                        jobs.run(id);
                        return id;
                    },
                    problem -> {
                        refused(id, problem, refusal);
                        return id;
                    });
        } catch (RuntimeException failure) {
            LOG.error("job {} is left as it is", id, failure);
        }
    }

    private static void refused(UUID id, Problem problem, Runnable refusal) {
        switch (problem.status()) {
            case UNKNOWN_TENANT, SUSPENDED_TENANT -> refusal.run();
            case CANCELLED_MEANWHILE -> LOG.debug("job {} was cancelled", id);
            default -> LOG.warn("job {} is left as it is: {}", id, problem.title());
        }
    }

    private static byte[] randomSecret() {
        byte[] secret = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(secret);
        return secret;
    }

    /** Has done what waits, for some seconds. */
    @Override
    public void close() {
        workers.shutdown();
        try {
            if (!workers.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("jobs that are not done: {}", workers.shutdownNow().size());
            }
        } catch (InterruptedException interrupted) {
            LOG.warn("jobs that are not done: {}", workers.shutdownNow().size());
            Thread.currentThread().interrupt();
        }
    }
}
