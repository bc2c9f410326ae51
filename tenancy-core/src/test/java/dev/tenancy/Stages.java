package dev.tenancy;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Registers a dependent at a stage by each of the methods that do so, whatever it takes. */
final class Stages {

    private Stages() {}

    /** Calls {@code method}; the function it is given notes who is current, {@code others} are what else it takes. */
    static CompletableFuture<?> register(
            Method method, CompletionStage<?> stage, List<Optional<TenantIdentity>> seen, Object... others)
            throws ReflectiveOperationException {
        Object[] arguments = Arrays.stream(method.getParameterTypes())
                .map(type -> Arrays.stream(others)
                        .filter(type::isInstance)
                        .findFirst()
                        .orElseGet(() -> noting(type, method.getName().contains("ompose"), seen)))
                .toArray();
        return (CompletableFuture<?>) method.invoke(stage, arguments);
    }

    private static Object noting(Class<?> type, boolean composes, List<Optional<TenantIdentity>> seen) {
        return Proxy.newProxyInstance(Stages.class.getClassLoader(), new Class<?>[] {type}, (proxy, called, given) -> {
            if (called.isDefault() || called.getDeclaringClass() == Object.class) {
                throw new InvocationTargetException(null, "only the function itself is called");
            }
            seen.add(TenantContext.current());
            return composes ? CompletableFuture.completedFuture("next") : "next";
        });
    }

    /** Waits for {@code dependent}, and says whether its function has run. */
    static boolean end(CompletableFuture<?> dependent, List<Optional<TenantIdentity>> seen) {
        try {
            dependent.join();
        } catch (CompletionException expected) {
            // Its source failed, and it passes that on.
        }
        return !seen.isEmpty();
    }

    /** Whether the functions of {@code method} run after success only, or after failure only. */
    static boolean runsOnlyIf(Method method, boolean success) {
        boolean afterFailure = method.getName().startsWith("exceptionally");
        boolean always =
                method.getName().startsWith("handle") || method.getName().startsWith("whenComplete");
        return !always && afterFailure == success;
    }
}
