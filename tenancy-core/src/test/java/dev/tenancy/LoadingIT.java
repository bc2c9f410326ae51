package dev.tenancy;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** The packaged jar in a virtual machine of its own, with none of the libraries that are optional. */
class LoadingIT {
    private static final String RESOLVERS = "partner";
    private static final String NOT_NAMED = "header";

    /** Packages whose classes extend or implement something of an optional library. */
    private static final List<String> OPTIONAL =
            List.of("dev.tenancy.micrometer", "dev.tenancy.servlet", "dev.tenancy.testing");

    @TempDir
    private static Path directory;

    private static Path plugin;
    private static Path pluginModule;
    private static Path host;
    private static Path hostModule;

    @BeforeAll
    static void pack() throws IOException {
        plugin =
                Plugin.jar("partner", directory, TenantResolver.class.getName(), "com.example.partner.PartnerResolver");
        pluginModule = Plugin.moduleJar("partner", directory);
        host = Plugin.classes("host", directory);
        hostModule = Plugin.moduleJar("host", directory);
    }

    @Test
    void whatIsTestedIsTheJar() {
        assertThat(Plugin.locationOf(Tenancy.class).toString()).endsWith(".jar");
    }

    @Test
    void onTheClassPathEverythingLoadsAndThePluginIsFoundOnlyByItsName() throws Exception {
        List<String> output =
                java("-cp", path(libraries(), plugin, host), "com.example.host.Main", RESOLVERS, NOT_NAMED);

        assertThat(output)
                .containsExactly("core is in module null", "partner: p-1", "header: 401", "cannot load " + OPTIONAL);
    }

    @Test
    void onTheModulePathEverythingLoadsAndThePluginIsFoundOnlyByItsName() throws Exception {
        List<String> output = java(
                "-p",
                path(libraries(), pluginModule, hostModule),
                "-m",
                "com.example.host/com.example.host.Main",
                RESOLVERS,
                NOT_NAMED);

        assertThat(output)
                .containsExactly(
                        "core is in module dev.tenancy.core", "partner: p-1", "header: 401", "cannot load " + OPTIONAL);
    }

    @Test
    void aPluginForTheClassPathIsFoundBesideAHostOnTheModulePath() throws Exception {
        List<String> output = java(
                "-p",
                path(libraries(), hostModule),
                "-cp",
                plugin.toString(),
                "-m",
                "com.example.host/com.example.host.Main",
                RESOLVERS,
                NOT_NAMED);

        assertThat(output).contains("core is in module dev.tenancy.core", "partner: p-1", "header: 401");
    }

    /** Core, and what it cannot do without. */
    private static List<Path> libraries() {
        return List.of(
                Plugin.locationOf(Tenancy.class),
                Plugin.locationOf(LoggerFactory.class),
                Plugin.locationOf(Caffeine.class),
                Plugin.locationOf(NullMarked.class));
    }

    private static String path(List<Path> libraries, Path... others) {
        return Stream.concat(libraries.stream(), Stream.of(others))
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** What a virtual machine prints that is given these arguments, and ends well. */
    private static List<String> java(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(arguments));
        Path errors = directory.resolve("errors");
        Path output = directory.resolve("output");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectError(errors.toFile()).redirectOutput(output.toFile());
        builder.environment().keySet().removeIf(name -> name.endsWith("JAVA_OPTIONS") || name.equals("CLASSPATH"));
        Process process = builder.start();
        try {
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue())
                .as("it says: %s", Files.readString(errors))
                .isZero();
        return Files.readAllLines(output);
    }
}
