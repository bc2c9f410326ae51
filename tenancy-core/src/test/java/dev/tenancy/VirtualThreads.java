package dev.tenancy;

import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Virtual threads, where this JDK has them. */
public final class VirtualThreads {

    private VirtualThreads() {}

    /** {@return an executor with a virtual thread for each task, from JDK 21} */
    public static Optional<ExecutorService> executor() throws ReflectiveOperationException {
        if (Runtime.version().feature() < 21) {
            return Optional.empty();
        }
        return Optional.of((ExecutorService)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null));
    }
}
