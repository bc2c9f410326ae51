package dev.tenancy.example.benchmarks.jmh;

import java.io.File;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The class path that JMH gives its forks: it reads it from the system property of this JVM, and where Maven runs us
 * that is Maven's own.
 */
final class ForkClassPath implements AutoCloseable {
    private static final String PROPERTY = "java.class.path";

    private final String before = System.getProperty(PROPERTY);

    private ForkClassPath(ClassLoader loader) {
        if (loader instanceof URLClassLoader ours) {
            System.setProperty(
                    PROPERTY,
                    Arrays.stream(ours.getURLs())
                            .map(ForkClassPath::path)
                            .collect(Collectors.joining(File.pathSeparator)));
        }
    }

    /** Makes the class path of {@code loader} that of the forks, until closed. */
    static ForkClassPath of(ClassLoader loader) {
        return new ForkClassPath(loader);
    }

    private static String path(URL entry) {
        try {
            return Path.of(entry.toURI()).toString();
        } catch (URISyntaxException malformed) {
            throw new IllegalStateException("class path entry " + entry + " is not a file", malformed);
        }
    }

    @Override
    public void close() {
        System.setProperty(PROPERTY, before);
    }
}
