package dev.tenancy.jdbc;

import java.util.List;

/**
 * How many combinations are tried of a case with what it may meet: in each build each case has some of them, always the
 * same ones; {@code -Psoak} has all.
 */
public final class Thoroughness {
    private static final boolean ALL = Boolean.getBoolean("tenancy.test.all");

    private Thoroughness() {}

    /** One of these, or all. */
    public static <T> List<T> someOf(List<T> all, String caseName) {
        return ALL ? all : List.of(all.get(Math.floorMod(caseName.hashCode(), all.size())));
    }
}
