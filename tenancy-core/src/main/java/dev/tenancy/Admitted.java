package dev.tenancy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A request that may be handled: who sent it, what the guards handed over, and the duty to close it when it has been
 * handled.
 *
 * <p>Thread-safe, and not bound to a thread: an asynchronous host opens a {@link TenantContext.Scope} wherever it works
 * for the request, and closes this once, from any thread.
 *
 * @since 0.1
 */
public final class Admitted implements Admission, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Admitted.class);

    private final TenantIdentity identity;
    private final Tenant tenant;
    private final List<Guard.Passed> passed;
    private final TenancyListener listener;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile boolean succeeded;

    Admitted(GuardedRequest request, List<Guard.Passed> passed, TenancyListener listener) {
        this.identity = request.identity();
        this.tenant = request.tenant();
        this.listener = listener;
        this.passed = List.copyOf(passed);
    }

    /** {@return who sent the request} */
    public TenantIdentity identity() {
        return identity;
    }

    /** {@return what the catalog knows of the tenant} */
    public Tenant tenant() {
        return tenant;
    }

    /**
     * {@return header fields to set on the response before it is committed}
     *
     * <p>What several guards say under one name is one list (RFC 9110 section 5.3).
     */
    public Map<String, String> headers() {
        return headersOf(passed);
    }

    /** By names in any case. */
    static Map<String, String> headersOf(List<Guard.Passed> passed) {
        Map<String, String> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        passed.forEach(pass ->
                pass.headers().forEach((name, value) -> all.merge(name, value, (one, two) -> one + ", " + two)));
        return all;
    }

    /**
     * {@return what a guard handed over}
     *
     * @param <T> its type
     * @param type what is asked for
     */
    public <T> Optional<T> attachment(Class<T> type) {
        return passed.stream()
                .flatMap(pass -> pass.attachment().stream())
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst();
    }

    /** Says that the handler has finished well. Without it, {@link #close()} tells the guards that it failed. */
    public void markSucceeded() {
        succeeded = true;
    }

    /**
     * Tells guards and listeners, in the tenant's context, that the request has been handled. Closing again does
     * nothing.
     *
     * <p>A guard that fails at this is logged; the request has been answered.
     */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            boolean well = succeeded;
            try (TenantContext.Scope scope = TenantContext.open(identity)) {
                forEachContained(passed, pass -> pass.finished(well));
                listener.finished(identity, well);
            } catch (IllegalStateException leak) { // the request has been answered, and its thread is clean
                LOG.error("a guard or a listener left a scope of its own open at the end of a request", leak);
            }
        }
    }

    /** Does something with each guard's pass, latest first; a failure of one does not keep it from the others. */
    static void forEachContained(List<Guard.Passed> passed, Consumer<Guard.Passed> action) {
        for (int i = passed.size() - 1; i >= 0; i--) {
            try {
                action.accept(passed.get(i));
            } catch (Throwable failure) { // an Error of one guard must not cost another one its reservation
                LOG.error("a guard failed at the end of a request", failure);
            }
        }
    }

    @Override
    public String toString() {
        return "Admitted[" + identity + "]";
    }
}
