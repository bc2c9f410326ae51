package dev.tenancy.jdbc.audit;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the host knows and lives with. */
record AllowList(List<Entry> entries) {
    private static final String ANY = "*";

    AllowList {
        entries = List.copyOf(entries);
    }

    /** One rule's finding on one object, or on any. */
    record Entry(String rule, String object, String reason) {
        Entry {
            if (!IsolationAudit.rules().stream().anyMatch(known -> known.id().equals(rule))) {
                throw new IllegalArgumentException(
                        "allow-list: there is no rule \"" + rule + "\"; docs/audit.md has all");
            }
            if (object.isBlank()) {
                throw new IllegalArgumentException(
                        "allow-list: " + rule + " needs an object, as the report names it, or " + ANY);
            }
            if (reason.isBlank()) {
                throw new IllegalArgumentException("allow-list: " + rule + " on " + object + " needs a reason");
            }
        }

        boolean matches(Finding finding) {
            return finding.rule().id().equals(rule) && (object.equals(ANY) || object.equals(finding.object()));
        }
    }

    /** Puts what was found apart, and what allows nothing with the findings. */
    void sort(List<Finding> found, List<Finding> findings, List<AuditReport.Allowed> allowed) {
        Set<Entry> used = new LinkedHashSet<>();
        for (Finding finding : found) {
            Optional<Entry> entry =
                    entries.stream().filter(each -> each.matches(finding)).findFirst();
            entry.ifPresentOrElse(
                    each -> allowed.add(new AuditReport.Allowed(finding, each.reason)), () -> findings.add(finding));
            entries.stream().filter(each -> each.matches(finding)).forEach(used::add);
        }
        List<Entry> unused = new ArrayList<>(entries);
        unused.removeAll(used);
        AuditRule rule = IsolationAudit.rule("allowed-nothing");
        unused.forEach(entry -> findings.add(
                new Finding(rule, entry.rule + " on " + entry.object, Optional.of(entry.reason), Optional.empty())));
    }
}
