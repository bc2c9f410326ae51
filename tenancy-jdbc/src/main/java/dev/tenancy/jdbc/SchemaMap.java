package dev.tenancy.jdbc;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which key has which schema, as in {@code key:schema;key:schema}. A key is a tenant's id, or an API key that stands
 * for it, and so a secret: no message and no {@link #toString()} has one.
 *
 * <p>Immutable and thread-safe.
 *
 * @since 0.1
 */
public final class SchemaMap {
    private final Map<String, String> schemas;

    private SchemaMap(Map<String, String> schemas) {
        this.schemas = schemas;
    }

    /**
     * {@return the map that {@code text} says}
     *
     * <p>Keys and schemas are trimmed, schemas taken in lower case, as PostgreSQL takes names without quotes. A key may
     * have colons; the last one ends it.
     *
     * @param text parts {@code key:schema} with semicolons between; blank for none
     * @throws IllegalArgumentException naming all faults at once, each by the number of its part: an empty part, no
     *     colon, no key, a key twice, a schema that is no identifier of 1–63 characters, is {@code public},
     *     {@code pg_…}, {@code information_schema} or {@code tenancy}, or is another key's too
     */
    public static SchemaMap parse(String text) {
        Map<String, String> schemas = new LinkedHashMap<>();
        Set<String> taken = new HashSet<>();
        List<String> faults = new ArrayList<>();
        String[] parts = text.isBlank() ? new String[0] : text.split(";", -1);
        for (int i = 0; i < parts.length; i++) {
            try {
                add(parts[i], schemas, taken);
            } catch (IllegalArgumentException fault) {
                faults.add("part " + (i + 1) + " " + fault.getMessage());
            }
        }
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(
                    "the map of schemas is not of the form key:schema;key:schema: " + String.join("; ", faults));
        }
        return new SchemaMap(Map.copyOf(schemas));
    }

    private static void add(String part, Map<String, String> schemas, Set<String> taken) {
        int colon = part.lastIndexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException(part.isBlank() ? "is empty" : "has no colon");
        }
        String key = part.substring(0, colon).strip();
        if (key.isEmpty()) {
            throw new IllegalArgumentException("has no key");
        }
        String schema = nameOf(part.substring(colon + 1));
        if (schemas.putIfAbsent(key, schema) != null) {
            throw new IllegalArgumentException("has the key of a part before");
        }
        if (!taken.add(schema)) {
            throw new IllegalArgumentException("has the schema of a part before");
        }
    }

    private static String nameOf(String text) {
        try {
            return SchemaName.of(text).name();
        } catch (IllegalArgumentException fault) {
            throw new IllegalArgumentException("has a schema that " + fault.getMessage(), fault);
        }
    }

    /** {@return the schema of a key, or empty if it has none} */
    public Optional<String> schemaOf(String key) {
        return Optional.ofNullable(schemas.get(requireNonNull(key, "key")));
    }

    /** {@return all schemas, in no order} */
    public Set<String> schemas() {
        return Set.copyOf(schemas.values());
    }

    @Override
    public String toString() {
        return "SchemaMap[" + schemas.size() + " keys]";
    }
}
