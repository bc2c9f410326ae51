package dev.tenancy.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenancy.TenantContext;
import io.micrometer.context.ContextRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

/** On the class path, in class loaders of their own, since tests run on the module path. */
class ClassPathTest {
    private static final Class<?> CORE = TenantContext.class;

    @Test
    void contextPropagationFindsTheAccessorByItself() throws Exception {
        try (URLClassLoader classPath = classPath(CORE, Logger.class, NullMarked.class, ContextRegistry.class)) {
            Object registry = inContextOf(
                    classPath,
                    () -> classPath
                            .loadClass(ContextRegistry.class.getName())
                            .getMethod("getInstance")
                            .invoke(null));

            List<?> accessors = (List<?>)
                    registry.getClass().getMethod("getThreadLocalAccessors").invoke(registry);
            assertThat(accessors)
                    .extracting(accessor -> accessor.getClass().getName())
                    .containsExactly(TenantContextAccessor.class.getName());
            assertThat(accessors.get(0).getClass().getClassLoader()).isSameAs(classPath);
        }
    }

    @Test
    void withoutMicrometerEverythingElseWorks() throws Exception {
        try (URLClassLoader classPath = classPath(CORE, Logger.class, NullMarked.class)) {
            Class<?> identity = classPath.loadClass("dev.tenancy.TenantIdentity");
            Class<?> id = classPath.loadClass("dev.tenancy.TenantId");
            Object acme = identity.getMethod("of", id, String.class)
                    .invoke(null, id.getMethod("of", String.class).invoke(null, "acme"), "test");
            Class<?> context = classPath.loadClass(CORE.getName());

            try (AutoCloseable scope =
                    (AutoCloseable) context.getMethod("open", identity).invoke(null, acme)) {
                assertThat(context.getMethod("require").invoke(null)).isSameAs(acme);
            }
            assertThatThrownBy(() -> Class.forName(TenancyMetrics.class.getName(), true, classPath)
                            .getMethods())
                    .as("Micrometer is missing indeed")
                    .isInstanceOf(NoClassDefFoundError.class);
            assertThatThrownBy(() -> Class.forName(TenantContextAccessor.class.getName(), true, classPath))
                    .isInstanceOf(NoClassDefFoundError.class);
            assertThat(MeterRegistry.class.getClassLoader()).isNotSameAs(classPath);
        }
    }

    private interface Step {
        Object take() throws Exception;
    }

    private static Object inContextOf(ClassLoader loader, Step step) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            return step.take();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static URLClassLoader classPath(Class<?>... oneOfEach) {
        URL[] places = Stream.of(oneOfEach)
                .map(type -> type.getProtectionDomain().getCodeSource().getLocation())
                .toArray(URL[]::new);
        return new URLClassLoader(places, new JavaOnly());
    }

    /** The platform's own loader would find the modules of this test too. */
    private static final class JavaOnly extends ClassLoader {
        private JavaOnly() {
            super(null);
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (name.startsWith("java.")) {
                return ClassLoader.getPlatformClassLoader().loadClass(name);
            }
            throw new ClassNotFoundException(name);
        }
    }
}
