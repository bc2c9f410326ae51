package dev.tenancy.jdbc.conversion;

import dev.tenancy.jdbc.internal.Sql;

/** Queries for rights and views that are not as they must be, each with the statements that mend them. */
final class AccessSql {

    /** Views and materialized views that have rows of the tables in them. */
    private static final String OVER = """
            FROM (WITH RECURSIVE over (oid) AS (
                SELECT r.ev_class FROM tab
                JOIN pg_depend AS d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = tab.oid AND d.classid = 'pg_rewrite'::regclass
                JOIN pg_rewrite AS r ON r.oid = d.objid AND r.ev_class <> tab.oid
                UNION
                SELECT r.ev_class FROM over
                JOIN pg_depend AS d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = over.oid AND d.classid = 'pg_rewrite'::regclass
                JOIN pg_rewrite AS r ON r.oid = d.objid AND r.ev_class <> over.oid
            ) SELECT oid FROM over) AS over
            JOIN pg_class AS v USING (oid)
            JOIN pg_namespace AS n ON n.oid = v.relnamespace""";

    /**
     * Before PostgreSQL 15 a view reads with its owner's rights, and the policies of the tables hold for that owner.
     */
    static final String VIEWS =
            "SELECT format('ALTER VIEW %I.%I SET (security_invoker = true, security_barrier = true)', n.nspname, v.relname) "
                    + OVER
                    + " WHERE v.relkind = 'v' AND current_setting('server_version_num')::int >= 150000"
                    + " AND NOT coalesce(v.reloptions, '{}') @> ARRAY['security_invoker=true', 'security_barrier=true']"
                    + " ORDER BY v.relname COLLATE \"C\"";

    static final String MATERIALIZED_VIEWS =
            "SELECT DISTINCT format('REVOKE ALL ON %I.%I FROM %s', n.nspname, v.relname,"
                    + " CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END) " + OVER
                    + " CROSS JOIN aclexplode(v.relacl) AS a WHERE v.relkind = 'm' AND a.grantee <> v.relowner ORDER BY 1";

    private AccessSql() {}

    /** What is in a view, the role may read already. */
    static String rightsOnViews(String role) {
        return ("SELECT format('GRANT SELECT ON %I.%I TO %I', n.nspname, v.relname, $role) " + OVER
                        + " WHERE v.relkind = 'v' AND NOT has_table_privilege($role, v.oid, 'SELECT') ORDER BY v.relname COLLATE \"C\"")
                .replace("$role", Sql.literal(role));
    }

    /** What a role needs beside rights on the tables: those of identity columns take their numbers by themselves. */
    static String rights(String schema, String role) {
        return """
                SELECT format('GRANT USAGE ON SCHEMA %I TO %I', $schema, $role)
                WHERE NOT has_schema_privilege($role, $schema, 'USAGE')
                UNION ALL
                SELECT * FROM (SELECT DISTINCT format('GRANT USAGE ON SEQUENCE %s TO %I', s.oid::regclass, $role)
                FROM tab
                JOIN pg_attrdef AS f ON f.adrelid = tab.oid
                JOIN pg_depend AS d ON d.classid = 'pg_attrdef'::regclass AND d.objid = f.oid AND d.refclassid = 'pg_class'::regclass
                JOIN pg_class AS s ON s.oid = d.refobjid
                WHERE CASE s.relkind WHEN 'S' THEN NOT has_sequence_privilege($role, s.oid, 'USAGE') END ORDER BY 1) AS sequences
                """.replace("$schema", Sql.literal(schema)).replace("$role", Sql.literal(role));
    }
}
