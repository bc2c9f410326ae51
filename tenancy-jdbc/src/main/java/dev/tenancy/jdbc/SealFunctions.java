package dev.tenancy.jdbc;

import java.util.List;

/**
 * What the server needs to check seals, as SQL: a schema, a table of keys that only its owner reads, and functions that
 * everybody may call.
 *
 * <p>The functions run as their owner (PostgreSQL manual, section 36.10), with a {@code search_path} of their own, so
 * that nothing of the caller's is found in place of what they call. They never raise an error on what a caller made up:
 * nothing of a seal is read as anything but text until its signature is checked.
 */
final class SealFunctions {
    static final String SCHEMA = "tenancy";
    static final String CURRENT_TENANT = SCHEMA + ".current_tenant()";
    static final String READABLE_TENANTS = SCHEMA + ".readable_tenants()";

    /** What a seal that is not accepted raises, where a tenant is bound. */
    static final String NOT_ACCEPTED = "TS001";

    private static final String KEYS = SCHEMA + ".seal_key";

    /** A longer one is refused before it is hashed: a caller's text must not cost the server more than that. */
    static final int MOST_CHARACTERS = 8_192;

    /** The signature in hexadecimal, at the end. */
    private static final int SIGNATURE = 64;

    private SealFunctions() {}

    /** The statements, in their order; each may be run again and changes nothing then. */
    static List<String> statements() {
        return List.of(
                "CREATE SCHEMA IF NOT EXISTS " + SCHEMA,
                "CREATE TABLE IF NOT EXISTS " + KEYS + " (id text COLLATE \"C\" PRIMARY KEY,"
                        + " inner_pad bytea NOT NULL CHECK (octet_length(inner_pad) = 64),"
                        + " outer_pad bytea NOT NULL CHECK (octet_length(outer_pad) = 64))",
                requireOwn(),
                "REVOKE ALL ON " + KEYS + " FROM PUBLIC",
                "REVOKE ALL ON SCHEMA " + SCHEMA + " FROM PUBLIC",
                "GRANT USAGE ON SCHEMA " + SCHEMA + " TO PUBLIC",
                checking(CURRENT_TENANT, "text", "split_part(signed, ';', 5)"),
                checking(
                        READABLE_TENANTS,
                        "text[]",
                        "string_to_array(split_part(signed, ';', 5) || split_part(signed, ';', 6), ',')"),
                requiring());
    }

    /** Somebody may have made a schema or a table of that name before, to be given the keys. */
    private static String requireOwn() {
        return "DO $$BEGIN IF EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = '" + SCHEMA
                + "' AND nspowner <> current_user::regrole) OR EXISTS (SELECT FROM pg_catalog.pg_class WHERE oid = '"
                + KEYS + "'::regclass AND relowner <> current_user::regrole) OR EXISTS (SELECT FROM pg_catalog.pg_proc"
                + " WHERE pronamespace = '" + SCHEMA + "'::regnamespace AND proowner <> current_user::regrole) THEN"
                + " RAISE EXCEPTION 'the schema " + SCHEMA + " has something that belongs to another role;"
                + " it would see the keys'; END IF; END$$";
    }

    /**
     * Both signatures are hashed once more before they are compared, so that the time which that takes tells nothing of
     * the right one.
     */
    private static String checking(String function, String type, String result) {
        return "CREATE OR REPLACE FUNCTION " + function + " RETURNS " + type + " LANGUAGE plpgsql"
                + " STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$"
                + """

                DECLARE
                    seal text := current_setting('%1$s', true);
                    signed text;
                    inner_key bytea;
                    outer_key bytea;
                BEGIN
                    IF seal IS NULL OR octet_length(seal) <= %2$d OR octet_length(seal) > %3$d THEN
                        RETURN NULL;
                    END IF;
                    signed := left(seal, -%2$d);
                    SELECT inner_pad, outer_pad INTO inner_key, outer_key
                        FROM %4$s WHERE id = split_part(signed, ';', 2);
                    IF NOT FOUND THEN
                        RETURN NULL;
                    END IF;
                    IF sha256(convert_to(encode(sha256(outer_key || sha256(inner_key
                                || convert_to(signed, getdatabaseencoding()))), 'hex'), getdatabaseencoding()))
                            IS DISTINCT FROM sha256(convert_to(right(seal, %2$d), getdatabaseencoding())) THEN
                        RETURN NULL;
                    END IF;
                    IF split_part(signed, ';', 3)::bigint <= extract(epoch FROM clock_timestamp())
                            OR split_part(signed, ';', 4) NOT IN ('', pg_backend_pid()::text) THEN
                        RETURN NULL;
                    END IF;
                    RETURN %5$s;
                END""".formatted(TenantSeal.SETTING, SIGNATURE, MOST_CHARACTERS, KEYS, result)
                + "$$";
    }

    /** Has no parameters: the text of an error may show those (PostgreSQL manual, section 20.8). */
    private static String requiring() {
        return "CREATE OR REPLACE FUNCTION " + SCHEMA + ".require_tenant() RETURNS void LANGUAGE plpgsql"
                + " STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$"
                + """

                BEGIN
                    IF %1$s IS NULL THEN
                        RAISE EXCEPTION 'the seal of the tenant is not accepted'
                            USING ERRCODE = '%2$s',
                                HINT = 'its key is unknown to the database, it has expired, or the clocks differ';
                    END IF;
                END""".formatted(CURRENT_TENANT, NOT_ACCEPTED)
                + "$$";
    }
}
