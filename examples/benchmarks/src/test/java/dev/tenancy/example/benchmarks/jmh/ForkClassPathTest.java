package dev.tenancy.example.benchmarks.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForkClassPathTest {
    private final String before = System.getProperty("java.class.path");

    @Test
    void forksSeeWhatTheLoaderSees(@TempDir Path directory) throws IOException {
        Path jar = directory.resolve("with space.jar");
        URL[] entries = {jar.toUri().toURL(), directory.toUri().toURL()};

        try (URLClassLoader loader = new URLClassLoader(entries);
                ForkClassPath path = ForkClassPath.of(loader)) {
            assertThat(System.getProperty("java.class.path")).isEqualTo(jar + File.pathSeparator + directory);
        }

        assertThat(System.getProperty("java.class.path")).isEqualTo(before);
    }

    @Test
    void whereThisJvmHasItsOwnClassPathTheForksGetThat() {
        try (ForkClassPath path = ForkClassPath.of(ClassLoader.getSystemClassLoader())) {
            assertThat(System.getProperty("java.class.path")).isEqualTo(before);
        }
    }
}
