package dev.tenancy.jdbc;

import dev.tenancy.TenantId;
import dev.tenancy.jdbc.internal.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What must hold before anything is said, or done, of a tenant's rows: all of it is looked at before the first row. */
final class TenantChecks {
    /** A condition on the row as a whole depends on no column, as the catalogs have it: it is seen by its tree. */
    private static final String POLICIES = """
            SELECT p.polname, p.polpermissive, p.polcmd, pg_catalog.pg_get_expr(p.polqual, p.polrelid) AS condition,
                NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d
                    WHERE d.classid = 'pg_catalog.pg_policy'::pg_catalog.regclass AND d.objid = p.oid
                        AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid = p.polrelid
                        AND d.deptype = 'n' AND d.refobjsubid IS DISTINCT FROM (SELECT a.attnum::pg_catalog.int4
                            FROM pg_catalog.pg_attribute AS a WHERE a.attrelid = p.polrelid AND a.attname = ?))
                    AND p.polqual::pg_catalog.text NOT LIKE '%:varattno 0 %' AS of_tenant
            FROM pg_catalog.pg_policy AS p
            WHERE p.polrelid = ? AND p.polcmd IN ('*', 'r', 'd') AND p.polqual IS NOT NULL
                AND (0 = ANY (p.polroles) OR EXISTS (SELECT FROM pg_catalog.unnest(p.polroles) AS r (oid)
                    WHERE r.oid <> 0 AND pg_catalog.pg_has_role(r.oid, 'USAGE')))""";

    private final Connection connection;
    private final TenantId tenant;
    private final OwnerColumn column;
    private final TenantTables tables;

    TenantChecks(Connection connection, TenantId tenant, OwnerColumn column, TenantTables tables) {
        this.connection = connection;
        this.tenant = tenant;
        this.column = column;
        this.tables = tables;
    }

    /**
     * The current role sees every row of the tenant.
     *
     * @throws SQLException naming the tables where it does not
     */
    void allIsSeen() throws SQLException {
        refuse(
                "may not be read by this role (it needs SELECT, and USAGE of the schema)",
                tables.all().stream()
                        .filter(table -> table.kind() != TenantTable.Kind.EMPTY
                                && !table.rights().select())
                        .toList());
        refuseHidden(Set.of("*", "r"));
    }

    /**
     * The current role may delete every row of the tenant, and deleting them changes no other.
     *
     * @throws SQLException naming what is in the way
     */
    void allMayBeDeleted() throws SQLException {
        allIsSeen();
        refuse(
                "may not be deleted from by this role (it needs DELETE)",
                deletedFrom().stream().filter(table -> !table.rights().delete()).toList());
        refuseHidden(Set.of("*", "d"));
        refuseActionsOnOthers();
    }

    private List<TenantTable> deletedFrom() {
        return tables.all().stream()
                .filter(table -> table.kind().isStored() && !table.owned())
                .toList();
    }

    private static void refuse(String why, List<TenantTable> refused) throws SQLException {
        if (!refused.isEmpty()) {
            throw new SQLException(
                    refused.stream().map(TenantTable::sql).collect(Collectors.joining(", ")) + " " + why
                            + "; nothing is done or said of the tenant's rows",
                    SqlStates.NOT_PERMITTED);
        }
    }

    private void refuseActionsOnOthers() throws SQLException {
        List<Long> targets = deletedFrom().stream().map(TenantTable::oid).toList();
        List<String> faults = new ArrayList<>();
        for (ForeignKey key : tables.keys()) {
            if (!targets.contains(key.parent()) || key.onDelete() == ForeignKey.Action.REFUSE) {
                continue;
            }
            if (!tables.has(key.child()) || !key.isWithinTenant(column.name())) {
                faults.add(key.called() + " could delete or change rows of other tenants with a row that it refers to:"
                        + " it has an action ON DELETE and does not lead with " + column.name() + " on both sides");
            } else if (key.clearsColumn(column.name())) {
                faults.add(key.called() + " would take " + column.name()
                        + " from rows, so that they were nobody's: name the columns that ON DELETE may set");
            }
        }
        if (!faults.isEmpty()) {
            throw Refusal.of(String.join("; ", faults));
        }
    }

    private void refuseHidden(Set<String> commands) throws SQLException {
        for (TenantTable table : tables.all()) {
            if (table.rowSecurity() && !table.ofTenant().equals("false") && !shows(table, commands)) {
                throw Refusal.of("the policies of table " + table.sql()
                        + " that apply to this role may hide rows of the tenant from it; use a role that they show all"
                        + " of them to, or that has BYPASSRLS");
            }
        }
    }

    /**
     * A policy that looks at nothing of a row but its tenant says the same of every row of the tenant, so that one row
     * is enough to ask it.
     */
    private boolean shows(TenantTable table, Set<String> commands) throws SQLException {
        boolean permitted = false;
        for (Policy policy : policies(table)) {
            if (!commands.contains(policy.command())) {
                continue;
            }
            boolean shown = policy.ofTenantOnly() && holds(policy, table);
            if (!policy.permissive() && !shown) {
                return false;
            }
            permitted |= policy.permissive() && shown;
        }
        return permitted;
    }

    private List<Policy> policies(TenantTable table) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(POLICIES)) {
            select.setString(1, column.name());
            select.setLong(2, table.oid());
            try (ResultSet row = select.executeQuery()) {
                List<Policy> policies = new ArrayList<>();
                while (row.next()) {
                    policies.add(new Policy(
                            row.getString("polcmd"),
                            row.getBoolean("polpermissive"),
                            row.getString("condition"),
                            row.getBoolean("of_tenant")));
                }
                return policies;
            }
        }
    }

    private boolean holds(Policy policy, TenantTable table) throws SQLException {
        String type = table.columns().stream()
                .filter(any -> any.name().equals(column.name()))
                .map(any -> any.column().type())
                .findFirst()
                .orElse("text");
        String row = Sql.literal(tenant.value()) + "::" + type + " AS " + Sql.quoted(column.name());
        try (Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery(
                        "SELECT " + policy.condition() + " FROM (SELECT " + row + ") AS " + Sql.quoted(table.name()))) {
            return answer.next() && answer.getBoolean(1);
        } catch (SQLException failure) {
            throw Refusal.during("a policy of table " + table.sql() + " cannot be asked", failure);
        }
    }

    /**
     * A policy that applies to the current role.
     *
     * @param ofTenantOnly whether it looks at no column but the tenant's
     */
    private record Policy(String command, boolean permissive, String condition, boolean ofTenantOnly) {}
}
