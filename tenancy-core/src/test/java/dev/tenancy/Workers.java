package dev.tenancy;

import java.lang.Thread.UncaughtExceptionHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The threads that work is handed to, pooled and virtual, and what was seen to be wrong on them. */
final class Workers implements AutoCloseable {
    private final Queue<Throwable> faults = new ConcurrentLinkedQueue<>();
    private final UncaughtExceptionHandler handler = this::uncaught;
    private final Optional<ThreadFactory> virtual = virtualThreads(handler);
    private final ScheduledExecutorService pool = new CleanPool();
    private final List<ExecutorService> any = new ArrayList<>();
    private final List<ExecutorService> all = new CopyOnWriteArrayList<>();

    Workers() {
        any.add(pool);
        any.add(new ForkJoinPool(2, ForkJoinPool.defaultForkJoinWorkerThreadFactory, handler, true));
        virtual.map(Workers::threadPerTask).ifPresent(any::add);
        all.addAll(any);
    }

    /** Platform threads, each of which is seen to be clean after each task. */
    ScheduledExecutorService pool() {
        return pool;
    }

    ExecutorService any(RandomGenerator random) {
        return any.get(random.nextInt(any.size()));
    }

    /** Further threads, which belong to whoever asked for them: the last one is virtual where that is possible. */
    List<Lane> lanes() {
        List<ExecutorService> threads = List.of(
                Executors.newSingleThreadExecutor(named("A", Executors.defaultThreadFactory())),
                Executors.newSingleThreadExecutor(named("B", Executors.defaultThreadFactory())),
                Executors.newSingleThreadExecutor(named("C", virtual.orElseGet(Executors::defaultThreadFactory))));
        all.addAll(threads);
        return threads.stream().map(Lane::on).toList();
    }

    void fault(Throwable fault) {
        faults.add(fault);
    }

    /** {@return what was wrong first, if anything was so far} */
    Optional<Throwable> firstFault() {
        return Optional.ofNullable(faults.peek());
    }

    @Override
    public void close() {
        all.forEach(ExecutorService::shutdown);
        all.forEach(Waiting::untilEnded);
    }

    private void uncaught(Thread thread, Throwable thrown) {
        if (!(thrown instanceof Ending.Expected) && !Ending.isMisuse(thrown)) {
            fault(thrown);
        }
    }

    private static ThreadFactory named(String name, ThreadFactory factory) {
        return task -> {
            Thread thread = factory.newThread(task);
            thread.setName(name);
            return thread;
        };
    }

    /** Virtual threads of JDK 21 and later, from a class that is compiled for 17. */
    private static Optional<ThreadFactory> virtualThreads(UncaughtExceptionHandler handler) {
        if (Runtime.version().feature() < 21) {
            return Optional.empty();
        }
        try {
            Class<?> type = Class.forName("java.lang.Thread$Builder");
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            type.getMethod("uncaughtExceptionHandler", UncaughtExceptionHandler.class)
                    .invoke(builder, handler);
            return Optional.of((ThreadFactory) type.getMethod("factory").invoke(builder));
        } catch (ReflectiveOperationException missing) {
            throw new LinkageError("this JDK must have virtual threads", missing);
        }
    }

    private static ExecutorService threadPerTask(ThreadFactory threads) {
        try {
            return (ExecutorService) Executors.class
                    .getMethod("newThreadPerTaskExecutor", ThreadFactory.class)
                    .invoke(null, threads);
        } catch (ReflectiveOperationException missing) {
            throw new LinkageError("this JDK must have virtual threads", missing);
        }
    }

    /** Its threads must have nobody's tenant after each task, however that ends. */
    private final class CleanPool extends ScheduledThreadPoolExecutor {
        private static final int THREADS = 4;

        private CleanPool() {
            super(THREADS);
        }

        @Override
        protected void afterExecute(Runnable task, @Nullable Throwable thrown) {
            try {
                ExpectedContext.ofThisThread().verify();
            } catch (AssertionError leftOver) {
                fault(leftOver);
            }
        }
    }
}
