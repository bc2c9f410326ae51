package dev.tenancy.ratelimit.lettuce;

import dev.tenancy.UnavailableException;
import dev.tenancy.ratelimit.Acquisition;
import dev.tenancy.ratelimit.BucketKey;
import dev.tenancy.ratelimit.BucketStore;
import dev.tenancy.ratelimit.RateLimiter;
import dev.tenancy.ratelimit.RateLimits;
import dev.tenancy.ratelimit.Standing;
import dev.tenancy.ratelimit.WhenAway;
import io.lettuce.core.RedisException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts on Valkey 7.2 or later, or Redis 6.2 or later, one server or a cluster, for all replicas of a host together.
 *
 * <p>A decision is one call of one script, by the server's clock. Callers in this process that want the same while a
 * call is on its way go together with the next one; whoever is known to be denied is denied without a call; and a part
 * of the permits may be leased. A call that is not answered in time is not repeated, for it may have been counted.
 * Then, and while the server is away, each limit decides by {@link WhenAway}; by default nobody passes, with
 * {@link UnavailableException}.
 *
 * <p>Keys are {@code prefix{tenant}:name} and expire when there is nothing to remember. If the server loses them, in a
 * restart without persistence for example, the process that asks first tells it what it knows of the permits that are
 * taken; what others were granted since is forgotten. Thread-safe.
 *
 * @since 0.1
 */
public final class ValkeyBucketStore implements BucketStore {
    private static final Logger LOG = LoggerFactory.getLogger(ValkeyBucketStore.class);
    private static final long NANOS = 1_000;
    private static final int PART_FOR_OTHERS = 8;

    private final Spec.Cache specs = new Spec.Cache();
    private final LongSupplier nanoTime;
    private final long timeoutNanos;
    private final Known.Cache known;
    private final Script script;
    private final Breaker breaker;
    private final Shares shares;
    private final Leases leases;
    private final Flights flights = new Flights(new ToServer());
    private final Link link;
    private final @Nullable ScheduledExecutorService ending;

