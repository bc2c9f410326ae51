package dev.tenancy.jdbc.audit;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A policy that applies to the application's role, as the catalogs have it.
 *
 * @param command {@code *} for all, {@code r} SELECT, {@code a} INSERT, {@code w} UPDATE, {@code d} DELETE
 * @param check what WITH CHECK says; empty if it says nothing
 * @param ofTenant whether the table has a tenant column
 */
record Policy(
        String table,
        String name,
        boolean permissive,
        char command,
        boolean forAll,
        Optional<PolicyExpression> using,
        Optional<PolicyExpression> check,
        boolean ofTenant,
        boolean sealed,
        boolean writable,
        Calls calls,
        Mends mends,
        String quotedName) {

    /**
     * What it asks beside the row.
     *
     * @param isVolatile volatile functions
     * @param definer SECURITY DEFINER functions
     * @param mutable functions that the application's role can change
     * @param constant functions that are marked IMMUTABLE and read the session
     * @param closed tables with row-level security
     * @param open tables without
     */
    record Calls(
            List<String> isVolatile,
            List<String> definer,
            List<String> mutable,
            List<String> constant,
            List<String> closed,
            List<String> open) {}

    /**
     * SQL that changes it.
     *
     * @param rewrite makes it compare with the bound tenant; none if the table has no tenant column
     * @param guard gives the table the policies that it should have
     */
    record Mends(Optional<String> rewrite, String drop, String rename, Optional<String> guard) {}

    static List<Policy> all(ResultSet row) throws SQLException {
        List<Policy> all = new ArrayList<>();
        while (row.next()) {
            all.add(new Policy(
                    row.getString(1),
                    row.getString(2),
                    row.getBoolean(3),
                    row.getString(4).charAt(0),
                    row.getBoolean(5),
                    Optional.ofNullable(row.getString(6)).map(PolicyExpression::new),
                    Optional.ofNullable(row.getString(7)).map(PolicyExpression::new),
                    row.getBoolean(8),
                    row.getBoolean(9),
                    row.getBoolean(10),
                    new Calls(list(row, 11), list(row, 12), list(row, 13), list(row, 14), list(row, 15), list(row, 16)),
                    new Mends(
                            Optional.ofNullable(row.getString(17)),
                            row.getString(18),
                            row.getString(19),
                            Optional.ofNullable(row.getString(20))),
                    row.getString(21)));
        }
        return all;
    }

    private static List<String> list(ResultSet row, int column) throws SQLException {
        return List.of((String[]) row.getArray(column).getArray());
    }

    /** What it says, in both places. */
    List<PolicyExpression> expressions() {
        List<PolicyExpression> all = new ArrayList<>();
        using.ifPresent(all::add);
        check.ifPresent(all::add);
        return all;
    }

    boolean covers(char wanted) {
        return command == '*' || command == wanted;
    }

    /** As reports name it. */
    String object() {
        return "policy " + quotedName + " on " + table;
    }
}
