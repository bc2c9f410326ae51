package dev.tenancy.testservers;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * A long wire: what is written comes out after a fixed time, in its order. Each write is on its way from when it was
 * made, so that the times of several that follow each other do not add up. For one writing thread.
 */
final class DelayedOutputStream extends OutputStream {
    /** Linux wakes a thread some 50 microseconds late; this much before the time is waited for awake. */
    private static final long AWAKE_NANOS = 100_000;

    private static final byte[] END = {};

    private final BlockingQueue<Burst> underway = new LinkedBlockingQueue<>();
    private final OutputStream out;
    private final long delayNanos;

    DelayedOutputStream(OutputStream out, Duration delay) {
        this.out = out;
        this.delayNanos = delay.toNanos();
        Relay.start(this::deliver);
    }

    @Override
    public void write(int value) {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        if (length > 0) {
            depart(Arrays.copyOfRange(bytes, offset, offset + length));
        }
    }

    /** The end travels like the rest. */
    @Override
    public void close() {
        depart(END);
    }

    private void depart(byte[] bytes) {
        underway.add(new Burst(bytes, System.nanoTime() + delayNanos));
    }

    private void deliver() {
        try (out) {
            while (true) {
                Burst next = underway.take();
                awaitNanos(next.due());
                if (next.bytes().length == 0) {
                    return; // the end: nothing else is empty
                }
                out.write(next.bytes());
            }
        } catch (IOException hungUp) {
            // Nobody is there any more; the other direction of the connection ends too.
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private static void awaitNanos(long due) {
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
            if (left > AWAKE_NANOS) {
                LockSupport.parkNanos(left - AWAKE_NANOS);
            } else {
                Thread.onSpinWait();
            }
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Burst(byte[] bytes, long due) {}
}
