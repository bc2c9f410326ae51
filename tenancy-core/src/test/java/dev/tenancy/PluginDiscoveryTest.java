package dev.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody else's resolver, in a jar of its own, found in a child class loader and in a module layer. */
class PluginDiscoveryTest {
    private static final String SERVICE = TenantResolver.class.getName();
    private static final ClassLoader OURS = Tenancy.class.getClassLoader();
    private static final ModuleLayer BOOT = ModuleLayer.boot();

    @TempDir
    private static Path directory;

    private static Path jar;
    private static Path moduleJar;

    @BeforeAll
    static void pack() throws IOException {
        jar = Plugin.jar("partner", directory, SERVICE, "com.example.partner.PartnerResolver");
        moduleJar = Plugin.moduleJar("partner", directory);
    }

    @Test
    void itIsFoundInAChildClassLoader() throws IOException {
        try (URLClassLoader child = child(OURS)) {
            assertThat(answer(Tenancy.load(naming("partner"), child))).isEqualTo("p-1");
            assertThat(answer(Tenancy.load(naming("header,partner"), child))).isEqualTo("p-1");
        }
    }

    @Test
    void itIsFoundThroughTheContextClassLoader() throws IOException {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader child = child(OURS)) {
            thread.setContextClassLoader(child);
            assertThat(answer(Tenancy.load(naming("partner")))).isEqualTo("p-1");
            thread.setContextClassLoader(null);
            assertThatThrownBy(() -> Tenancy.load(naming("partner"))).hasMessageContaining("'partner'");
            assertThat(Tenancy.load(naming("header"))).isNotNull();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Test
    void itIsFoundInAModuleLayer() {
        ModuleLayer layer = layer(BOOT);

        assertThat(answer(Tenancy.load(naming("partner"), layer))).isEqualTo("p-1");
        assertThat(answer(Tenancy.load(naming("header,partner"), layer))).isEqualTo("p-1");
        assertThat(layer.findModule("com.example.partner")).isPresent();
    }

    @Test
    void itIsNotFoundWhereItIsNot() {
        for (ThrowingLoad load : List.<ThrowingLoad>of(
                () -> Tenancy.load(naming("partner"), OURS), () -> Tenancy.load(naming("partner"), BOOT))) {
            assertThatThrownBy(load::run)
                    .isInstanceOf(TenancyConfigException.class)
                    .hasMessageContaining("tenancy.resolvers names 'partner', which is not there; found: [api-key, ");
        }
    }

    @Test
    void aJarOnTheClassPathCannotLetItselfIn() throws IOException {
        try (URLClassLoader child = child(OURS)) {
            assertThat(answer(Tenancy.load(naming("header"), child))).isEqualTo("401");
        }
        assertThat(answer(Tenancy.load(naming("header"), layer(BOOT)))).isEqualTo("401");
    }

    @Test
    void whatIsFoundUsedAndLeftOutIsLoggedOnce() throws IOException {
        try (URLClassLoader child = child(OURS);
                CapturedLog log = CapturedLog.of(ResolverLoader.class.getName())) {
            Tenancy.load(naming("header"), child);

            assertThat(log.messages())
                    .singleElement()
                    .asString()
                    .startsWith("resolvers in their order: [header], of which made by hand: []; found and left out,"
                            + " since tenancy.resolvers does not name them: [api-key, ")
                    .contains("partner")
                    .doesNotContain("X-Tenant");
        }
    }

    @Test
    void whatWasMadeByHandIsLoggedAsSuch() throws IOException {
        try (URLClassLoader child = child(OURS);
                CapturedLog log = CapturedLog.of(ResolverLoader.class.getName())) {
            Tenancy.load(naming("partner,header"), child, new StubResolver("partner"));

            assertThat(log.messages())
                    .singleElement()
                    .asString()
                    .startsWith(
                            "resolvers in their order: [partner, header], of which made by hand: [partner]; found and");
        }
    }

    @Test
    void aJarThatParentAndChildBothSeeIsFoundOnce() throws IOException {
        try (URLClassLoader parent = child(OURS);
                URLClassLoader child = child(parent);
                URLClassLoader childFirst = new ChildFirst(parent)) {
            assertThat(answer(Tenancy.load(naming("partner"), child))).isEqualTo("p-1");
            assertThat(answer(Tenancy.load(naming("partner"), childFirst))).isEqualTo("p-1");
        }
    }

    @Test
    void aModuleThatIsInALayerAndInItsParentIsFoundOnce() {
        ModuleLayer parent = layer(BOOT);
        ModuleLayer child = layer(parent);

        assertThat(answer(Tenancy.load(naming("partner"), child))).isEqualTo("p-1");
    }

    @Test
    void twoProvidersOfOneClassAndNameAreTwo() throws IOException {
        ModuleLayer layer = layer(BOOT, Plugin.moduleJar("twins", directory), "com.example.twins");

        assertThatThrownBy(() -> Tenancy.load(naming("header"), layer))
                .isInstanceOf(TenancyConfigException.class)
                .hasMessageContaining(
                        "two providers have the name 'twin': com.example.twins.Twin and com.example.twins.Twin");
    }

    @Test
    void whatWasMadeByTheLoaderIsToldFromWhatWasMadeByHand() throws IOException {
        TenantResolver byHand = new StubResolver("by-hand");
        try (URLClassLoader child = child(OURS)) {
            ResolverLoader.Loaded loaded = ResolverLoader.load(
                    ResolverProviders.seenBy(child), naming("by-hand,partner,header"), List.of(byHand));

            assertThat(loaded.inOrder())
                    .extracting(TenantResolver::name)
                    .containsExactly("by-hand", "partner", "header");
            assertThat(loaded.own())
                    .containsExactly(loaded.inOrder().get(1), loaded.inOrder().get(2));
        }
    }

    private static TenancyConfig naming(String resolvers) {
        return TenancyConfig.of(Map.of("tenancy.resolvers", resolvers, "tenancy.header.name", "X-Tenant"));
    }

    private static String answer(Tenancy.Builder builder) {
        TenantRequest request =
                TenantRequest.builder().header("X-Partner", "p-1").build();
        return builder.catalog(TenantCatalog.acceptingAny())
                .build()
                .handle(
                        request,
                        admitted -> admitted.identity().tenantId().value(),
                        problem -> Integer.toString(problem.status()));
    }

    private static URLClassLoader child(ClassLoader parent) throws MalformedURLException {
        return new URLClassLoader(new URL[] {jar.toUri().toURL()}, parent);
    }

    private static ModuleLayer layer(ModuleLayer parent) {
        return layer(parent, moduleJar, "com.example.partner");
    }

    private static ModuleLayer layer(ModuleLayer parent, Path module, String name) {
        Configuration configuration =
                parent.configuration().resolve(ModuleFinder.of(module), ModuleFinder.of(), Set.of(name));
        return parent.defineModulesWithOneLoader(configuration, OURS);
    }

    @FunctionalInterface
    private interface ThrowingLoad {
        void run();
    }

    /** As servers of web applications have it. */
    private static final class ChildFirst extends URLClassLoader {
        private ChildFirst(ClassLoader parent) throws MalformedURLException {
            super(new URL[] {jar.toUri().toURL()}, parent);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                if (loaded != null) {
                    return loaded;
                }
                return name.startsWith("com.example.") ? findClass(name) : super.loadClass(name, resolve);
            }
        }
    }

    private record StubResolver(String name) implements TenantResolver {
        @Override
        public Set<CredentialSource> sources() {
            return Set.of();
        }

        @Override
        public Resolution resolve(TenantRequest request) {
            return Resolution.absent();
        }
    }
}
