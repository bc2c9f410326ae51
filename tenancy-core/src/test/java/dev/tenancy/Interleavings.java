package dev.tenancy;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.slf4j.MDC;

/** Many random scripts, several at a time, each of which a number and the seed give again. */
record Interleavings(int number, long seed) {
    /** The system property that keeps the scripts from misusing scopes. */
    static final String ORDERLY_KEY = "tenancy.test.orderly";

    static final String NUMBER_KEY = "tenancy.test.interleavings";
    static final String SEED_KEY = "tenancy.test.seed";

    static final boolean ORDERLY = Boolean.getBoolean(ORDERLY_KEY);
    private static final int AT_A_TIME = 4;

    static Interleavings configured() {
        return new Interleavings(Integer.getInteger(NUMBER_KEY, 50_000), Long.getLong(SEED_KEY, System.nanoTime()));
    }

    public static void main(String[] arguments) {
        Interleavings interleavings = configured();
        System.out.println(interleavings);
        System.out.println(interleavings.firstFault().map(Throwable::getMessage).orElse("no fault"));
    }

    /** {@return what was wrong first, if anything was, after running them} */
    Optional<Throwable> firstFault() {
        // The very first log context is another one than later, if several threads ask for theirs at once.
        MDC.clear();
        Workers workers = new Workers();
        ExecutorService series = Executors.newFixedThreadPool(AT_A_TIME);
        try (workers) {
            List<CompletableFuture<Void>> running = IntStream.range(0, AT_A_TIME)
                    .mapToObj(first -> CompletableFuture.runAsync(() -> run(workers, first), series))
                    .toList();
            running.forEach(CompletableFuture::join);
        } finally {
            series.shutdownNow();
        }
        return workers.firstFault();
    }

    private void run(Workers workers, int first) {
        List<Lane> lanes = workers.lanes();
        for (int index = first; index < number && workers.firstFault().isEmpty(); index += AT_A_TIME) {
            try {
                new Interleaving(workers, lanes, new SplittableRandom(seed + index).nextLong()).run();
            } catch (AssertionError fault) {
                workers.fault(new AssertionError("interleaving " + index + ": " + fault.getMessage(), fault));
            }
        }
    }

    @Override
    public String toString() {
        return number + " interleavings with -D" + SEED_KEY + "=" + seed;
    }
}