    ValkeyBucketStore(ValkeyBucketStoreBuilder builder) {
        this.nanoTime = builder.nanoTime;
        this.timeoutNanos = builder.timeout.toNanos();
        this.known = new Known.Cache(nanoTime);
        this.script = new Script(builder.keyPrefix);
        this.breaker = new Breaker(builder.failures, builder.pause, nanoTime);
        this.shares = new Shares(builder.replicas, builder.listeners);
        this.leases = new Leases(builder.leasedPermits, builder.leaseTime, nanoTime, this::giveBackUnlessAway);
        this.link = new Link(builder.uris, builder.isCluster);
        this.ending = builder.leasedPermits == 0 ? null : ending(builder.leaseTime);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // it ends with the thread
    private ScheduledExecutorService ending(Duration leaseTime) {
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "tenancy-leases");
            thread.setDaemon(true);
            return thread;
        });
        timer.scheduleWithFixedDelay(
                leases::endThoseThatAreOver, leaseTime.toNanos(), leaseTime.toNanos(), TimeUnit.NANOSECONDS);
        return timer;
    }

    /** {@return a builder of a store} */
    public static ValkeyBucketStoreBuilder builder() {
        return new ValkeyBucketStoreBuilder();
    }

    /** Granted out of what is leased. */
    private record Leased(Target target, long permits) {}

    @Override
    public Acquisition acquire(BucketKey key, RateLimits limits, long permits) {
        if (permits < 1) {
            throw new IllegalArgumentException("permits is " + permits + "; allowed: 1 or more");
        }
        Target target = Target.of(key, specs.of(limits));
        Spec spec = target.spec();
        if (permits > limits.mostAtOnce()) {
            return Acquisition.of(key, limits, permits, RateLimiter.NEVER, spec.standings(knownDebts(target)));
        }
        if (spec.size() == 0) {
            return Acquisition.of(key, limits, permits, 0, List.of());
        }
        if (leases.grant(target, permits)) {
            return granted(key, target, permits, knownDebts(target), new Leased(target, permits));
        }
        Known before = known.of(target);
        long now = nanoTime.getAsLong();
        long wait = before.waitFor(permits, now);
        if (wait > 0) {
            return Acquisition.of(key, limits, permits, wait, spec.standings(before.debtsAt(now, spec)));
        }
        if (!breaker.isClosed()) {
            return shares.answer(key, limits, permits, null);
        }
        Flights.Wish wish = new Flights.Wish(target, permits);
        Flights.Seat seat = flights.board(wish);
        try {
            return decided(key, target, permits, seat, answer(wish, seat));
        } catch (TimeoutException late) {
            flights.giveUp(wish, seat, late);
            return shares.answer(key, limits, permits, late);
        } catch (ExecutionException failure) {
            return shares.answer(key, limits, permits, failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("interrupted while limits of " + key + " were counted", interrupted);
        }
    }

    private long[] knownDebts(Target target) {
        return known.of(target).debtsAt(nanoTime.getAsLong(), target.spec());
    }

    /**
     * Who has to wait for others first does so for a part of the time only, so that there is enough for his own way.
     */
    private Answer answer(Flights.Wish wish, Flights.Seat seat)
            throws ExecutionException, TimeoutException, InterruptedException {
        long forOthers = timeoutNanos / PART_FOR_OTHERS;
        try {
            return seat.flight().answer().get(forOthers, TimeUnit.NANOSECONDS);
        } catch (TimeoutException notYet) {
            flights.hurry(wish, seat);
            return seat.flight().answer().get(timeoutNanos - forOthers, TimeUnit.NANOSECONDS);
        }
    }

    private Acquisition decided(BucketKey key, Target target, long permits, Flights.Seat seat, Answer answer) {
        if (seat.number() < answer.granted()) {
            long takenAfter = (answer.granted() - 1 - seat.number()) * permits + answer.besides();
            long[] debts = answer.debtsBefore(target.spec(), takenAfter);
            return granted(
                    key,
                    target,
                    permits,
                    debts,
                    new Taken(target, permits, answer.micros(), nanoTime.getAsLong(), debts, answer.givenBack()));
        }
        return Acquisition.of(
                key,
                target.spec().limits(),
                permits,
                answer.waitMicros() * NANOS,
                target.spec().standings(answer.debts()));
    }

    private Acquisition granted(BucketKey key, Target target, long permits, long[] debts, Object receipt) {
        shares.count(key, target.spec().limits(), permits);
        return Acquisition.of(
                key, target.spec().limits(), permits, 0, target.spec().standings(debts), receipt);
    }

    /** Takes those who go together to the server. */
    private final class ToServer implements Flights.Airline {
        @Override
        public CompletableFuture<Answer> fly(Flights.Wish wish, int passengers) {
            Target target = wish.target();
            CompletableFuture<Answer> said;
            try {
                said = script.take(
                        link.commands(),
                        target,
                        wish.permits(),
                        passengers,
                        leases.besides(target),
                        knownDebts(target));
            } catch (RedisException notConnected) {
                said = CompletableFuture.failedFuture(notConnected);
            }
            return said.whenComplete((answer, failure) -> {
                if (failure == null) {
                    heard(target, answer);
                } else {
                    failed(failure);
                }
            });
        }

        @Override
        public void lost(Throwable reason) {
            failed(reason);
        }

        private void heard(Target target, Answer answer) {
            breaker.succeeded();
            known.learn(target, answer);
            if (answer.besides() > 0) {
                leases.keep(new Taken(
                        target,
                        answer.besides(),
                        answer.micros(),
                        nanoTime.getAsLong(),
                        answer.debts(),
                        answer.givenBack()));
            }
        }
    }

    /**
     * A connection over which nothing is heard any more may look alive for a quarter of an hour: there is another then.
     */
    private void failed(Throwable failure) {
        if (breaker.failed(failure) && failure instanceof TimeoutException) {
            link.renew();
        }
    }

    @Override
    public void giveBack(Acquisition acquisition) {
        if (!acquisition.isGranted() || acquisition.receipt().isEmpty()) {
            return;
        }
        Object receipt = acquisition.receipt().get();
        if (receipt instanceof Taken taken) {
            giveBackUnlessAway(taken);
        } else if (receipt instanceof Leased leased) {
            leases.restore(leased.target(), leased.permits());
        } else if (receipt instanceof Acquisition local) {
            shares.giveBack(local);
        } else {
            throw new IllegalArgumentException("the acquisition is not of this store; allowed: what acquire returned");
        }
    }

    /** What cannot be given back comes back by itself. */
    private void giveBackUnlessAway(Taken taken) {
        known.forget(taken.target());
        long passed = (nanoTime.getAsLong() - taken.nanos()) / NANOS;
        try {
            script.giveBack(link.commands(), taken, passed).get(timeoutNanos, TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException | RedisException failure) {
            LOG.debug("permits of {} are not given back", taken.target().key(), failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        // An answer to somebody else, from before, may have been learned meanwhile.
        known.forget(taken.target());
    }

    @Override
    public List<Standing> standing(BucketKey key, RateLimits limits) {
        Target target = Target.of(key, specs.of(limits));
        if (target.spec().size() == 0) {
            return List.of();
        }
        if (!breaker.isClosed()) {
            throw new UnavailableException("limits of " + key + " cannot be looked at: the server is away", null);
        }
        try {
            Answer answer =
                    script.look(link.commands(), target, knownDebts(target)).get(timeoutNanos, TimeUnit.NANOSECONDS);
            breaker.succeeded();
            return target.spec().standings(answer.debts());
        } catch (ExecutionException | TimeoutException | RedisException failure) {
            failed(failure);
            throw new UnavailableException("limits of " + key + " cannot be looked at: the server is away", failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("interrupted while limits of " + key + " were looked at", interrupted);
        }
    }

    /** Gives back what is leased, and disconnects. */
    @Override
    public void close() {
        if (ending != null) {
            ending.shutdownNow();
        }
        leases.endAll();
        link.close();
    }
}
