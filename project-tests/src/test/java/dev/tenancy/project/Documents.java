package dev.tenancy.project;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the documents of the project, and the code that they show. */
final class Documents {
    private static final Path ROOT = Path.of("..");

    private Documents() {}

    /** A document, by its path from the root of the project. */
    static String text(String path) {
        try {
            return Files.readString(ROOT.resolve(path));
        } catch (IOException failure) {
            throw new UncheckedIOException("document " + path + " cannot be read", failure);
        }
    }

    /** The code between {@code // region name} and {@code // endregion} in a test class, without its indentation. */
    static String region(Class<?> test, String name) {
        return region("project-tests/src/test/java/" + test.getName().replace('.', '/') + ".java", name);
    }

    /** The same in any source file of the project. */
    static String region(String sourcePath, String name) {
        Matcher region = Pattern.compile("// region " + name + "\n(.*?)\\h*// endregion", Pattern.DOTALL)
                .matcher(text(sourcePath));
        if (!region.find()) {
            throw new IllegalArgumentException(sourcePath + " has no region " + name);
        }
        return region.group(1).stripTrailing().stripIndent();
    }
}
