package dev.tenancy.jdbc;

import dev.tenancy.jdbc.internal.Sql;
import java.util.ArrayList;
import java.util.List;

/**
 * A foreign key between two tables, by their roots if they are partitioned.
 *
 * @param name its name
 * @param child the number of the table that refers
 * @param childName that table, as messages name it
 * @param parent the number of the table that is referred to
 * @param columns the columns of the child
 * @param parentColumns the columns of the parent, in the order of the child's
 * @param onDelete what happens to the child's row when the parent's is deleted
 * @param clears whether the child's columns that are then set are all, or include this one
 * @param full whether all its columns are NULL or none
 */
record ForeignKey(
        String name,
        long child,
        String childName,
        long parent,
        List<String> columns,
        List<String> parentColumns,
        Action onDelete,
        List<String> clears,
        boolean full) {

    /** What happens to a row when the one it refers to is deleted. */
    enum Action {
        /** The deletion fails. */
        REFUSE,
        /** It is deleted too. */
        CASCADE,
        /** Its columns become NULL or their default. */
        CLEAR;

        static Action of(String confdeltype) {
            return switch (confdeltype) {
                case "c" -> CASCADE;
                case "n", "d" -> CLEAR;
                default -> REFUSE;
            };
        }
    }

    boolean isWithinTenant(String column) {
        int place = columns.indexOf(column);
        return place >= 0 && parentColumns.get(place).equals(column);
    }

    boolean clearsColumn(String column) {
        return onDelete == Action.CLEAR && clears.contains(column);
    }

    boolean isToItself() {
        return child == parent;
    }

    /** The condition that the row {@code c} of the child refers to the row {@code t} of the parent. */
    String refers() {
        List<String> pairs = new ArrayList<>();
        for (int place = 0; place < columns.size(); place++) {
            pairs.add("c." + Sql.quoted(columns.get(place)) + " = t." + Sql.quoted(parentColumns.get(place)));
        }
        return String.join(" AND ", pairs);
    }

    String called() {
        return "foreign key " + Sql.quoted(name) + " of table " + childName;
    }
}
