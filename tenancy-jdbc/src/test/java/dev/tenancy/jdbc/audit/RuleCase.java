package dev.tenancy.jdbc.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A database that is wrong in the way of one rule, and one that has the same done right. {@code $app}, {@code $owner}
 * and {@code $db} stand for the names of the roles and of the database.
 *
 * @param right makes of the clean database one that has the same, done right
 * @param wrong makes of the clean database one that is wrong
 * @param byHand mends it where no SQL of the rule does
 * @param also other rules that the wrong database breaks too, and that are broken still when this one's SQL has run
 * @param since the first major version of PostgreSQL that can be wrong so
 */
record RuleCase(String rule, List<String> right, List<String> wrong, List<String> byHand, Set<String> also, int since) {

    static RuleCase wrong(String rule, String... wrong) {
        return new RuleCase(rule, List.of(), List.of(wrong), List.of(), Set.of(), 14);
    }

    RuleCase right(String... sql) {
        return new RuleCase(rule, List.of(sql), wrong, byHand, also, since);
    }

    RuleCase byHand(String... sql) {
        return new RuleCase(rule, right, wrong, List.of(sql), also, since);
    }

    RuleCase also(String... rules) {
        return new RuleCase(rule, right, wrong, byHand, Set.of(rules), since);
    }

    RuleCase since(int major) {
        return new RuleCase(rule, right, wrong, byHand, also, major);
    }

    static List<RuleCase> all() {
        List<RuleCase> all = new ArrayList<>();
        all.addAll(RoleCases.all());
        all.addAll(DatabaseCases.all());
        all.addAll(SettingCases.all());
        all.addAll(TableCases.all());
        all.addAll(PolicyCases.all());
        all.addAll(ViewCases.all());
        all.addAll(FunctionCases.all());
        all.addAll(ConstraintCases.all());
        return all;
    }

    @Override
    public String toString() {
        return rule + ": " + String.join("; ", wrong);
    }
}
