package dev.tenancy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/** Code of somebody else, in {@code src/test/plugins}, compiled and packed as its author would. */
final class Plugin {
    private static final Path SOURCES = Path.of("src", "test", "plugins");

    private Plugin() {}

    /** Where core, or the library of a class, is: a jar or a directory. */
    static Path locationOf(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException impossible) {
            throw new IllegalArgumentException(impossible);
        }
    }

    /** The classes of a plug-in, without its {@code module-info}. */
    static Path classes(String name, Path directory) throws IOException {
        return compile(directory.resolve(name + "-classes"), sources(name, false), "--class-path");
    }

    /** A jar for the class path. */
    static Path jar(String name, Path directory, String service, String... providers) throws IOException {
        Path classes = classes(name, directory);
        services(classes, service, providers);
        return pack(classes, directory.resolve(name + ".jar"));
    }

    /** A jar for the module path. */
    static Path moduleJar(String name, Path directory) throws IOException {
        Path classes = compile(directory.resolve(name + "-module"), sources(name, true), "--module-path");
        return pack(classes, directory.resolve(name + "-module.jar"));
    }

    /** Says in {@code directory} who provides {@code service}, and returns the directory. */
    static Path services(Path directory, String service, String... providers) throws IOException {
        Path services = Files.createDirectories(directory.resolve("META-INF/services"));
        Files.write(services.resolve(service), List.of(providers));
        return directory;
    }

    private static List<String> sources(String name, boolean asModule) throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES.resolve(name))) {
            return files.map(Path::toString)
                    .filter(file -> file.endsWith(".java") && (asModule || !file.endsWith("module-info.java")))
                    .toList();
        }
    }

    private static Path compile(Path target, List<String> sources, String pathOption) throws IOException {
        String path = locationOf(Tenancy.class)
                + System.getProperty("path.separator")
                + locationOf(org.jspecify.annotations.NullMarked.class);
        List<String> arguments = new ArrayList<>(
                List.of("-nowarn", "-proc:none", "--release", "17", "-d", target.toString(), pathOption, path));
        arguments.addAll(sources);
        run("javac", arguments.toArray(String[]::new));
        return target;
    }

    private static Path pack(Path classes, Path jar) {
        run("jar", "--create", "--file", jar.toString(), "-C", classes.toString(), ".");
        return jar;
    }

    private static void run(String tool, String... arguments) {
        StringWriter output = new StringWriter();
        PrintWriter writer = new PrintWriter(output);
        int result = ToolProvider.findFirst(tool).orElseThrow().run(writer, writer, arguments);
        assertThat(result).as("%s says: %s", tool, output).isZero();
    }
}
