package dev.tenancy;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One random script for several threads. They take turns, so that it is known what each of them must see; the work that
 * they hand to others meanwhile runs when it runs.
 */
final class Interleaving {
    private static final int MOST_TURNS = 8;
    private static final int MOST_STEPS_OF_A_TURN = 4;
    private static final int HOPS = 2;

    private static final List<Step> STEPS = List.of(
            new Step("open", (script, mine) -> mine.open(Tenants.any(script.random))),
            new Step("open", (script, mine) -> mine.open(Tenants.any(script.random))),
            new Step("close", (script, mine) -> mine.close()),
            new Step("close again", (script, mine) -> mine.closeAgain(script.random)),
            new Step("close out of order", (script, mine) -> mine.closeOutOfOrder(script.random)),
            new Step("close another thread's", Interleaving::closeAnothers),
            new Step("close together", Interleaving::closeTogether),
            new Step("nest", Interleaving::nest),
            new Step("capture", (script, mine) -> script.captured.add(script.capture(mine))),
            new Step("capture", (script, mine) -> script.captured.add(script.capture(mine))),
            new Step("run captured", (script, mine) -> script.withCaptured(Captured::run)),
            new Step("hand over captured", (script, mine) -> script.withCaptured(script::handOver)),
            new Step("hand over", (script, mine) -> script.handOver(mine, script.random, HOPS)),
            new Step("schedule", Interleaving::schedule),
            new Step("hand over unwrapped", (script, mine) -> script.handOverUnwrapped()),
            new Step("depend", Interleaving::depend),
            new Step("complete", (script, mine) -> script.complete()));

    private final Workers workers;
    private final List<Lane> lanes;
    private final RandomGenerator random;
    private final List<String> trace = new ArrayList<>();
    private final List<Captured> captured = new ArrayList<>();
    private final List<CompletableFuture<String>> promises = new ArrayList<>();
    private final Queue<CompletableFuture<@Nullable Void>> handedOver = new ConcurrentLinkedQueue<>();
    private final Queue<AssertionError> faults = new ConcurrentLinkedQueue<>();

    Interleaving(Workers workers, List<Lane> lanes, long seed) {
        this.workers = workers;
        this.lanes = lanes;
        this.random = new SplittableRandom(seed);
    }

    /**
     * Runs the script to its end, at which no thread has anybody's tenant.
     *
     * @throws AssertionError if any thread saw anything but what it had to; names the steps so far
     */
    void run() {
        try {
            for (int turns = random.nextInt(1, MOST_TURNS + 1); turns > 0; turns--) {
                any(lanes).takeTurn(this::steps);
            }
            lanes.forEach(lane -> lane.takeTurn(this::finish));
            for (CompletableFuture<?> work = handedOver.poll(); work != null; work = handedOver.poll()) {
                Waiting.until(work);
            }
            AssertionError fault = faults.poll();
            if (fault != null) {
                throw fault;
            }
        } catch (AssertionError fault) {
            throw new AssertionError(fault.getMessage() + "; after " + trace, fault);
        }
    }

    private void steps(ExpectedContext mine) {
        if (mine.isIdle()) {
            mine.hostLogsAs(random.nextInt(4) == 0 ? "of the host" : null);
        }
        for (int steps = random.nextInt(1, MOST_STEPS_OF_A_TURN + 1); steps > 0; steps--) {
            Step step = any(STEPS);
            trace.add(Thread.currentThread().getName() + " " + step.name);
            step.action.accept(this, mine);
            if (random.nextInt(4) > 0) {
                mine.verify();
            }
        }
    }

    private void finish(ExpectedContext mine) {
        while (!promises.isEmpty()) {
            complete();
            mine.verify();
        }
        mine.closeAll();
        mine.verify();
        mine.hostLogsAs(null);
        mine.verify();
    }

    private void closeAnothers(ExpectedContext mine) {
        Lane other = any(lanes);
        if (!Interleavings.ORDERLY && other.context() != mine) {
            other.context().closeFromOutside(random);
        }
    }

    /** Only now and then, since two threads have to wait for each other. */
    private void closeTogether(ExpectedContext mine) {
        if (!Interleavings.ORDERLY && random.nextInt(4) == 0) {
            new ClosingRace().run(mine, workers.pool(), random);
        }
    }

    private void nest(ExpectedContext mine) {
        TenantIdentity identity = Tenants.any(random);
        Ending ending = Ending.any(random);
        ending.expect(() -> any(Handovers.NESTED)
                .run(identity, current -> mine.inside(current, ending, random, () -> handOver(mine, random, HOPS))));
    }

    private Captured capture(ExpectedContext mine) {
        Ending ending = Ending.any(random);
        return new Captured(ending, any(Handovers.CAPTURES).apply(work(mine.current(), ending, random, HOPS)));
    }

    /** Does something with work that was captured, which may be done again. */
    private void withCaptured(Consumer<Captured> action) {
        if (!captured.isEmpty()) {
            int chosen = random.nextInt(captured.size());
            action.accept(random.nextBoolean() ? captured.get(chosen) : captured.remove(chosen));
        }
    }

    private void handOver(Captured work) {
        workers.any(random).execute(awaited(work::run));
    }

    /** Hands work to others in the name of the thread whose context is {@code mine}. */
    private void handOver(ExpectedContext mine, RandomGenerator chance, int hops) {
        Runnable work = awaited(work(mine.current(), Ending.any(chance), chance, hops));
        any(Handovers.SUBMISSIONS, chance).accept(workers.any(chance), work);
    }

    private void schedule(ExpectedContext mine) {
        Runnable work = awaited(work(mine.current(), Ending.any(random), random, HOPS));
        any(Handovers.SCHEDULES).accept(workers.pool(), work);
    }

    private void handOverUnwrapped() {
        workers.any(random).execute(awaited(() -> ExpectedContext.ofThisThread().verify()));
    }

    private void depend(ExpectedContext mine) {
        if (promises.isEmpty() || random.nextBoolean()) {
            promises.add(new CompletableFuture<>());
        }
        Runnable work = awaited(work(mine.current(), Ending.any(random), random, HOPS));
        any(Handovers.DEPENDENTS).accept(any(promises), work);
    }

    private void complete() {
        if (!promises.isEmpty()) {
            promises.remove(random.nextInt(promises.size())).complete("done");
        }
    }

    /** Work that must run for {@code expected} on whatever thread, and may hand on more of it. */
    private Runnable work(Actor expected, Ending ending, RandomGenerator chance, int hops) {
        long seed = chance.nextLong();
        return () -> {
            RandomGenerator own = new SplittableRandom(seed);
            ExpectedContext there = ExpectedContext.ofThisThread();
            there.inside(expected, ending, own, () -> {
                if (hops > 0 && own.nextInt(4) == 0) {
                    handOver(there, own, hops - 1);
                }
            });
        };
    }

    /** Makes this script wait for {@code work}, and fail if it does. */
    private Runnable awaited(Runnable work) {
        CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
        handedOver.add(done);
        return () -> {
            try {
                work.run();
            } catch (AssertionError fault) {
                faults.add(fault);
            } finally {
                done.complete(null);
            }
        };
    }

    private <T> T any(List<T> choices) {
        return any(choices, random);
    }

    private static <T> T any(List<T> choices, RandomGenerator chance) {
        return choices.get(chance.nextInt(choices.size()));
    }

    private record Step(String name, BiConsumer<Interleaving, ExpectedContext> action) {}

    private record Captured(Ending ending, Runnable wrapped) {
        void run() {
            ending.expect(wrapped::run);
        }
    }
}
