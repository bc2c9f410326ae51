package dev.tenancy.jdbc;

import static java.util.Objects.requireNonNull;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The tables in which a tenant may have rows, and the foreign keys between them. */
final class TenantTables {
    private final Map<Long, TenantTable> tables = new LinkedHashMap<>();
    private final List<ForeignKey> keys;

    TenantTables(List<TenantTable> tables, List<ForeignKey> keys) {
        tables.forEach(table -> this.tables.put(table.oid(), table));
        this.keys = List.copyOf(keys);
    }

    List<TenantTable> all() {
        return List.copyOf(tables.values());
    }

    /** All foreign keys that lead to or from one of the tables. */
    List<ForeignKey> keys() {
        return keys;
    }

    boolean has(long oid) {
        return tables.containsKey(oid);
    }

    /** The tables that keep rows, in groups: each after those that it refers to, all of a cycle in one. */
    List<Group> parentsFirst() {
        List<TenantTable> stored =
                all().stream().filter(table -> table.kind().isStored()).toList();
        return new Search(stored).groups();
    }

    /**
     * Tables that refer to each other in a circle, or one that is in no circle.
     *
     * @param tables the tables
     * @param keys the foreign keys among them
     */
    record Group(List<TenantTable> tables, List<ForeignKey> keys) {
        List<ForeignKey> keysTo(TenantTable table) {
            return keys.stream().filter(key -> key.parent() == table.oid()).toList();
        }

        List<ForeignKey> keysOf(TenantTable table) {
            return keys.stream().filter(key -> key.child() == table.oid()).toList();
        }

        TenantTable table(long oid) {
            return tables.stream()
                    .filter(table -> table.oid() == oid)
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** Strongly connected components, after Tarjan, SIAM Journal on Computing 1(2), 1972. */
    private final class Search {
        private final Map<Long, TenantTable> nodes = new LinkedHashMap<>();
        private final Map<Long, Set<Long>> parents = new HashMap<>();
        private final Map<Long, Integer> numbers = new HashMap<>();
        private final Map<Long, Integer> lowest = new HashMap<>();
        private final Deque<Long> path = new ArrayDeque<>();
        private final Set<Long> onPath = new HashSet<>();
        private final List<Group> groups = new ArrayList<>();

        Search(List<TenantTable> stored) {
            stored.forEach(table -> nodes.put(table.oid(), table));
            for (ForeignKey key : keys) {
                if (nodes.containsKey(key.child()) && nodes.containsKey(key.parent())) {
                    parents.computeIfAbsent(key.child(), child -> new HashSet<>())
                            .add(key.parent());
                }
            }
        }

        List<Group> groups() {
            for (Long node : nodes.keySet()) {
                if (!numbers.containsKey(node)) {
                    visit(node);
                }
            }
            return groups;
        }

        private int visit(Long node) {
            int number = numbers.size();
            numbers.put(node, number);
            lowest.put(node, number);
            path.push(node);
            onPath.add(node);
            for (Long parent : parents.getOrDefault(node, Set.of())) {
                if (!numbers.containsKey(parent)) {
                    lowest.merge(node, visit(parent), Math::min);
                } else if (onPath.contains(parent)) {
                    lowest.merge(node, numbers.getOrDefault(parent, number), Math::min);
                }
            }
            int low = lowest.getOrDefault(node, number);
            if (low == number) {
                groups.add(popTo(node));
            }
            return low;
        }

        private Group popTo(Long node) {
            Map<Long, TenantTable> members = new LinkedHashMap<>();
            Long popped;
            do {
                popped = path.pop();
                onPath.remove(popped);
                members.put(popped, requireNonNull(nodes.get(popped)));
            } while (!popped.equals(node));
            List<ForeignKey> among = keys.stream()
                    .filter(key -> members.containsKey(key.child()) && members.containsKey(key.parent()))
                    .toList();
            return new Group(List.copyOf(members.values()), among);
        }
    }
}
