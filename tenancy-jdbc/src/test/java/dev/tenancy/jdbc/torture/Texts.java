package dev.tenancy.jdbc.torture;

import java.util.List;
import java.util.random.RandomGenerator;

/** Ways to write the same statement. */
final class Texts {
    static final String SELECT = "SELECT id, body FROM items";

    /** Queries for all rows, in which nothing stands for a parameter, for whoever does not prepare them. */
    private static final List<String> QUERIES = List.of(
            SELECT,
            "TABLE items",
            "select id, body from public.items where ''';' is not null",
            "WITH found AS (SELECT * FROM items) SELECT id, body FROM found",
            "SELECT id, body FROM items WHERE $$;'--$$ <> $tag$;\"/*$tag$",
            "SELECT id, \"body\" FROM items /* nested /* ; */ ; */",
            "SELECT id, body FROM items -- ; COMMIT",
            "SELECT id, body FROM items WHERE E'\\';' <> ''",
            "(SELECT id, body FROM items ORDER BY id LIMIT 1000)",
            "SELECT id, body FROM items FOR UPDATE",
            "SELECT i.id, i.body FROM items AS i LEFT JOIN items AS j ON j.id = i.id");

    private static final List<String> BEFORE =
            List.of("", "", "", " ", "\n", "/* first */ ", "-- a line\n", ";", "; ;");
    private static final List<String> AFTER =
            List.of("", "", "", ";", ";;", "-- the end", "\n", " /* the end */ ;", " -- the end\n;");

    private Texts() {}

    /** A query for all rows, to be executed as it is. */
    static String query(RandomGenerator random) {
        return random.nextInt(8) == 0
                ? decorated("SELECT id, body FROM items WHERE '{\"a\":1}'::jsonb ? 'a'", random)
                : decorated(one(QUERIES, random), random);
    }

    /** A query for all rows, to be prepared. */
    static String preparedQuery(RandomGenerator random) {
        return random.nextInt(8) == 0
                ? decorated("SELECT id, body FROM items WHERE '{\"a\":1}'::jsonb ?? 'a'", random)
                : decorated(one(QUERIES, random), random);
    }

    /** The same statement with something around it. */
    static String decorated(String sql, RandomGenerator random) {
        return one(BEFORE, random) + sql + one(AFTER, random);
    }

    static <T> T one(List<T> some, RandomGenerator random) {
        return some.get(random.nextInt(some.size()));
    }
}
