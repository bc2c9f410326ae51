package dev.tenancy.jdbc.audit;

import static dev.tenancy.jdbc.audit.RuleCase.wrong;

import java.util.List;

/** What is wrong with policies. Another one is added to those of a table that is protected. */
final class PolicyCases {
    private static final String TENANT = "nullif(pg_catalog.current_setting('tenancy.tenant_id', true), '')";
    private static final String IS_TENANT = "tenant_id = (SELECT " + TENANT + ")";
    private static final String FUNCTION = "CREATE FUNCTION fine() RETURNS boolean LANGUAGE sql ";
    private static final String MEMBERS = "CREATE TABLE members (who text, tenant text)";

    private PolicyCases() {}

    private static RuleCase using(String rule, String expression) {
        return wrong(rule, "CREATE POLICY other ON notes FOR SELECT USING (" + expression + ")");
    }

    static List<RuleCase> all() {
        return List.of(
                using("policy-true", "true"),
                using("policy-true", "(true)"),
                wrong("policy-true", "CREATE POLICY other ON notes USING (true)"),
                wrong("policy-check-true", "CREATE POLICY other ON notes FOR INSERT WITH CHECK (true)"),
                wrong("policy-check-true", "CREATE POLICY other ON notes USING (" + IS_TENANT + ") WITH CHECK (true)"),
                wrong("policy-restrictive-true", "CREATE POLICY other ON notes AS RESTRICTIVE USING (true)"),
                using("policy-false", "false"),
                using("policy-or", IS_TENANT + " OR body = 'public'")
                        .right("CREATE POLICY other ON notes FOR SELECT USING (" + IS_TENANT + " AND body = 'a or b')"),
                using("policy-or", IS_TENANT + " OR true"),
                wrong(
                        "policy-or",
                        "CREATE POLICY other ON notes FOR INSERT WITH CHECK (" + IS_TENANT + " OR body = 'x')"),
                using("policy-case", "CASE WHEN body = 'x' THEN true ELSE " + IS_TENANT + " END"),
                using("policy-null-test", "current_setting('tenancy.tenant_id', true) IS NULL")
                        .also("policy-without-nullif"),
                using("policy-null-test", "NOT (" + TENANT + " IS NOT NULL)"),
                using("policy-null-test", "tenant_id IS NOT DISTINCT FROM " + TENANT),
                using("policy-coalesce", "tenant_id = coalesce(" + TENANT + ", tenant_id)"),
                using("policy-not-equal", "tenant_id <> 'secret'"),
                using("policy-not-equal", "tenant_id >= (SELECT " + TENANT + ")"),
                using("policy-pattern", "tenant_id LIKE (SELECT " + TENANT + ") || '%'"),
                using("policy-pattern", "tenant_id ~ (SELECT " + TENANT + ")"),
                using("policy-literal", "tenant_id = 'acme'"),
                using("policy-literal", "tenant_id IN ('acme', 'shared')"),
                using("policy-login", "tenant_id = current_user").also("policy-cast-column"),
                using("policy-login", "tenant_id = session_user::text"),
                using("policy-other-setting", "tenant_id = (SELECT nullif(current_setting('app.tenant', true), ''))"),
                using("policy-wraps-column", "lower(tenant_id) = (SELECT " + TENANT + ")"),
                using("policy-wraps-column", "left(tenant_id, 3) = (SELECT " + TENANT + ")"),
                using("policy-without-column", "body = 'public'"),
                using("policy-without-column", "length((SELECT " + TENANT + ")) > 0"),
                wrong(
                        "policy-check-weaker",
                        "CREATE POLICY other ON notes USING (" + IS_TENANT + ") WITH CHECK (body <> '')"),
                using("policy-subquery", "tenant_id = (SELECT t.tenant_id FROM logs AS t LIMIT 1)")
                        .also("policy-not-bound"),
                wrong(
                                "policy-subquery-open",
                                MEMBERS,
                                "CREATE POLICY other ON notes FOR SELECT USING (tenant_id IN (SELECT tenant FROM members))")
                        .also("policy-not-bound"),
                wrong(
                        "policy-subquery-open",
                        MEMBERS,
                        "CREATE POLICY other ON notes AS RESTRICTIVE FOR SELECT USING (EXISTS (SELECT FROM members WHERE who = body))"),
                using("policy-not-bound", "tenant_id = upper((SELECT " + TENANT + "))"),
                wrong(
                        "policy-not-bound",
                        "CREATE POLICY other ON notes FOR UPDATE USING (tenant_id = ANY (string_to_array((SELECT "
                                + TENANT + "), ',')))"),
                using("policy-not-bound", "tenant_id = (SELECT " + TENANT + "::varchar(3))"),
                using("policy-not-bound", "NOT (tenant_id = (SELECT " + TENANT + "))"),
                wrong(
                        "policy-not-bound",
                        "CREATE OPERATOR public.= (LEFTARG = text, RIGHTARG = text, FUNCTION = pg_catalog.textne)",
                        "CREATE POLICY other ON notes FOR SELECT USING (tenant_id OPERATOR(public.=) (SELECT " + TENANT
                                + "))"),
                wrong("policy-for-some", "CREATE POLICY other ON notes FOR SELECT TO $app USING (" + IS_TENANT + ")")
                        .right("CREATE POLICY other ON notes FOR UPDATE TO $owner USING (" + IS_TENANT + ")"),
                wrong("policy-without-guard", "DROP POLICY tenancy_restrictive ON notes"),
                wrong(
                        "policy-without-guard",
                        "DROP POLICY tenancy_restrictive ON notes",
                        "CREATE POLICY guard ON notes AS RESTRICTIVE FOR SELECT USING (" + IS_TENANT + ")"),
                wrong(
                        "policy-not-sealed",
                        "CREATE SCHEMA tenancy",
                        "CREATE FUNCTION tenancy.current_tenant() RETURNS text LANGUAGE sql STABLE AS 'SELECT NULL::text'",
                        "ALTER TABLE logs ALTER COLUMN tenant_id SET DEFAULT tenancy.current_tenant()",
                        "ALTER TABLE comments ALTER COLUMN tenant_id SET DEFAULT tenancy.current_tenant()",
                        "ALTER TABLE notes ALTER COLUMN tenant_id SET DEFAULT tenancy.current_tenant()"),
                using("policy-volatile", IS_TENANT + " AND random() >= 0"),
                wrong(
                                "policy-volatile",
                                FUNCTION + "AS 'SELECT true'",
                                "CREATE POLICY other ON notes FOR SELECT USING (" + IS_TENANT + " AND fine())")
                        .right(
                                FUNCTION + "STABLE AS 'SELECT true'",
                                "CREATE POLICY other ON notes FOR SELECT USING (" + IS_TENANT + " AND fine())"),
                wrong(
                        "policy-definer",
                        FUNCTION + "STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS 'SELECT true'",
                        "REVOKE ALL ON FUNCTION fine() FROM PUBLIC",
                        "CREATE POLICY other ON notes FOR SELECT USING (" + IS_TENANT + " AND fine())"),
                wrong(
                                "policy-mutable-function",
                                FUNCTION + "STABLE AS 'SELECT true'",
                                "ALTER FUNCTION fine() OWNER TO $app",
                                "CREATE POLICY other ON notes FOR SELECT USING (" + IS_TENANT + " AND fine())")
                        .also("role-owns-function"),
                wrong(
                        "policy-constant-function",
                        FUNCTION + "IMMUTABLE AS 'SELECT current_setting(''x.y'', true) = ''a'''",
                        "CREATE POLICY other ON notes FOR SELECT USING (" + IS_TENANT + " AND fine())"),
                wrong(
                        "policy-cast-column",
                        "ALTER TABLE logs ADD COLUMN extra int",
                        "CREATE POLICY other ON notes FOR SELECT USING (tenant_id::varchar = (SELECT " + TENANT + "))"),
                using("policy-without-initplan", "tenant_id = " + TENANT),
                using("policy-strict-setting", "tenant_id = (SELECT nullif(current_setting('tenancy.tenant_id'), ''))"),
                using("policy-without-nullif", "tenant_id = (SELECT current_setting('tenancy.tenant_id', true))"),
                wrong("policy-check-missing", "CREATE POLICY other ON notes FOR INSERT"),
                wrong(
                        "policy-check-differs",
                        "CREATE POLICY other ON notes USING (" + IS_TENANT + ") WITH CHECK (" + IS_TENANT
                                + " AND body <> '')"),
                wrong(
                        "policy-reads-only",
                        "DROP POLICY tenancy_permissive ON notes",
                        "CREATE POLICY reading ON notes FOR SELECT USING (" + IS_TENANT + ")"),
                wrong(
                        "policy-duplicate",
                        "CREATE POLICY zz ON notes USING (" + IS_TENANT + ") WITH CHECK (" + IS_TENANT + ")"),
                wrong("policy-placeholder", "CREATE POLICY \"todoLater\" ON notes FOR SELECT USING (" + IS_TENANT + ")")
                        .right("CREATE POLICY stop_at_midnight ON notes FOR SELECT USING (" + IS_TENANT + ")"));
    }
}
