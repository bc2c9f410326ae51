package dev.tenancy.jdbc;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A virtual machine of its own, with the same classes, that can be killed. */
final class OtherJvm {
    /** The most memory it has for objects. */
    static final int HEAP_MEGABYTES = 64;

    private OtherJvm() {}

    /** Starts the {@code main} of a class; what it writes to standard error is added to a file in {@code target}. */
    static Process start(Class<?> program, String... arguments) throws IOException {
        String libraries = Stream.of("java.class.path", "jdk.module.path")
                .map(System::getProperty)
                .filter(path -> path != null && !path.isEmpty())
                .collect(Collectors.joining(File.pathSeparator));
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "-Xmx" + HEAP_MEGABYTES + "m",
                "-classpath",
                String.join(File.pathSeparator, "target/classes", "target/test-classes", libraries)));
        command.add(program.getName());
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        Path.of("target", "other-jvm.log").toFile()))
                .start();
    }
}
