package dev.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TenancyConfigTest {
    private static final ConfigKey<String> NAME = ConfigKey.text("tenancy.header.name", "a header");
    private static final ConfigKey<Integer> COUNT =
            ConfigKey.of("tenancy.test.the-count", "a number", Integer::valueOf).asRequired();

    @TempDir
    private Path directory;

    @Test
    void theFirstPlaceThatHasATextCounts() {
        Path own = file("own", "tenancy.header.name = of-the-file");
        Path shared = file("shared", "tenancy.header.name = of-the-shared-file\nserver.port=80");
        Properties system = new Properties();
        system.setProperty("tenancy.header.name", "of-the-system");
        List<Function<TenancyConfig.Builder, TenancyConfig.Builder>> places = List.of(
                builder -> builder.settings(Map.of("tenancy.header.name", "of-the-code")),
                builder -> builder.file(own),
                builder -> builder.sharedFile(shared),
                builder -> builder.lookup("framework", key -> Optional.of("of-the-framework")),
                builder -> builder.systemProperties(system),
                builder -> builder.environment(Map.of("TENANCY_HEADER_NAME", "of-the-environment")));
        List<String> texts = List.of(
                "of-the-code",
                "of-the-file",
                "of-the-shared-file",
                "of-the-framework",
                "of-the-system",
                "of-the-environment");

        for (int first = 0; first < places.size(); first++) {
            TenancyConfig.Builder builder = TenancyConfig.builder();
            for (int next = 0; next < places.size(); next++) {
                builder = places.get((first + next) % places.size()).apply(builder);
            }
            assertThat(builder.build().get(NAME)).contains(texts.get(first));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t\n"})
    void aBlankTextIsNotSetAndTheNextPlaceIsAsked(String blank) {
        Properties system = new Properties();
        system.setProperty("tenancy.header.name", blank);
        TenancyConfig blankEverywhere = TenancyConfig.builder()
                .settings(Map.of("tenancy.header.name", blank))
                .file(file("own", "tenancy.header.name ="))
                .lookup("framework", key -> Optional.of(blank))
                .systemProperties(system)
                .environment(Map.of("TENANCY_HEADER_NAME", blank))
                .build();

        assertThat(blankEverywhere.get(NAME)).isEmpty();
        assertThat(blankEverywhere
                        .withEnvironment(Map.of("TENANCY_HEADER_NAME", " set "))
                        .get(NAME))
                .contains("set");
    }

    @Test
    void aPlaceIsAskedOnceForEachKeyAndOnlyIfNoEarlierOneHasIt() {
        List<String> asked = new ArrayList<>();
        TenancyConfig config = TenancyConfig.builder()
                .settings(Map.of("tenancy.header.name", "set"))
                .lookup("framework", key -> {
                    asked.add(key);
                    return Optional.of(Integer.toString(asked.size()));
                })
                .build();

        assertThat(config.require(NAME)).isEqualTo("set");
        assertThat(config.require(COUNT)).isEqualTo(1);
        assertThat(config.badValues(List.of(COUNT, NAME))).isEmpty();
        assertThat(config.asFarAsItIsRead().require(COUNT)).isEqualTo(1);
        assertThat(asked).containsExactly("tenancy.test.the-count");
    }

    @Test
    void whatChangesAfterwardsIsNotSeen() {
        Map<String, String> settings = new HashMap<>(Map.of("tenancy.header.name", "first"));
        Map<String, String> variables = new HashMap<>(Map.of("TENANCY_TEST_THE_COUNT", "1"));
        Path file = file("own", "tenancy.header.name=of-the-file");
        TenancyConfig ofFile = TenancyConfig.builder().file(file).build();
        TenancyConfig config = TenancyConfig.of(settings).withEnvironment(variables);

        settings.put("tenancy.header.name", "second");
        variables.put("TENANCY_TEST_THE_COUNT", "2");
        file("own", "tenancy.header.name=changed");

        assertThat(config.get(NAME)).contains("first");
        assertThat(config.get(COUNT)).contains(1);
        assertThat(ofFile.get(NAME)).contains("of-the-file");
    }

    @Test
    void aBadValueIsNamedWithItsPlaceAndWhatIsAllowedAndNotShown() {
        Path own = file("own", "\ntenancy.test.the-count = secret");
        Properties system = new Properties();
        system.setProperty("tenancy.test.the-count", "secret");
        Map<TenancyConfig.Builder, String> places = Map.of(
                TenancyConfig.builder().settings(Map.of("tenancy.test.the-count", "secret")), "in code",
                TenancyConfig.builder().file(own), "file " + own + ", line 2",
                TenancyConfig.builder().sharedFile(own), "file " + own + ", line 2",
                TenancyConfig.builder().lookup("Spring environment", key -> Optional.of("secret")),
                        "Spring environment",
                TenancyConfig.builder().systemProperties(system), "system property",
                TenancyConfig.builder().environment(Map.of("TENANCY_TEST_THE_COUNT", "secret")),
                        "environment variable TENANCY_TEST_THE_COUNT");

        places.forEach((builder, place) -> {
            TenancyConfig config = builder.build();
            String fault = "tenancy.test.the-count (" + place + ") has a bad value; allowed: a number";
            assertThatThrownBy(() -> config.get(COUNT))
                    .isInstanceOf(TenancyConfigException.class)
                    .hasMessage("tenancy is not configured: " + fault)
                    .hasNoCause();
            assertThatThrownBy(() -> config.require(COUNT)).hasMessageEndingWith(fault);
            assertThat(config.badValues(List.of(COUNT))).containsExactly(fault);
            assertThat(config.toString()).doesNotContain("secret");
        });
    }

    @Test
    @SuppressWarnings("NullAway") // a parser and a lookup break their contracts
    void aParserOrLookupThatGivesNullIsAFault() {
        ConfigKey<String> nothing = ConfigKey.of("tenancy.test.null", "anything", text -> null);
        assertThatThrownBy(
                        () -> TenancyConfig.of(Map.of("tenancy.test.null", "x")).get(nothing))
                .hasMessageContaining("tenancy.test.null (in code) has a bad value; allowed: anything");
        assertThatThrownBy(() -> TenancyConfig.builder()
                        .lookup("framework", key -> null)
                        .build()
                        .get(NAME))
                .isInstanceOf(TenancyConfigException.class)
                .hasMessageContaining("tenancy.header.name (framework) cannot be read: java.lang.NullPointerException");
    }

    @Test
    void aLookupThatFailsIsAFaultAndNotTheNextPlace() {
        TenancyConfig config = TenancyConfig.builder()
                .lookup("framework", key -> {
                    throw new IllegalStateException("secret");
                })
                .environment(Map.of("TENANCY_HEADER_NAME", "weaker"))
                .build();

        assertThatThrownBy(() -> config.get(NAME))
                .isInstanceOf(TenancyConfigException.class)
                .hasMessage("tenancy is not configured: tenancy.header.name (framework) cannot be read:"
                        + " java.lang.IllegalStateException")
                .hasNoCause();
        assertThat(config.badValues(List.of(NAME))).hasSize(1);
        assertThatThrownBy(() -> TenancyConfig.builder()
                        .lookup("framework", key -> {
                            throw TenancyConfigTest.<RuntimeException>undeclared();
                        })
                        .build()
                        .get(NAME))
                .hasMessageEndingWith("tenancy.header.name (framework) cannot be read: java.io.IOException");
    }

    @SuppressWarnings("unchecked") // as languages without checked exceptions do
    private static <X extends Exception> RuntimeException undeclared() throws X {
        throw (X) new IOException("secret");
    }

    @Test
    void whatIsRequiredAndNotSetIsAFaultAndTheRestIsNot() {
        TenancyConfig nothing = TenancyConfig.builder().build();

        assertThat(nothing.badValues(List.of(NAME, COUNT)))
                .containsExactly("tenancy.test.the-count is not set; allowed: a number");
        assertThatThrownBy(() -> nothing.require(NAME))
                .hasMessage("tenancy is not configured: tenancy.header.name is not set; allowed: a header");
    }

    @Test
    void keysThatNobodyDeclaresAreFoundInCodeAndFilesWithTheirPlace() {
        Path own = file("own", "tenancy.header.name=a\ntenancy.typo=secret");
        Path shared = file("shared", "server.port=80\ntenancy.typo=secret");
        TenancyConfig config = TenancyConfig.builder()
                .settings(Map.of("tenancy.typo", "secret", "else", "secret"))
                .file(own)
                .sharedFile(shared)
                .systemProperties(System.getProperties())
                .environment(Map.of("TENANCY_TYPO", "secret"))
                .build();

        assertThat(config.unknownKeys(List.of(COUNT, NAME)))
                .containsExactly("no such key: 'else' (in code), 'tenancy.typo' (in code), 'tenancy.typo' (file " + own
                        + ", line 2), 'tenancy.typo' (file " + shared
                        + ", line 2); allowed: tenancy.header.name, tenancy.test.the-count");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tenency.resolvers",
                "tenacy.resolvers",
                "tenanccy.resolvers",
                "tenanyc.resolvers",
                "etnancy.resolvers",
                "Tenancy.resolvers",
                "TENENCY.resolvers",
                "enancy.x",
                "xtenancy.x",
                "tenancyx.x",
                "tenanc.x",
                "tenancy",
                "tenancy.Resolvers"
            })
    void aMisspeltKeyIsFoundInASharedFileToo(String key) {
        TenancyConfig config = TenancyConfig.builder()
                .sharedFile(file("shared", key + " = secret"))
                .build();

        assertThat(config.unknownKeys(List.of(NAME)))
                .singleElement()
                .asString()
                .startsWith("no such key: '" + key + "' (file ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "server.port",
                "tenant.name",
                "resolvers",
                "",
                "tennent.x",
                "tenancies.x",
                "x",
                "ycnanet.x",
                "nancy.x",
                "tenanyca.x",
                "app.tenancy.resolvers",
                "tenantcy-x.y"
            })
    void aKeyOfOthersIsLeftAloneInASharedFile(String key) {
        TenancyConfig config = TenancyConfig.builder()
                .sharedFile(file("shared", key + "=1\n" + key + "=2"))
                .build();

        assertThat(config.unknownKeys(List.of(NAME))).isEmpty();
        assertThat(config.faultsOfSources()).isEmpty();
        assertThatCode(() -> config.get(NAME)).doesNotThrowAnyException();
    }

    @Test
    void aFileOfOursHasNothingElseInItAndALineThatMayBeTheRestOfASecretIsNotShown() {
        Path own = file("own", "tenancy.header.name = x\nsecret-of-a-broken-line\nresolvers=secret");
        TenancyConfig config = TenancyConfig.builder().file(own).build();

        String fault = " is not a setting; allowed: keys that start with tenancy.";
        assertThat(config.faultsOfSources())
                .containsExactly("file " + own + ", line 2" + fault, "file " + own + ", line 3" + fault);
        assertThat(config).hasToString("TenancyConfig[tenancy.header.name]");
    }

    @ParameterizedTest
    @CsvSource({
        "'tenancy.header.name=secret\ntenancy.header.name=secret', is set twice",
        "'tenancy.header.name=secret\ntenancy\\u002eheader.name=other', is set twice",
        "'tenancy.test.the-count=\\uD8', malformed",
    })
    void aFileWithAFaultGivesNoValueAtAll(String text, String fault) {
        for (TenancyConfig config : List.of(
                TenancyConfig.builder().file(file("own", text)).build(),
                TenancyConfig.builder()
                        .sharedFile(file("own", text))
                        .environment(Map.of("TENANCY_HEADER_NAME", "weaker"))
                        .build()
                        .withEnvironment(Map.of()))) {
            assertThatThrownBy(() -> config.get(NAME))
                    .isInstanceOf(TenancyConfigException.class)
                    .hasMessageContaining(fault)
                    .message()
                    .doesNotContain("secret");
            assertThatThrownBy(() -> config.require(NAME)).hasMessageContaining(fault);
        }
    }

    @Test
    void aFileThatIsNotThereIsAFaultOfTheStartAndNotOfTheBuilder() {
        TenancyConfig config = TenancyConfig.builder()
                .file(directory.resolve("missing"))
                .sharedFile(directory)
                .build();

        assertThatThrownBy(() -> Tenancy.load(config))
                .isInstanceOfSatisfying(
                        TenancyConfigException.class,
                        bad -> assertThat(bad.faults())
                                .containsExactly(
                                        "file " + directory.resolve("missing") + " is not there",
                                        "file " + directory + " cannot be read: IOException",
                                        "tenancy.resolvers is not set; allowed: names of resolvers in their order, none twice,"
                                                + " separated by commas"));
    }

    @Test
    void everyFaultOfEveryPlaceIsNamedAtOnceAndNoValue() {
        Path own = file("own", """
                tenancy.resolvers = header, api-key, fixed
                tenancy.header.name = secret secret
                tenancy.header.name = secret
                secret
                tenancy.typo = secret
                """);
        Path shared = file("shared", "tenency.x=secret\nother=secret\ntenancy.default-tenant = secret secret\n");
        Properties system = new Properties();
        system.setProperty("tenancy.api-key.digests", "secret=secret");
        TenancyConfig config = TenancyConfig.builder()
                .settings(Map.of("tenancy.also-wrong", "secret"))
                .file(own)
                .sharedFile(shared)
                .systemProperties(system)
                .environment(Map.of("TENANCY_DEFAULT_TENANT", "secret"))
                .build();

        assertThatThrownBy(() -> Tenancy.load(config)).isInstanceOfSatisfying(TenancyConfigException.class, bad -> {
            assertThat(bad.getMessage()).doesNotContain("secret");
            assertThat(bad.faults().stream()
                            .map(fault -> fault.split("; allowed", 2)[0])
                            .toList())
                    .containsExactly(
                            "'tenancy.header.name' is set twice: file " + own + ", line 2 and file " + own + ", line 3",
                            "file " + own + ", line 4 is not a setting",
                            "no such key: 'tenancy.also-wrong' (in code), 'tenancy.typo' (file " + own
                                    + ", line 5), 'tenency.x' (file " + shared + ", line 1)",
                            "tenancy.header.name (file " + own + ", line 2) has a bad value",
                            "resolver 'api-key': tenancy.api-key.digests: the digest of API key 1 is not 64 hexadecimal"
                                    + " digits",
                            "tenancy.default-tenant (file " + shared + ", line 3) has a bad value");
        });
    }

    @Test
    void onlyTheKeysOfActiveResolversNeedAValue() {
        assertThatCode(() -> Tenancy.load(TenancyConfig.builder()
                        .file(file("own", "tenancy.resolvers=header\ntenancy.header.name=X-Tenant"))
                        .build()))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "tenancy", "tenancy.", "tenancy..x", "tenancy.x.", "tenancy.X", "tenancy.x_y", "tenancy.x y",
                "tenancy.-x", "tenancy.x-", "tenancy.x--y", "java.home", "path", "tenancyx.y", "tenancy.x\n",
                        "tenancy.\u0131"
            })
    void aKeyHasAFormSoThatNoOtherPropertyOrVariableIsRead(String name) {
        assertThatThrownBy(() -> ConfigKey.text(name, "anything"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("'" + name + "' is not the name of a key; allowed: tenancy., then");
    }

    @Test
    void aKeyHasItsVariableAndStaysItselfWhenItIsRequired() {
        ConfigKey<String> key = ConfigKey.text("tenancy.a-b.c1", "anything");

        assertThat(key.variable()).isEqualTo("TENANCY_A_B_C1");
        assertThat(key.required()).isFalse();
        assertThat(key.asRequired()).isEqualTo(new ConfigKey<>("tenancy.a-b.c1", "anything", key.parser(), true));
        assertThat(Set.of(key)).contains(key);
    }

    private Path file(String name, String text) {
        try {
            return Files.writeString(directory.resolve(name), text);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
