package dev.tenancy.example.gateway;

import dev.tenancy.Problem;
import dev.tenancy.Tenancy;
import dev.tenancy.TenantCatalog;
import dev.tenancy.TenantRequest;
import dev.tenancy.ticket.TenantTicket;
import dev.tenancy.ticket.TenantTickets;
import dev.tenancy.ticket.TicketTenantResolver;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does the jobs that wait, each as the tenant that its ticket proves, if it may still work. A job is done once, or, if
 * the process that does it dies, again by another or the next one; its result is stored once.
 */
final class JobQueue implements AutoCloseable {
    /** The most jobs that wait in one process. */
    private static final int PLACES = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(JobQueue.class);
    private static final String PURPOSE = "gateway.jobs";
    private static final Duration LONGEST_WAIT = Duration.ofDays(7);
    private static final long LOOK_EVERY_MILLIS = 1_000;
    private static final int MOST_TRIES = 5;
    private static final int WORKERS = 4;
    private static final long STOP_SECONDS = 5;

    private final TenantTickets tickets;
    private final JobRows jobs;
    private final WaitingJobs waiting;
    private final Tenancy tenancy;

    /** For what becomes of a job whose tenant may not work any more: its ticket still proves whose it is. */
    private final Tenancy withoutCatalog;

    private final ExecutorService workers;
    private final Semaphore places;

    /** What others left is taken only when somebody has time for it. */
    private final Semaphore idle = new Semaphore(WORKERS);

    private final ScheduledExecutorService looking = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "jobs-look");
        thread.setDaemon(true);
        return thread;
    });

    private final ScheduledFuture<?> lookingRegularly;

    /** The gateway's queue. */
    JobQueue(JobRows jobs, WaitingJobs waiting, SharedSecret secret, Tenancy.Builder checks) {
        this(jobs, waiting, secret, checks, workers(), PLACES);
    }

    /**
     * A queue of {@code places}, for jobs that {@code workers} do.
     *
     * @param secret signs the tickets, and is the same after a restart
     * @param checks has the catalog, which is asked again, and the listeners; gets the one resolver
     */
    JobQueue(
            JobRows jobs,
            WaitingJobs waiting,
            SharedSecret secret,
            Tenancy.Builder checks,
            ExecutorService workers,
            int places) {
        this.jobs = jobs;
        this.waiting = waiting;
        this.tickets = TenantTickets.builder()
                .signWith("shared", secret.forUse(PURPOSE))
                .longestValidity(LONGEST_WAIT)
                .build();
        this.tenancy =
                checks.resolver(TicketTenantResolver.of(tickets, PURPOSE)).build();
        this.withoutCatalog = Tenancy.builder()
                .resolver(TicketTenantResolver.of(tickets, PURPOSE))
                .catalog(TenantCatalog.acceptingAny())
                .build();
        this.workers = workers;
        this.places = new Semaphore(places);
        this.lookingRegularly =
                looking.scheduleWithFixedDelay(this::lookForDue, 0, LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
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
     * @param store stores it under the id that it gets
     * @throws QueueFullException if too many wait; nothing is stored
     */
    Job submit(Function<UUID, Job> store) {
        if (!places.tryAcquire()) {
            throw new QueueFullException();
        }
        boolean queued = false;
        try {
            TenantTicket ticket = tickets.issueCurrent(PURPOSE, LONGEST_WAIT);
            Job job = stored(UUID.randomUUID(), ticket, store);
            workers.execute(() -> {
                places.release();
                workOnNew(job.id());
            });
            queued = true;
            return job;
        } finally {
            if (!queued) {
                places.release();
            }
        }
    }

    /** It waits before it is stored: a process that dies in between leaves a job that is nothing, and none undone. */
    private Job stored(UUID id, TenantTicket ticket, Function<UUID, Job> store) {
        waiting.add(id, ticket.value());
        try {
            return store.apply(id);
        } catch (RuntimeException notStored) {
            try {
                waiting.removeUnstored(id);
            } catch (RuntimeException left) {
                notStored.addSuppressed(left);
            }
            throw notStored;
        }
    }

    private void lookForDue() {
        int hands = idle.drainPermits();
        try {
            for (WaitingJobs.Taken due : waiting.takeDue(hands)) {
                workers.execute(() -> {
                    try {
                        work(due);
                    } finally {
                        idle.release();
                    }
                });
                hands--;
            }
        } catch (RuntimeException failure) {
            LOG.warn("jobs that others left are not looked for now", failure);
        } finally {
            idle.release(hands);
        }
    }

    private void workOnNew(UUID id) {
        try {
            waiting.takeFirst(id).ifPresent(this::work);
        } catch (RuntimeException failure) {
            LOG.warn("job {} is left for later", id, failure);
        }
    }

    private void work(WaitingJobs.Taken taken) {
        try {
            TenantRequest request = TicketTenantResolver.request(taken.ticket());
            boolean over = tenancy.handle(
                    request,
                    admitted -> {
                        doOrGiveUp(taken);
                        return true;
                    },
                    problem -> isOver(taken, request, problem));
            if (over) {
                waiting.remove(taken);
            }
        } catch (RuntimeException failure) {
            LOG.error("{} is left for later", taken, failure);
        }
    }

    private void doOrGiveUp(WaitingJobs.Taken taken) {
        if (taken.lease() > MOST_TRIES) {
            jobs.giveUp(taken.id());
        } else {
            jobs.run(taken.id(), taken.lease());
        }
    }

    private boolean isOver(WaitingJobs.Taken taken, TenantRequest request, Problem problem) {
        switch (problem.status()) {
            case 401, 403 -> {
                return withoutCatalog.handle(
                        request,
                        admitted -> {
                            jobs.refuse(taken.id());
                            return true;
                        },
                        why -> endsIt(taken, why));
            }
            default -> {
                return endsIt(taken, problem);
            }
        }
    }

    /** Whether it would be so the next time: it was cancelled, or never stored, or its ticket is too old. */
    private static boolean endsIt(WaitingJobs.Taken taken, Problem problem) {
        boolean ends = problem.status() < 500;
        LOG.info("{} is {}: {}", taken, ends ? "dropped" : "left for later", problem.title());
        return ends;
    }

    /** Has done what waits, for some seconds; what is left then is done by others, or after the next start. */
    @Override
    public void close() {
        lookingRegularly.cancel(false);
        looking.shutdown();
        try {
            // What it has just taken is for the workers, who take nothing any more afterwards.
            if (!looking.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("jobs that others left are still looked for");
            }
            workers.shutdown();
            if (!workers.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn(
                        "jobs that are left for later: {}",
                        workers.shutdownNow().size());
            }
        } catch (InterruptedException interrupted) {
            LOG.warn("jobs that are left for later: {}", workers.shutdownNow().size());
            Thread.currentThread().interrupt();
        }
    }
}
