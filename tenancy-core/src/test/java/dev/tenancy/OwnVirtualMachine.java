package dev.tenancy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Runs a class of these tests apart from everything that other tests did to the virtual machine. */
final class OwnVirtualMachine {

    private OwnVirtualMachine() {}

    /** {@return what {@code main} prints there, where it must end well} */
    static String run(Class<?> main, String... options) throws Exception {
        String libraries = Stream.of(
                        org.slf4j.MDC.class, ch.qos.logback.classic.Logger.class, ch.qos.logback.core.Appender.class)
                .map(type -> Path.of(URI.create(type.getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .toString()))
                        .toString())
                .collect(Collectors.joining(File.pathSeparator));
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.addAll(List.of(
                "-classpath", String.join(File.pathSeparator, "target/classes", "target/test-classes", libraries)));
        command.add(main.getName());
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(printed).isZero();
        return printed.strip();
    }
}
