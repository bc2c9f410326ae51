package dev.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tenancy.resolver.HeaderTenantResolver;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Providers that are broken, and what becomes of those that are not. */
class ResolverLoaderTest {
    private static final String ODD = "com.example.odd.Odd$";

    @TempDir
    private static Path classesDirectory;

    private static Path classes;

    @TempDir
    private Path directory;

    private ClassLoader lastLoader = ResolverLoaderTest.class.getClassLoader();

    @BeforeAll
    static void compile() throws IOException {
        classes = Plugin.classes("odd", classesDirectory);
    }

    @AfterEach
    void close() throws IOException {
        if (lastLoader instanceof URLClassLoader loader) {
            loader.close();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "Missing          | Provider com.example.odd.Odd$Missing not found",
                "NotAResolver     | dev.tenancy.TenantResolver: com.example.odd.Odd$NotAResolver not a subtype",
                "Hidden           | dev.tenancy.TenantResolver: com.example.odd.Odd$Hidden Unable to get public no-arg constructor",
                "Throws           | com.example.odd.Odd$Throws could not be instantiated (java.lang.IllegalStateException at com.example.odd.Odd$Throws.<init>(Odd.java:",
                "NameThrows       | provider com.example.odd.Odd$NameThrows does not tell its name: java.lang.IllegalStateException at com.example.odd.Odd$NameThrows.name(Odd.java:",
                "NameLacksAClass  | provider com.example.odd.Odd$NameLacksAClass does not tell its name: java.lang.NoClassDefFoundError at ",
                "NameThrowsUndeclared | provider com.example.odd.Odd$NameThrowsUndeclared does not tell its name: java.io.IOException at ",
                "NullName         | provider com.example.odd.Odd$NullName has a bad name; allowed: lower-case",
                "BlankName        | provider com.example.odd.Odd$BlankName has a bad name; allowed: lower-case",
                "UpperCaseName    | provider com.example.odd.Odd$UpperCaseName has a bad name; allowed: lower-case",
                "ForgingName      | provider com.example.odd.Odd$ForgingName has a bad name; allowed: lower-case",
                "NameOfABuiltIn   | two providers have the name 'header': com.example.odd.Odd$NameOfABuiltIn and dev.tenancy.internal.resolver.HeaderResolverFactory",
            })
    void aBrokenResolverFailsTheStartByNameThoughNobodyNamesIt(String broken, String fault) {
        assertFault(TenantResolver.class, broken, fault);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "KeysThrow      | provider com.example.odd.Odd$KeysThrow does not tell its keys: java.lang.IllegalStateException at com.example.odd.Odd$KeysThrow.keys(",
                "NullKeys       | provider com.example.odd.Odd$NullKeys does not tell its keys: java.lang.NullPointerException at ",
                "ANullKey       | provider com.example.odd.Odd$ANullKey does not tell its keys: java.lang.NullPointerException at ",
                "ABadKey        | provider com.example.odd.Odd$ABadKey does not tell its keys: java.lang.IllegalArgumentException at ",
                "TakesAKey      | two keys have the environment variable TENANCY_API_KEY_DIGESTS: 'tenancy.api-key.digests' of ",
                "TakesAVariable | two keys have the environment variable TENANCY_API_KEY_DIGESTS: 'tenancy.api-key.digests' of dev.tenancy.internal.resolver.ApiKeyResolverFactory and 'tenancy.api.key-digests' of com.example.odd.Odd$TakesAVariable",
                "TakesTheList   | two keys have the environment variable TENANCY_RESOLVERS: 'tenancy.resolvers' of tenancy-core and 'tenancy.resolvers' of com.example.odd.Odd$TakesTheList",
                "SaysAKeyTwice  | two keys have the environment variable TENANCY_ODD_X: 'tenancy.odd.x' of com.example.odd.Odd$SaysAKeyTwice and 'tenancy.odd.x' of com.example.odd.Odd$SaysAKeyTwice",
                "Sound          | dev.tenancy.TenantResolverFactory: com.example.odd.Odd$Sound not a subtype",
            })
    void aBrokenFactoryFailsTheStartByNameThoughNobodyNamesIt(String broken, String fault) {
        assertFault(TenantResolverFactory.class, broken, fault);
    }

    private void assertFault(Class<?> service, String broken, String fault) {
        assertThat(faults("header", providing(service, broken)))
                .singleElement()
                .asString()
                .contains(fault)
                .doesNotContain("secret")
                .doesNotContain("\n");
    }

    @Test
    void aClassThatCannotBeInitialisedIsNamed() {
        assertThat(faults("header", providing(TenantResolver.class, "ThrowsStatically")))
                .singleElement()
                .asString()
                .contains("Odd$ThrowsStatically")
                .contains("java.lang.ExceptionInInitializerError")
                .doesNotContain("secret");
    }

    @Test
    void twoOfOneNameAreAFaultAndSoAreAllThatAreBroken() {
        List<String> faults = faults(
                "header,nowhere",
                providing(TenantResolver.class, "Sound", "SameName", "Throws", "NullName", "Missing"));

        assertThat(faults)
                .hasSize(5)
                .anySatisfy(fault -> assertThat(fault)
                        .isEqualTo("two providers have the name 'sound': com.example.odd.Odd$Sound and"
                                + " com.example.odd.Odd$SameName"))
                .anySatisfy(fault -> assertThat(fault).contains("Odd$Throws"))
                .anySatisfy(fault -> assertThat(fault).contains("Odd$NullName"))
                .anySatisfy(fault -> assertThat(fault).contains("Odd$Missing"))
                .anySatisfy(
                        fault -> assertThat(fault).startsWith("tenancy.resolvers names 'nowhere', which is not there"));
    }

    @Test
    void aReplacedProviderMustBeSoundToo() {
        ClassLoader loader = providing(TenantResolver.class, "NameOfABuiltIn");

        assertThatThrownBy(() -> Tenancy.load(config("header"), loader, HeaderTenantResolver.of("X-Tenant")))
                .hasMessageContaining("two providers have the name 'header'");
    }

    @Test
    void aLoaderThatIsBrokenItselfFailsTheStartOnce() {
        ClassLoader broken = new ClassLoader(Tenancy.class.getClassLoader()) {
            @Override
            public Enumeration<URL> getResources(String name) throws IOException {
                throw new IOException("secret");
            }
        };

        assertThat(faults("header", broken))
                .hasSize(3)
                .anySatisfy(fault -> assertThat(fault).contains("dev.tenancy.TenantResolver: Error"))
                .anySatisfy(fault -> assertThat(fault).contains("dev.tenancy.TenantResolverFactory: Error"))
                .anySatisfy(fault ->
                        assertThat(fault).isEqualTo("there are more than 1000 providers, or they cannot be listed"))
                .allSatisfy(fault -> assertThat(fault).doesNotContain("secret"));
    }

    @Test
    void aKeyMayBeSharedByThoseWhoShareItsDeclaration() throws Exception {
        Map<String, String> settings = new HashMap<>(Map.of(
                "tenancy.resolvers", "made,sharing", "tenancy.odd.shared", "x", "tenancy.header.name", "X-Tenant"));
        ClassLoader loader = providing(TenantResolverFactory.class, "Factory", "SharesAKey");

        assertThat(load(TenancyConfig.of(settings), loader).inOrder())
                .extracting(TenantResolver::name)
                .containsExactly("made", "sharing");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "CreateThrows           | resolver 'made' cannot be made: java.lang.IllegalStateException at com.example.odd.Odd$CreateThrows.create(Odd.java:",
                "CreateThrowsUndeclared | resolver 'made' cannot be made: java.io.IOException at ",
                "CreateLacksAClass      | resolver 'made' cannot be made: java.lang.NoClassDefFoundError at ",
                "CreatesNothing         | the provider of resolver 'made' made nothing",
                "CreatesAnother         | the provider of resolver 'made' gave one of another name",
                "CreatesOneThatLosesItsName | resolver 'made' cannot be made: java.lang.IllegalStateException at ",
            })
    void aFactoryThatFailsIsAFaultAndWhatWasMadeBeforeIsClosedLastFirst(String broken, String fault) throws Exception {
        ClassLoader loader = providing(Map.of(
                TenantResolver.class,
                List.of("Closeable", "SecondCloseable"),
                TenantResolverFactory.class,
                List.of(broken)));

        assertThat(faults("closeable,second,made", loader))
                .singleElement()
                .asString()
                .contains(fault)
                .doesNotContain("secret");
        assertThat(events().filter(event -> event.endsWith("closed")))
                .endsWith("second closed", "closeable closed")
                .hasSize((int) events().filter(event -> event.endsWith("made")).count());
    }

    @Test
    void aFactoryThatSettingsDoNotFitSaysAllThatIsWrong() {
        assertThat(faults("made", providing(TenantResolverFactory.class, "CreateIsUnfit")))
                .containsExactly("resolver 'made': this does not fit", "resolver 'made': nor does that");
    }

    @Test
    void whatWasMadeIsClosedAlsoIfTheStartDiesOfAnError() throws Exception {
        ClassLoader loader = providing(
                Map.of(TenantResolver.class, List.of("Closeable"), TenantResolverFactory.class, List.of("CreateDies")));

        assertThatThrownBy(() -> load(config("closeable,made"), loader)).isInstanceOf(StackOverflowError.class);
        assertThat(events()).containsExactly("closeable made", "closeable closed");
    }

    @Test
    void whatIsActiveStaysOpenAndBelongsToTheLoaderAndWhatIsLeftOutIsClosed() throws Exception {
        ClassLoader loader = providing(Map.of(
                TenantResolver.class,
                List.of("Closeable", "SecondCloseable"),
                TenantResolverFactory.class,
                List.of("Factory")));

        ResolverLoader.Loaded loaded = load(config("made,second"), loader);

        assertThat(events()).containsExactly("closeable made", "second made", "made made", "closeable closed");
        assertThat(loaded.own()).containsExactlyInAnyOrderElementsOf(loaded.inOrder());
    }

    @Test
    void aTenancyClosesWhatWasMadeForItOnceAndNothingElse() throws Exception {
        ClassLoader loader = providing(
                Map.of(TenantResolver.class, List.of("Closeable"), TenantResolverFactory.class, List.of("Factory")));
        ByHand byHand = new ByHand("by-hand");
        Tenancy tenancy = Tenancy.load(config("closeable,by-hand,made"), loader, byHand)
                .catalog(TenantCatalog.acceptingAny())
                .build();
        assertThat(events()).containsExactly("closeable made", "made made");

        tenancy.close();
        tenancy.close();

        assertThat(events()).containsExactly("closeable made", "made made", "made closed", "closeable closed");
        assertThat(byHand.closed).isZero();
    }

    @Test
    void whatWasMadeForATenancyThatIsNotBuiltIsClosed() throws Exception {
        Tenancy.Builder withoutCatalog =
                Tenancy.load(config("closeable"), providing(TenantResolver.class, "Closeable"));

        assertThatThrownBy(withoutCatalog::build).hasMessageContaining("catalog");

        assertThat(events()).containsExactly("closeable made", "closeable closed");
    }

    @Test
    void aResolverMadeByHandIsNeverClosedAndTheOneItReplacesIs() throws Exception {
        ClassLoader loader = providing(TenantResolver.class, "Closeable");
        ByHand byHand = new ByHand("closeable");

        ResolverLoader.Loaded loaded =
                ResolverLoader.load(ResolverProviders.seenBy(loader), config("closeable"), List.of(byHand));
        assertThat(loaded.inOrder()).containsExactly(byHand);
        assertThat(loaded.own()).isEmpty();
        assertThat(events()).containsExactly("closeable made", "closeable closed");

        assertThatThrownBy(() -> ResolverLoader.load(
                        ResolverProviders.seenBy(loader), config("closeable,nowhere"), List.of(byHand)))
                .isInstanceOf(TenancyConfigException.class);
        assertThat(byHand.closed).isZero();
    }

    @Test
    void aResolverThatCannotBeClosedDoesNotHideWhyNorKeepOthersOpen() throws Exception {
        ClassLoader loader = providing(TenantResolver.class, "Closeable", "CannotClose");

        try (CapturedLog log = CapturedLog.of(ResolverLoader.class.getName())) {
            assertThat(faults("nowhere", loader)).hasSize(1);
            assertThat(log.messages())
                    .singleElement()
                    .asString()
                    .startsWith("a resolver cannot be closed: java.io.IOException at com.example.odd.")
                    .doesNotContain("secret");
        }
        assertThat(events()).endsWith("cannot-close closed", "closeable closed");
    }

    @Test
    void aProviderIsKnownByTheNameThatItSaidFirst() {
        ClassLoader loader = providing(TenantResolver.class, "ChangesItsName");

        assertThat(faults("sound", loader)).singleElement().asString().contains("'sound', which is not there");
        assertThat(faults("harmless", providing(TenantResolver.class, "ChangesItsName")))
                .containsExactly("the provider of resolver 'harmless' gave one of another name");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Header", "header api-key", "header;api-key", "header,api_key", "-header", "1st", "\u0131"})
    void aNameThatCannotBeOneIsABadValueAndNotShown(String names) {
        assertThat(faults(names, Tenancy.class.getClassLoader()))
                .containsExactly(
                        "tenancy.resolvers (in code) has a bad value; allowed: names of resolvers in their order,"
                                + " none twice, separated by commas");
    }

    @Test
    void aResolverMadeByHandMustBeSoundToo() {
        TenantResolver nameless = new ByHand("No Name");

        assertThatThrownBy(() -> Tenancy.load(config("header"), Tenancy.class.getClassLoader(), nameless))
                .isInstanceOf(TenancyConfigException.class)
                .hasMessageContaining("provider " + ByHand.class.getName() + " has a bad name");
    }

    @Test
    void whatDoesNotFitIsFoundAlsoIfAPlaceCannotBeRead() {
        TenancyConfig config = TenancyConfig.builder()
                .settings(Map.of("tenancy.resolvers", "made"))
                .file(directory.resolve("missing"))
                .build();

        assertThatThrownBy(() -> load(config, providing(TenantResolverFactory.class, "CreateIsUnfit")))
                .isInstanceOfSatisfying(
                        TenancyConfigException.class,
                        bad -> assertThat(bad.faults())
                                .containsExactly(
                                        "file " + directory.resolve("missing") + " is not there",
                                        "resolver 'made': this does not fit",
                                        "resolver 'made': nor does that"));
    }

    @Test
    void nothingStartsIfAPlaceCannotBeRead() throws Exception {
        ClassLoader loader = providing(TenantResolverFactory.class, "Factory");
        TenancyConfig config = TenancyConfig.builder()
                .settings(Map.of("tenancy.resolvers", "made"))
                .file(directory.resolve("missing"))
                .build();

        assertThatThrownBy(() -> load(config, loader))
                .isInstanceOfSatisfying(
                        TenancyConfigException.class,
                        bad -> assertThat(bad.faults())
                                .containsExactly("file " + directory.resolve("missing") + " is not there"));
        assertThat(events()).containsExactly("made made", "made closed");
    }

    private static TenancyConfig config(String resolvers) {
        return TenancyConfig.of(Map.of("tenancy.resolvers", resolvers, "tenancy.header.name", "X-Tenant"));
    }

    private static ResolverLoader.Loaded load(TenancyConfig config, ClassLoader loader) {
        return ResolverLoader.load(ResolverProviders.seenBy(loader), config, List.of());
    }

    private static List<String> faults(String resolvers, ClassLoader loader) {
        return catchThrowableOfType(TenancyConfigException.class, () -> load(config(resolvers), loader))
                .faults();
    }

    private ClassLoader providing(Class<?> service, String... providers) {
        return providing(Map.of(service, List.of(providers)));
    }

    /** A child class loader with these classes of {@code Odd} as providers, and nothing recorded yet. */
    private ClassLoader providing(Map<Class<?>, List<String>> providers) {
        try {
            for (Map.Entry<Class<?>, List<String>> service : providers.entrySet()) {
                String[] names = service.getValue().stream().map(ODD::concat).toArray(String[]::new);
                Plugin.services(directory, service.getKey().getName(), names);
            }
            lastLoader = new URLClassLoader(
                    new URL[] {classes.toUri().toURL(), directory.toUri().toURL()}, Tenancy.class.getClassLoader());
            return lastLoader;
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    @SuppressWarnings("unchecked") // it is declared so in Odd
    private Stream<String> events() throws ReflectiveOperationException {
        Class<?> odd = lastLoader.loadClass("com.example.odd.Odd");
        return ((List<String>) odd.getField("EVENTS").get(null)).stream();
    }

    /** A resolver that counts how often it is closed. */
    private static final class ByHand implements TenantResolver, AutoCloseable {
        private final String name;
        private int closed;

        private ByHand(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public Set<CredentialSource> sources() {
            return Set.of();
        }

        @Override
        public Resolution resolve(TenantRequest request) {
            return Resolution.absent();
        }

        @Override
        public void close() {
            closed++;
        }
    }
}
