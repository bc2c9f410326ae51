package dev.tenancy.jdbc.attack;

import java.util.List;

/**
 * Statements that are run one after the other, whatever becomes of each. {@code $A} and {@code $B} stand for the
 * tenants as constants, {@code $T} for their type.
 */
record Attack(String name, List<String> statements) {

    static Attack of(String... statements) {
        return new Attack(String.join("; ", statements), List.of(statements));
    }

    List<String> on(Column column) {
        return statements.stream()
                .map(sql -> sql.replace("$A", "'" + column.attacker + "'")
                        .replace("$B", "'" + column.victim + "'")
                        .replace("$T", column.type))
                .toList();
    }

    @Override
    public String toString() {
        return name;
    }
}
