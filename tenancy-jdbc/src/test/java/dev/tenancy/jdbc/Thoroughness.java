package dev.tenancy.jdbc;

import java.util.List;

/** How many alternatives a case meets: in each build one, always the same; with {@code -Psoak} all. */
public final class Thoroughness {
    private static final boolean ALL = Boolean.getBoolean("tenancy.test.all");

    private Thoroughness() {}

    public static <T> List<T> oneOrAll(List<T> all, String caseName) {
        return ALL ? all : List.of(all.get(Math.floorMod(caseName.hashCode(), all.size())));
    }
}
