package dev.tenancy.jdbc.conversion;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** What somebody has to decide or to change before a schema can be converted. */
final class Obstacles {
    private static final String QUERY = """
            SELECT text FROM (
                SELECT 1, format('table %s is owned by %I, and only its owner can convert it', tab.name, pg_get_userbyid(c.relowner))
                FROM tab JOIN pg_class AS c USING (oid) WHERE NOT pg_has_role(c.relowner, 'MEMBER')
                UNION ALL
                SELECT 2, format('table %s inherits, or is inherited from: make it a partitioned table, or one without children', tab.name)
                FROM tab WHERE EXISTS (SELECT FROM pg_inherits AS i JOIN pg_class AS child ON child.oid = i.inhrelid
                    WHERE tab.oid IN (i.inhrelid, i.inhparent) AND NOT child.relispartition)
                UNION ALL
                SELECT 3, format('column $column of table %s is of type %s; allowed: $type', tab.name, format_type(a.atttypid, a.atttypmod))
                FROM tab JOIN pg_attribute AS a ON a.attrelid = tab.oid AND a.attnum = tab.tenant
                WHERE a.atttypid <> '$type'::regtype
                UNION ALL
                SELECT 4, format('foreign key %I of table %s is from a table that is shared: leave the key out, or convert the table',
                    c.conname, c.conrelid::regclass)
                FROM pg_constraint AS c JOIN tab ON tab.oid = c.confrelid
                WHERE c.contype = 'f' AND c.conparentid = 0 AND NOT EXISTS (SELECT FROM tab AS child WHERE child.oid = c.conrelid)
                UNION ALL
                SELECT 5, format('foreign key %I of table %s is %s, which would take the tenant away with the rest: give it another action',
                    c.conname, child.name, CASE WHEN c.confupdtype IN ('n', 'd') THEN 'ON UPDATE SET NULL or SET DEFAULT'
                        ELSE 'ON DELETE SET NULL or SET DEFAULT (which columns, can be said since PostgreSQL 15)' END)
                FROM pg_constraint AS c JOIN tab AS child ON child.oid = c.conrelid JOIN tab AS parent ON parent.oid = c.confrelid
                WHERE c.contype = 'f' AND c.conparentid = 0 AND (c.confupdtype IN ('n', 'd')
                    OR (c.confdeltype IN ('n', 'd') AND current_setting('server_version_num')::int < 150000))
                    AND NOT EXISTS (SELECT FROM unnest(c.conkey, c.confkey) AS u (mine, other)
                        WHERE u.mine = child.tenant AND u.other = parent.tenant)
                UNION ALL
                SELECT 6, format('foreign key %I of table %s is MATCH FULL, which the tenant would make stricter: make it MATCH SIMPLE',
                    c.conname, child.name)
                FROM pg_constraint AS c JOIN tab AS child ON child.oid = c.conrelid JOIN tab AS parent ON parent.oid = c.confrelid
                WHERE c.contype = 'f' AND c.conparentid = 0 AND c.confmatchtype = 'f' AND cardinality(c.conkey) > 1
                    AND NOT EXISTS (SELECT FROM unnest(c.conkey, c.confkey) AS u (mine, other)
                        WHERE u.mine = child.tenant AND u.other = parent.tenant)
                UNION ALL
                SELECT 7, format('%s depends on the key %I of table %s, which has to be made anew: drop it before, and make it again after',
                    pg_describe_object(d.classid, d.objid, d.objsubid), c.conname, tab.name)
                FROM tab JOIN pg_constraint AS c ON c.conrelid = tab.oid AND c.contype IN ('p', 'u') AND c.conparentid = 0
                JOIN pg_index AS i ON i.indexrelid = c.conindid AND i.indkey[0] IS DISTINCT FROM tab.tenant
                JOIN pg_depend AS d ON d.refclassid = 'pg_constraint'::regclass AND d.refobjid = c.oid AND d.deptype = 'n'
                UNION ALL
                SELECT 8, format('exclusion constraint %I of table %s can have no tenant in it: create the extension btree_gist', c.conname, tab.name)
                FROM tab JOIN pg_constraint AS c ON c.conrelid = tab.oid AND c.contype = 'x'
                JOIN pg_class AS ic ON ic.oid = c.conindid
                WHERE (tab.tenant IS NULL OR tab.tenant <> ALL (c.conkey)) AND NOT EXISTS (SELECT FROM pg_opclass AS o
                    WHERE o.opcmethod = ic.relam AND o.opcintype = '$type'::regtype AND o.opcdefault)
            ) AS obstacle (place, text) ORDER BY place, text""";

    private Obstacles() {}

    static List<String> of(Statement statement, ConversionSettings settings) throws SQLException {
        List<String> found = new ArrayList<>();
        try (ResultSet row = statement.executeQuery(
                settings.query(QUERY.replace("$type", settings.column().sqlType())))) {
            while (row.next()) {
                found.add(row.getString(1));
            }
        }
        return found;
    }
}
