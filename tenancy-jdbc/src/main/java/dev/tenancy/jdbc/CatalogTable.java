package dev.tenancy.jdbc;

import dev.tenancy.InvalidTenantIdException;
import dev.tenancy.Tenant;
import dev.tenancy.TenantId;
import dev.tenancy.jdbc.internal.Sql;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The table of tenants: its SQL, and how its rows are read.
 *
 * @param sql its name as SQL has it
 * @param channel where its changes are told
 */
record CatalogTable(String sql, String channel) {
    static final String USUAL_NAME = "tenancy_tenant";
    static final String ALLOWED = "[schema.]table, each of lower-case letters, digits and underscores, the table's name"
            + " at most 48 characters";
    private static final Pattern NAME = Pattern.compile("(?:([a-z_][a-z0-9_]{0,62})\\.)?([a-z_][a-z0-9_]{0,47})");

    /** The table of that name, or empty if no table can have it. */
    static Optional<CatalogTable> named(String name) {
        Matcher parts = NAME.matcher(name);
        if (!parts.matches()) {
            return Optional.empty();
        }
        String table = Sql.quoted(parts.group(2));
        return Optional.of(new CatalogTable(
                parts.group(1) == null ? table : Sql.quoted(parts.group(1)) + "." + table, parts.group(2)));
    }

    /**
     * One statement that changes many rows makes all tenants be asked for anew: cheaper than a notification each, which
     * PostgreSQL keeps until everybody who listens has read it.
     */
    String ddl() {
        String function = sql.substring(0, sql.length() - 1) + "_changed\"";
        return """
            CREATE TABLE IF NOT EXISTS %1$s (
                id text COLLATE "C" PRIMARY KEY,
                status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'suspended')),
                readable_tenants text[] NOT NULL DEFAULT '{}',
                settings jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(settings) = 'object')
            );
            CREATE OR REPLACE FUNCTION %2$s() RETURNS trigger LANGUAGE plpgsql
            SET search_path = pg_catalog, pg_temp AS $tenancy$
            DECLARE
                ids text[];
            BEGIN
                IF TG_OP = 'UPDATE' THEN
                    ids := ARRAY(SELECT id FROM before UNION SELECT id FROM after LIMIT 101);
                ELSIF TG_OP = 'INSERT' THEN
                    ids := ARRAY(SELECT id FROM after LIMIT 101);
                ELSIF TG_OP = 'DELETE' THEN
                    ids := ARRAY(SELECT id FROM before LIMIT 101);
                END IF;
                IF ids IS NULL OR cardinality(ids) > 100 THEN
                    PERFORM pg_notify('%3$s', '');
                ELSE
                    PERFORM pg_notify('%3$s', id) FROM unnest(ids) AS changed (id);
                END IF;
                RETURN NULL;
            END
            $tenancy$;
            CREATE OR REPLACE TRIGGER tenancy_inserted AFTER INSERT ON %1$s
                REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION %2$s();
            CREATE OR REPLACE TRIGGER tenancy_updated AFTER UPDATE ON %1$s
                REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION %2$s();
            CREATE OR REPLACE TRIGGER tenancy_deleted AFTER DELETE ON %1$s
                REFERENCING OLD TABLE AS before FOR EACH STATEMENT EXECUTE FUNCTION %2$s();
            CREATE OR REPLACE TRIGGER tenancy_truncated AFTER TRUNCATE ON %1$s
                FOR EACH STATEMENT EXECUTE FUNCTION %2$s();
            """.formatted(sql, function, channel);
    }

    /**
     * Selects the rows of an array of ids. No row, whatever is in it, makes the statement fail: other tenants are asked
     * for by the same one.
     */
    String select() {
        return """
            SELECT t.id, t.status, t.readable_tenants, s.names, s.texts, jsonb_typeof(t.settings) = 'object' AS is_object
            FROM %s AS t CROSS JOIN LATERAL (
                SELECT array_agg(e.key) AS names,
                    array_agg(CASE WHEN jsonb_typeof(e.value) IN ('string', 'number', 'boolean')
                        THEN e.value #>> '{}' END) AS texts
                FROM jsonb_each(CASE jsonb_typeof(t.settings) WHEN 'object' THEN t.settings END) AS e
            ) AS s
            WHERE t.id = ANY (?)""".formatted(sql);
    }

    /**
     * The tenant of the row.
     *
     * @throws MalformedRow if it says what no tenant can be
     */
    Tenant read(ResultSet row, TenantId id) throws SQLException, MalformedRow {
        Tenant.Builder tenant = Tenant.builder(id)
                .status(status(row.getString("status")))
                .readableTenants(readable(row.getArray("readable_tenants")));
        Array names = row.getArray("names");
        if (!row.getBoolean("is_object")) {
            throw new MalformedRow("settings is no JSON object");
        }
        if (names != null) {
            @Nullable String[] texts = strings(row.getArray("texts"));
            @Nullable String[] keys = strings(names);
            for (int place = 0; place < keys.length; place++) {
                if (keys[place] == null || texts[place] == null) {
                    throw new MalformedRow("a setting has a value that is no text, number or boolean");
                }
                tenant.setting(keys[place], texts[place]);
            }
        }
        return tenant.build();
    }

    private static Tenant.Status status(@Nullable String text) throws MalformedRow {
        return switch (String.valueOf(text)) {
            case "active" -> Tenant.Status.ACTIVE;
            case "suspended" -> Tenant.Status.SUSPENDED;
            default -> throw new MalformedRow("status has a bad value; allowed: active, suspended");
        };
    }

    private static Set<TenantId> readable(@Nullable Array ids) throws SQLException, MalformedRow {
        if (ids == null) {
            throw new MalformedRow("readable_tenants is NULL");
        }
        try {
            return Arrays.stream(strings(ids)).map(CatalogTable::exactly).collect(Collectors.toSet());
        } catch (IllegalArgumentException bad) {
            throw new MalformedRow("readable_tenants has what is no tenant id");
        }
    }

    private static TenantId exactly(@Nullable String text) {
        String given = String.valueOf(text);
        try {
            TenantId id = TenantId.of(given);
            if (text != null && id.value().equals(given)) {
                return id;
            }
        } catch (InvalidTenantIdException bad) {
            throw new IllegalArgumentException(bad);
        }
        throw new IllegalArgumentException("not as ids are written");
    }

    private static @Nullable String[] strings(Array array) throws SQLException {
        return (@Nullable String[]) array.getArray();
    }

    /** Says what is wrong with a row, without its values. */
    static final class MalformedRow extends Exception {
        private static final long serialVersionUID = 1L;

        private MalformedRow(String fault) {
            super(fault);
        }
    }
}
