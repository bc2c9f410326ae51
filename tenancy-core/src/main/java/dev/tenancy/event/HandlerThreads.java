package dev.tenancy.event;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The threads of a channel that was given no executor. */
final class HandlerThreads {
    /** The most threads of a channel. */
    static final int MAXIMUM = 32;

    /** The most of them that one tenant may have, so that those who block all of theirs leave as many to others. */
    static final int MAXIMUM_PER_TENANT = MAXIMUM / 2;

    private static final long IDLE_SECONDS = 60;

    private HandlerThreads() {}

    /** Daemon threads, started when there is work and ended when there is none. */
    static ExecutorService of(String channel) {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                MAXIMUM, MAXIMUM, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory(channel));
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    private static ThreadFactory factory(String channel) {
        AtomicLong started = new AtomicLong();
        return work -> {
            String name = "tenancy-channel-" + channel + "-" + started.incrementAndGet();
            // Some publisher's request happens to start it: inheritable thread-locals of that stay behind.
            Thread thread = new Thread(null, work, name, 0, false);
            thread.setDaemon(true);
            return thread;
        };
    }
}
