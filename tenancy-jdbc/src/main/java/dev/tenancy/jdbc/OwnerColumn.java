package dev.tenancy.jdbc;

import dev.tenancy.TenantId;
import dev.tenancy.jdbc.internal.Sql;
import java.sql.SQLException;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The column that says whose a row is, and how a tenant's id is written in its type. An id that its type cannot have is
 * in no row; one that its type takes for another spelling is refused, since the row's tenant could be either.
 *
 * @param name its name
 */
record OwnerColumn(String name) {
    private static final Pattern UUID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final Pattern LIKE_UUID = Pattern.compile("(?i)-*([0-9a-f]-*){32}");
    private static final Pattern BIGINT = Pattern.compile("0|[1-9][0-9]{0,18}");
    private static final Pattern LIKE_BIGINT =
            Pattern.compile("[+-]?[0-9][0-9_]*|0[xX][0-9a-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+");
    private static final Set<String> TEXTS = Set.of("text", "varchar");

    /**
     * The condition that a row called {@code t} is the tenant's.
     *
     * @param type the column's type, by {@code pg_type.typname}
     * @param exact whether two different texts are never equal in it
     * @throws SQLException if the column cannot be compared with an id
     */
    String isOf(TenantId tenant, String type, boolean exact, String table) throws SQLException {
        String id = tenant.value();
        if (TEXTS.contains(type)) {
            if (!exact) {
                throw Refusal.of("column " + name + " of table " + table
                        + " takes different texts for equal (its collation is not deterministic), so that the rows of"
                        + " other tenants could be taken for this one's");
            }
            return is(id, "text");
        }
        if (type.equals("uuid")) {
            return numbered(id, "uuid", UUID, LIKE_UUID, table);
        }
        if (type.equals("int8")) {
            return numbered(id, "int8", BIGINT, LIKE_BIGINT, table);
        }
        throw Refusal.of("column " + name + " of table " + table + " has type " + type
                + "; allowed: text, varchar, uuid, bigint");
    }

    private String numbered(String id, String type, Pattern canonical, Pattern like, String table) throws SQLException {
        if (canonical.matcher(id).matches()) {
            return isBeyondBigint(id, type) ? "false" : is(id, type);
        }
        if (like.matcher(id).matches()) {
            throw Refusal.of("the tenant's id is another spelling of a " + type + ", the type of column " + name
                    + " of table " + table + "; allowed: the spelling that PostgreSQL prints");
        }
        return "false";
    }

    private static boolean isBeyondBigint(String id, String type) {
        return type.equals("int8") && id.length() == 19 && id.compareTo(Long.toString(Long.MAX_VALUE)) > 0;
    }

    private String is(String id, String type) {
        return "t." + Sql.quoted(name) + " = " + Sql.literal(id) + "::pg_catalog." + type;
    }
}
