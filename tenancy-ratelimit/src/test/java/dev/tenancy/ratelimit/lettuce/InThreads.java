package dev.tenancy.ratelimit.lettuce;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/** Calls, each on a thread of its own. */
final class InThreads implements AutoCloseable {
    private final List<Thread> threads = new ArrayList<>();
    private final List<FutureTask<?>> tasks = new ArrayList<>();

    private InThreads() {}

    static <T> InThreads start(List<Callable<T>> calls) {
        InThreads all = new InThreads();
        for (Callable<T> call : calls) {
            FutureTask<T> task = new FutureTask<>(call);
            Thread thread = new Thread(task, "caller");
            all.tasks.add(task);
            all.threads.add(thread);
            thread.start();
        }
        return all;
    }

    /** Until each of them waits for an answer. */
    void awaitAllWaiting() {
        while (threads.stream().anyMatch(thread -> thread.getState() != Thread.State.TIMED_WAITING)) {
            Thread.onSpinWait();
        }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the calls were of this type
    <T> List<T> results() throws Exception {
        List<T> results = new ArrayList<>();
        for (FutureTask<?> task : tasks) {
            results.add((T) task.get());
        }
        return results;
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
    }
}
