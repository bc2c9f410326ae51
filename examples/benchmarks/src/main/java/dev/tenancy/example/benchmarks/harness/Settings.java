package dev.tenancy.example.benchmarks.harness;

import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What is measured, how long, and where the report goes.
 *
 * @param name which benchmark
 * @param effort how long it may measure
 * @param directory where its report is written
 */
public record Settings(String name, Effort effort, Path directory) {
    /** The property that names the benchmark. */
    public static final String NAME = "bench";

    /** The property that asks for {@link Effort#QUICK}. */
    public static final String QUICK = "bench.quick";

    /** The property that says where reports are written. */
    public static final String DIRECTORY = "bench.directory";

    /**
     * {@return the settings that {@code properties} gives}
     *
     * @throws IllegalArgumentException if one has a value that is not allowed
     */
    public static Settings of(UnaryOperator<@Nullable String> properties) {
        return new Settings(
                value(properties, NAME, ""),
                quick(value(properties, QUICK, "false")) ? Effort.QUICK : Effort.FULL,
                Path.of(value(properties, DIRECTORY, "target/bench")));
    }

    private static String value(UnaryOperator<@Nullable String> properties, String key, String otherwise) {
        String value = properties.apply(key);
        return value == null ? otherwise : value;
    }

    private static boolean quick(String value) {
        if (!value.equals("true") && !value.equals("false")) {
            throw new IllegalArgumentException(QUICK + " is \"" + value + "\"; allowed: true, false");
        }
        return value.equals("true");
    }
}
