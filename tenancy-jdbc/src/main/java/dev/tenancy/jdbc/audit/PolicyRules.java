package dev.tenancy.jdbc.audit;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The rules about what policies say. */
final class PolicyRules {
    private static final Pattern UNFINISHED =
            Pattern.compile("(^|_)(todo|fixme|tmp|hack|xxx|debug|placeholder)(_|[0-9]*$)");

    private final RuleFile rules;
    private final String column;
    private final String setting;
    private final List<Policy> policies;
    private final List<Finding> findings = new ArrayList<>();

    private PolicyRules(List<Policy> policies, RuleFile rules, AuditSettings settings) {
        this.policies = policies;
        this.rules = rules;
        this.column = settings.column();
        this.setting = settings.setting();
    }

    static List<Finding> findings(List<Policy> policies, RuleFile rules, AuditSettings settings) {
        PolicyRules check = new PolicyRules(policies, rules, settings);
        policies.forEach(check::look);
        Map<String, List<Policy>> byTable = policies.stream()
                .collect(Collectors.groupingBy(Policy::table, LinkedHashMap::new, Collectors.toList()));
        byTable.values().forEach(check::lookAtAll);
        return check.findings;
    }

    private void look(Policy policy) {
        lookAtFunctions(policy);
        if (!policy.ofTenant()) {
            return;
        }
        if (!policy.forAll()) {
            found("policy-for-some", policy, Optional.empty());
        }
        boolean constant = lookAtConstants(policy);
        boolean guards =
                policy.permissive() || policy.expressions().stream().anyMatch(expression -> expression.names(column));
        if (guards && !constant && !lookAtWays(policy)) {
            lookAtBinding(policy);
        }
        if (guards) {
            lookAtForm(policy);
        }
    }

