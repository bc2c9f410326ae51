package dev.tenancy.jdbc;

import static dev.tenancy.jdbc.RowLevelSecurity.TENANT_COLUMN;

import dev.tenancy.jdbc.internal.Sql;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The policies of one tenant table. */
final class TablePolicies {
    private final String table;
    private final TenantExpression.Predicate isOwn;
    private final TenantExpression.Predicate isReadable;

    /** Of a table, whose name is given as SQL. */
    TablePolicies(String table, TenantColumn column, boolean sealed) {
        this.table = table;
        this.isOwn = TenantExpression.isOwn(TENANT_COLUMN, column, sealed);
        this.isReadable = TenantExpression.isReadable(TENANT_COLUMN, column, sealed);
    }

    /**
     * The policies. To PUBLIC, since a policy for one role can be dropped by that role (DROP OWNED BY); and of both
     * kinds, since a permissive policy that somebody adds later must not widen what these allow.
     *
     * @param readable whether rows of readable tenants are shown too
     */
    List<Requirement> requirements(boolean readable) {
        Policy all = new Policy("tenancy_permissive", true, "ALL", "*", isOwn, isOwn);
        Policy restrictive = new Policy("tenancy_restrictive", false, "ALL", "*", isOwn, isOwn);
        List<Policy> ofReaders = List.of(
                new Policy("tenancy_readable", true, "SELECT", "r", isReadable, null),
                new Policy("tenancy_restrictive_select", false, "SELECT", "r", isReadable, null),
                new Policy("tenancy_restrictive_insert", false, "INSERT", "a", null, isOwn),
                new Policy("tenancy_restrictive_update", false, "UPDATE", "w", isOwn, isOwn),
                new Policy("tenancy_restrictive_delete", false, "DELETE", "d", isOwn, null));
        List<Requirement> policies = new ArrayList<>(List.of(policy(all)));
        (readable ? ofReaders : List.of(restrictive)).forEach(policy -> policies.add(policy(policy)));
        (readable ? List.of(restrictive) : ofReaders).forEach(policy -> policies.add(without(policy)));
        return policies;
    }

    /** A policy for everybody; {@code code} is what the catalog calls the command. */
    private record Policy(
            String name,
            boolean permissive,
            String command,
            String code,
            TenantExpression.@Nullable Predicate using,
            TenantExpression.@Nullable Predicate check) {}

    /** In one statement, so that the table is never without the policy. */
    private Requirement policy(Policy policy) {
        return new Requirement(
                "the policy " + policy.name + " for everybody",
                "EXISTS (SELECT FROM pg_catalog.pg_policy WHERE " + named(policy) + " AND polpermissive = "
                        + policy.permissive + " AND polcmd = '" + policy.code + "' AND polroles = '{0}'"
                        + " AND pg_catalog.pg_get_expr(polqual, polrelid) IS NOT DISTINCT FROM "
                        + stored(policy.using)
                        + " AND pg_catalog.pg_get_expr(polwithcheck, polrelid) IS NOT DISTINCT FROM "
                        + stored(policy.check) + ")",
                drop(policy) + " CREATE POLICY " + policy.name + " ON " + table + " AS "
                        + (policy.permissive ? "PERMISSIVE" : "RESTRICTIVE") + " FOR " + policy.command + " TO PUBLIC"
                        + (policy.using == null ? "" : " USING (" + policy.using.sql() + ")")
                        + (policy.check == null ? "" : " WITH CHECK (" + policy.check.sql() + ")") + ";");
    }

    private Requirement without(Policy policy) {
        return new Requirement(
                "no policy " + policy.name,
                "NOT EXISTS (SELECT FROM pg_catalog.pg_policy WHERE " + named(policy) + ")",
                drop(policy));
    }

    private String named(Policy policy) {
        return "polrelid = " + TableRequirements.oid(table) + " AND polname = '" + policy.name + "'";
    }

    private String drop(Policy policy) {
        return "DROP POLICY IF EXISTS " + policy.name + " ON " + table + ";";
    }

    private static String stored(TenantExpression.@Nullable Predicate predicate) {
        return predicate == null ? "NULL" : Sql.literal(predicate.asStored());
    }
}
