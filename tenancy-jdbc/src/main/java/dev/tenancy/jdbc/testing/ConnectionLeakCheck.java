package dev.tenancy.jdbc.testing;

import dev.tenancy.TenantIdentity;
import dev.tenancy.jdbc.TenantDataSourceListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test that keeps a connection of a {@link dev.tenancy.jdbc.TenantDataSource}, and says where it was borrowed.
 * It is an extension of JUnit and a listener of the data source:
 *
 * <pre>{@code
 * @RegisterExtension
 * static final ConnectionLeakCheck LEAKS = new ConnectionLeakCheck();
 *
 * TenantDataSource source = TenantDataSource.builder(pool).listener(LEAKS).build();
 * }</pre>
 *
 * <p>Other threads than that of the test may keep theirs for five seconds after it. A test that runs at the same time
 * as others on one data source is blamed for theirs too. Thread-safe.
 *
 * @since 0.1
 */
public final class ConnectionLeakCheck implements TenantDataSourceListener, AfterEachCallback {
    private static final long PATIENCE_NANOS = Duration.ofSeconds(5).toNanos();
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final List<Borrow> held = new ArrayList<>();

    /** Begins with no connection held. */
    public ConnectionLeakCheck() {}

    private record Borrow(Optional<TenantIdentity> identity, Thread thread, Throwable where) {
        @Override
        public String toString() {
            return identity.map(TenantIdentity::toString).orElse("nobody") + " on thread " + thread.getName();
        }
    }

    @Override
    public void borrowed(Optional<TenantIdentity> identity, Duration waited) {
        Borrow borrow = new Borrow(identity, Thread.currentThread(), new Throwable("the connection was borrowed here"));
        synchronized (held) {
            held.add(borrow);
        }
    }

    /** Of several that fit, the one that was borrowed last is taken for the one that is returned. */
    @Override
    public void returned(Optional<TenantIdentity> identity) {
        synchronized (held) {
            int fits = -1;
            for (int i = 0; i < held.size(); i++) {
                Borrow borrow = held.get(i);
                boolean ofThisThread = borrow.thread() == Thread.currentThread();
                if (borrow.identity().equals(identity)
                        && (fits < 0 || ofThisThread || held.get(fits).thread() != Thread.currentThread())) {
                    fits = i;
                }
            }
            if (fits >= 0) {
                held.remove(fits);
            }
            held.notifyAll();
        }
    }

    @Override
    public void afterEach(ExtensionContext context) throws InterruptedException {
        assertAllReturned();
    }

    /**
     * Fails if connections are held, and forgets them: the next test is not blamed for them.
     *
     * @throws AssertionError if so; a suppressed exception for each says where it was borrowed
     * @throws InterruptedException if this thread is interrupted while it waits for others to return theirs
     */
    public void assertAllReturned() throws InterruptedException {
        List<Borrow> left = left();
        if (!left.isEmpty()) {
            AssertionError leak = new AssertionError(left.stream()
                    .map(Borrow::toString)
                    .collect(Collectors.joining(
                            ", ", "connections are not given back: of ", "; close them with try-with-resources")));
            left.forEach(borrow -> leak.addSuppressed(borrow.where()));
            throw leak;
        }
    }

    private List<Borrow> left() throws InterruptedException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        synchronized (held) {
            long millis = PATIENCE_NANOS / NANOS_PER_MILLI;
            while (millis > 0 && held.stream().anyMatch(borrow -> borrow.thread() != Thread.currentThread())) {
                held.wait(millis);
                millis = (end - System.nanoTime()) / NANOS_PER_MILLI;
            }
            List<Borrow> left = List.copyOf(held);
            held.clear();
            return left;
        }
    }
}
