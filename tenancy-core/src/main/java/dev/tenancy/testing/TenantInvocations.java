package dev.tenancy.testing;

import dev.tenancy.TenantContext;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Runs the methods of a test as the tenant of its {@link AsTenant}. */
final class TenantInvocations implements InvocationInterceptor {
    private static final String RESOLVER = "test";

    @Override
    public void interceptTestMethod(
            Invocation<@Nullable Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        run(invocation, context);
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<@Nullable Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        run(invocation, context);
    }

    @Override
    public void interceptBeforeEachMethod(
            Invocation<@Nullable Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        run(invocation, context);
    }

    @Override
    public void interceptAfterEachMethod(
            Invocation<@Nullable Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        run(invocation, context);
    }

    private static void run(Invocation<@Nullable Void> invocation, ExtensionContext context) throws Throwable {
        AsTenant tenant = nearest(context)
                .orElseThrow(() -> new IllegalStateException("neither the test nor its class is annotated"));
        try (TenantContext.Scope scope = TenantContext.open(identityOf(tenant))) {
            invocation.proceed();
        }
    }

    private static Optional<AsTenant> nearest(ExtensionContext test) {
        Optional<ExtensionContext> context = Optional.of(test);
        while (context.isPresent()) {
            Optional<AsTenant> found =
                    AnnotationSupport.findAnnotation(context.get().getElement(), AsTenant.class);
            if (found.isPresent()) {
                return found;
            }
            context = context.get().getParent();
        }
        return Optional.empty();
    }

    private static TenantIdentity identityOf(AsTenant tenant) {
        TenantIdentity.Builder identity = TenantIdentity.builder(TenantId.of(tenant.value()), RESOLVER)
                .readableTenants(
                        Arrays.stream(tenant.readable()).map(TenantId::of).collect(Collectors.toUnmodifiableSet()));
        return tenant.subject().isEmpty()
                ? identity.build()
                : identity.subject(tenant.subject()).build();
    }
}