    private void lookAtFunctions(Policy policy) {
        foundIfAny("policy-volatile", policy, policy.calls().isVolatile());
        foundIfAny("policy-definer", policy, policy.calls().definer());
        foundIfAny("policy-mutable-function", policy, policy.calls().mutable());
        foundIfAny("policy-constant-function", policy, policy.calls().constant());
        foundIfAny("policy-subquery", policy, policy.calls().closed());
        foundIfAny("policy-subquery-open", policy, policy.calls().open());
        if (UNFINISHED
                .matcher(policy.name().replaceAll("([a-z])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT))
                .find()) {
            add(
                    "policy-placeholder",
                    policy.object(),
                    Optional.empty(),
                    Optional.of(policy.mends().rename()));
        }
    }

    private boolean lookAtConstants(Policy policy) {
        boolean showsAll = has(policy.using(), expression -> expression.isConstant(true));
        boolean takesAll = has(policy.check(), expression -> expression.isConstant(true));
        boolean never = policy.expressions().stream().anyMatch(expression -> expression.isConstant(false));
        if (showsAll || takesAll) {
            found(
                    !policy.permissive() ? "policy-restrictive-true" : showsAll ? "policy-true" : "policy-check-true",
                    policy,
                    Optional.empty());
        }
        if (never) {
            found("policy-false", policy, Optional.empty());
        }
        if (policy.command() == 'a' && policy.check().isEmpty()) {
            found("policy-check-missing", policy, Optional.empty());
            return true;
        }
        return showsAll || takesAll || never;
    }

    private static boolean has(Optional<PolicyExpression> expression, Predicate<PolicyExpression> property) {
        return expression.filter(property).isPresent();
    }

    /** Looks for ways around the tenant that have a name; whether there is one. */
    private boolean lookAtWays(Policy policy) {
        return List.of(
                        foundIf("policy-or", policy, e -> e.hasWord("OR")),
                        foundIf("policy-case", policy, e -> e.hasWord("CASE")),
                        foundIf("policy-null-test", policy, e -> e.hasWord("IS")),
                        foundIf("policy-coalesce", policy, e -> e.hasWord("COALESCE")),
                        foundIf("policy-not-equal", policy, e -> e.comparesOtherwise(column)),
                        foundIf("policy-pattern", policy, PolicyExpression::hasPattern),
                        foundIf("policy-literal", policy, e -> e.comparesWithConstant(column)),
                        foundIf("policy-login", policy, PolicyExpression::namesLogin),
                        foundIf(
                                "policy-other-setting",
                                policy,
                                e -> e.readsOtherSetting(setting, policy.command() == 'r')),
                        foundIf("policy-wraps-column", policy, e -> e.wraps(column)))
                .contains(true);
    }

    private void lookAtBinding(Policy policy) {
        if (!policy.permissive()) {
            return;
        }
        boolean shows =
                policy.using().map(expression -> isBound(policy, expression)).orElse(true);
        boolean takes =
                policy.check().map(expression -> isBound(policy, expression)).orElse(shows);
        if (policy.expressions().stream().noneMatch(expression -> expression.names(column))) {
            found("policy-without-column", policy, Optional.empty());
        } else if (!shows || (policy.using().isEmpty() && !takes)) {
            found("policy-not-bound", policy, Optional.empty());
        } else if (!takes) {
            found("policy-check-weaker", policy, policy.check().map(PolicyExpression::text));
        } else if (policy.using().isPresent()
                && policy.check().isPresent()
                && !policy.using().get().text().equals(policy.check().get().text())) {
            found("policy-check-differs", policy, policy.check().map(PolicyExpression::text));
        }
    }

    private boolean isBound(Policy policy, PolicyExpression expression) {
        return expression.isBound(column, setting, policy.command() == 'r');
    }

    private void lookAtForm(Policy policy) {
        boolean readable = policy.command() == 'r';
        foundIf(
                "policy-cast-column",
                policy,
                e -> e.bindings(column, setting, readable).anyMatch(TenantCondition::cast));
        foundIf(
                "policy-without-initplan",
                policy,
                e -> e.bindings(column, setting, readable).anyMatch(side -> !side.isAskedOnce()));
        foundIf("policy-strict-setting", policy, PolicyExpression::isStrict);
        foundIf("policy-without-nullif", policy, e -> e.readsSetting(setting) && e.takesEmptyForTenant());
        foundIf("policy-not-sealed", policy, e -> policy.sealed() && e.readsSetting(setting));
    }

    /** Looks at all policies of one table that apply. */
    private void lookAtAll(List<Policy> policies) {
        Policy any = policies.get(0);
        Set<List<Object>> seen = new HashSet<>();
        for (Policy policy : policies) {
            List<Object> says = List.of(
                    policy.permissive(),
                    policy.command(),
                    policy.using().map(PolicyExpression::text),
                    policy.check().map(PolicyExpression::text));
            if (policy.forAll() && !seen.add(says)) {
                add(
                        "policy-duplicate",
                        policy.object(),
                        Optional.empty(),
                        Optional.of(policy.mends().drop()));
            }
        }
        if (!any.ofTenant()) {
            return;
        }
        String unguarded = "rawd"
                .chars()
                .mapToObj(command -> (char) command)
                .filter(command -> policies.stream().noneMatch(policy -> guards(policy, command)))
                .map(PolicyRules::nameOf)
                .collect(Collectors.joining(", "));
        if (!unguarded.isEmpty()) {
            add(
                    "policy-without-guard",
                    "table " + any.table(),
                    Optional.of(unguarded),
                    any.mends().guard());
        }
        List<Policy> permissive = policies.stream().filter(Policy::permissive).toList();
        if (any.writable()
                && !permissive.isEmpty()
                && permissive.stream().allMatch(policy -> policy.command() == 'r')) {
            add(
                    "policy-reads-only",
                    "table " + any.table(),
                    Optional.empty(),
                    any.mends().guard());
        }
    }

    private static String nameOf(char command) {
        return switch (command) {
            case 'r' -> "SELECT";
            case 'a' -> "INSERT";
            case 'w' -> "UPDATE";
            default -> "DELETE";
        };
    }

    private boolean guards(Policy policy, char command) {
        if (policy.permissive() || !policy.forAll() || !policy.covers(command)) {
            return false;
        }
        boolean shows = has(policy.using(), expression -> isBound(policy, expression));
        boolean takes =
                policy.check().map(expression -> isBound(policy, expression)).orElse(shows);
        return switch (command) {
            case 'a' -> takes;
            case 'w' -> shows && takes;
            default -> shows;
        };
    }

    private boolean foundIf(String rule, Policy policy, Predicate<PolicyExpression> wrong) {
        Optional<PolicyExpression> expression =
                policy.expressions().stream().filter(wrong).findFirst();
        expression.ifPresent(e -> found(rule, policy, Optional.of(e.text())));
        return expression.isPresent();
    }

    private void foundIfAny(String rule, Policy policy, List<String> names) {
        if (!names.isEmpty()) {
            found(rule, policy, Optional.of(String.join(", ", names)));
        }
    }

    private void found(String rule, Policy policy, Optional<String> detail) {
        Optional<String> mend = isNeeded(policy) ? policy.mends().rewrite() : Optional.<String>empty();
        add(
                rule,
                policy.object(),
                detail,
                mend.or(() -> Optional.of(policy.mends().drop())));
    }

    /** Whether no other policy of its kind says what it should say. */
    private boolean isNeeded(Policy policy) {
        return policies.stream()
                .noneMatch(other -> !other.name().equals(policy.name())
                        && other.table().equals(policy.table())
                        && other.permissive() == policy.permissive()
                        && other.forAll()
                        && other.covers(policy.command())
                        && has(other.using(), expression -> isBound(other, expression))
                        && other.check()
                                .map(expression -> isBound(other, expression))
                                .orElse(true));
    }

    private void add(String rule, String object, Optional<String> detail, Optional<String> mend) {
        findings.add(new Finding(rules.rule(rule), object, detail, mend));
    }
}
