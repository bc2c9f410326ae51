package dev.tenancy;

import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.ForkJoinWorkerThread;

/**
 * How many fork-join tasks run inside each other on this thread.
 *
 * <p>A fork-join worker that waits for one task runs others meanwhile, on top of its own stack and whosever they are.
 * What the waiting task opened must not be current in them.
 */
final class ForkJoinDepth {
    /** The depth on a thread that is no worker: it runs tasks of others only if it is told to, by helpQuiesce say. */
    static final int NONE = -1;

    private static final StackWalker STACK = StackWalker.getInstance();

    private ForkJoinDepth() {}

    static int ofThisThread() {
        return Thread.currentThread() instanceof ForkJoinWorkerThread
                ? STACK.walk(
                        frames -> (int) frames.filter(ForkJoinDepth::startsTask).count())
                : NONE;
    }

    private static boolean startsTask(StackWalker.StackFrame frame) {
        return frame.getMethodName().equals("doExec") && frame.getClassName().equals(ForkJoinTask.class.getName());
    }
}
