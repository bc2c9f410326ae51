package dev.tenancy.jdbc.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read in what PostgreSQL writes down. */
class PolicyExpressionTest {
    private static final String SETTING = "tenancy.tenant_id";
    private static final String TENANT =
            "( SELECT NULLIF(current_setting('tenancy.tenant_id'::text, true), ''::text) AS \"nullif\")";
    private static final String BOUND = "(tenant_id = " + TENANT + ")";

    private static boolean isBound(String expression) {
        return new PolicyExpression(expression).isBound("tenant_id", SETTING, false);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                BOUND,
                "(" + TENANT + " = tenant_id)",
                "((tenant_id)::text = " + TENANT + ")",
                "(((tenant_id)::character varying)::text = " + TENANT + ")",
                "(tenant_id = current_setting('tenancy.tenant_id'::text))",
                "(tenant_id = ( SELECT (NULLIF(current_setting('tenancy.tenant_id'::text, true), ''::text))::uuid AS x))",
                "(tenant_id = ( SELECT tenancy.current_tenant() AS current_tenant))",
                "(" + BOUND + " AND (body = 'a OR b'::text))",
                "((kind = 'x'::text) AND (" + BOUND + " AND (NOT deleted)))",
                "(" + BOUND + " AND ((kind = 'x'::text) OR (kind = 'y'::text)))"
            })
    void isTheBoundTenant(String expression) {
        assertThat(isBound(expression)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "true",
                "(" + BOUND + " OR (body = 'x'::text))",
                "((" + BOUND + " OR true) AND (body <> ''::text))",
                "(NOT " + BOUND + ")",
                "(tenant_id <> " + TENANT + ")",
                "(tenant_id OPERATOR(public.=) " + TENANT + ")",
                "(lower(tenant_id) = " + TENANT + ")",
                "((tenant_id)::character varying(3) = " + TENANT + ")",
                "((tenant_id)::integer = " + TENANT + ")",
                "(other_id = " + TENANT + ")",
                "(tenant_id = tenant_id)",
                "(tenant_id = 'tenancy.tenant_id'::text || current_setting('x'::text))",
                "(tenant_id = COALESCE(current_setting('tenancy.tenant_id'::text, true), tenant_id))",
                "(tenant_id = ( SELECT upper(current_setting('tenancy.tenant_id'::text, true)) AS upper))",
                "(tenant_id = ( SELECT evil.current_tenant() AS current_tenant))",
                "(tenant_id = ( SELECT current_tenant() AS current_tenant))",
                "(tenant_id = ( SELECT current_setting('other.setting'::text, true) AS \"current_setting('tenancy.tenant_id')\"))",
                "(tenant_id = ANY (( SELECT tenancy.readable_tenants() AS r)::text[]))",
                "(tenant_id = ANY (string_to_array(current_setting('tenancy.tenant_id'::text), ','::text)))",
                "((tenant_id = " + TENANT + ") IS NOT FALSE)",
                "CASE WHEN true THEN true ELSE " + BOUND + " END",
                "((tenant_id = " + TENANT + ") = false)",
                "('(tenant_id = x) AND '::text = body)"
            })
    void isNot(String expression) {
        assertThat(isBound(expression)).isFalse();
    }

    @Test
    void readableTenantsMayBeSeenOnly() {
        PolicyExpression readable = new PolicyExpression(
                "(tenant_id = ANY (( SELECT tenancy.readable_tenants() AS readable_tenants)::text[]))");

        assertThat(readable.isBound("tenant_id", SETTING, true)).isTrue();
        assertThat(readable.isBound("tenant_id", SETTING, false)).isFalse();
    }

    @Test
    void whatStandsInQuotesIsNoPartOfTheExpression() {
        PolicyExpression quoted =
                new PolicyExpression("((body = 'x'' OR CASE IS'::text) AND (\"a OR b\" = E'\\\\'' ~ COALESCE('))");

        assertThat(quoted.hasWord("OR", "CASE", "IS", "COALESCE")).isFalse();
        assertThat(quoted.hasPattern()).isFalse();
    }

    /** Whatever is put beside the condition with OR, or around it, is not taken for it. */
    @Test
    void noOtherConditionMakesUpForAnOr() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<String> parts = List.of("(a = 1)", "true", "(NOT b)", "(body = 'x AND y'::text)", BOUND, "(c IS NULL)");
        for (int i = 0; i < 5_000; i++) {
            String expression = "(" + BOUND + " OR " + parts.get(random.nextInt(parts.size())) + ")";
            for (int depth = random.nextInt(4); depth > 0; depth--) {
                expression = random.nextBoolean()
                        ? "(NOT " + expression + ")"
                        : "(" + expression + (random.nextBoolean() ? " OR " : " AND ") + "(a = " + depth + "))";
            }
            assertThat(isBound(expression)).as("seed %d: %s", seed, expression).isFalse();
            assertThat(isBound("(" + expression + " AND " + BOUND + ")"))
                    .as("seed %d: AND %s", seed, expression)
                    .isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "'",
                "\"",
                "E'\\",
                "(",
                ")",
                "((",
                "current_setting(",
                "tenant_id",
                "tenant_id =",
                "= tenant_id",
                "AS",
                "AND",
                "AND AND"
            })
    void whatIsNoExpressionIsNotBoundAndNoError(String text) {
        assertThat(isBound(text)).isFalse();
        PolicyExpression expression = new PolicyExpression(text);
        assertThat(expression.comparesOtherwise("tenant_id")).isFalse();
        assertThat(expression.wraps("tenant_id")).isFalse();
        assertThat(expression.comparesWithConstant("tenant_id")).isFalse();
        assertThat(expression.readsOtherSetting(SETTING, false)).isEqualTo(text.startsWith("current"));
    }
}
