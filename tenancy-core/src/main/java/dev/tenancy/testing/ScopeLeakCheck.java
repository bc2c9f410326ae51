package dev.tenancy.testing;

import dev.tenancy.TenantContext;
import dev.tenancy.TenantSnapshot;
import dev.tenancy.internal.WatchedScopes;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test that leaves a {@link TenantContext} scope open, on whatever thread, and says where it was opened:
 * {@code @ExtendWith(ScopeLeakCheck.class)}.
 *
 * <p>Work on other threads may go on for five seconds after the test. A test that runs at the same time as others in
 * one virtual machine is blamed for theirs too. It needs the system property {@code tenancy.context.trace}, which is on
 * where assertions are enabled, as they are in tests of Maven and Gradle; where it is off, tests fail.
 *
 * @since 0.1
 */
public final class ScopeLeakCheck implements BeforeEachCallback, AfterEachCallback {
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(ScopeLeakCheck.class);
    private static final long PATIENCE_MILLIS = 5_000;

    /** For JUnit, or {@code @RegisterExtension}. */
    public ScopeLeakCheck() {}

    @Override
    public void beforeEach(ExtensionContext context) {
        Set<Object> before = WatchedScopes.watch();
        try (TenantContext.Scope probe = TenantSnapshot.nobody().open()) {
            if (!WatchedScopes.watch().contains(probe)) {
                throw new IllegalStateException(
                        "scopes are not traced; enable assertions, or set -Dtenancy.context.trace=true");
            }
        }
        context.getStore(NAMESPACE).put(context.getUniqueId(), before);
    }

    @Override
    public void afterEach(ExtensionContext context) throws InterruptedException {
        Set<?> before = context.getStore(NAMESPACE).remove(context.getUniqueId(), Set.class);
        List<WatchedScopes.Entry> left = WatchedScopes.since(Set.copyOf(before), PATIENCE_MILLIS);
        if (!left.isEmpty()) {
            AssertionError leak = new AssertionError(left.stream()
                    .map(entry -> "the scope of " + entry.actor() + " on thread "
                            + entry.thread().getName())
                    .collect(Collectors.joining(", ", "left open: ", "; close scopes with try-with-resources")));
            left.stream().flatMap(entry -> Stream.ofNullable(entry.opened())).forEach(leak::addSuppressed);
            throw leak;
        }
    }
}
