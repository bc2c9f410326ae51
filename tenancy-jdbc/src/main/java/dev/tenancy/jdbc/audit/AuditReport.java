package dev.tenancy.jdbc.audit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What an audit found. Immutable and thread-safe.
 *
 * @param database the name of the database
 * @param role the application's role
 * @param server the server's version, {@code 17.11}
 * @param at when the database was looked at, by its clock
 * @param findings what is wrong and was not allowed, the worst first
 * @param allowed what is wrong and was allowed
 * @since 0.1
 */
public record AuditReport(
        String database, String role, String server, Instant at, List<Finding> findings, List<Allowed> allowed) {

    /** Makes a report; the lists are copied. */
    public AuditReport {
        findings = List.copyOf(findings);
        allowed = List.copyOf(allowed);
    }

    /**
     * A finding that the host knows and lives with.
     *
     * @param finding what is wrong
     * @param reason why that is allowed
     * @since 0.1
     */
    public record Allowed(Finding finding, String reason) {}

    /** {@return whether nothing was found that was not allowed} */
    public boolean isClean() {
        return findings.isEmpty();
    }

    /** {@return the findings that are at least of this severity} */
    public List<Finding> atLeast(Severity severity) {
        return findings.stream()
                .filter(finding -> finding.rule().severity().compareTo(severity) >= 0)
                .toList();
    }

    /**
     * {@return the SQL that mends what SQL can mend, to be read before it is run, as a superuser or as the owner}
     *
     * <p>The order matters: it is that of {@link #findings}.
     */
    public String toSql() {
        return findings.stream()
                .map(finding -> "-- " + finding.rule().id() + ": " + printable(finding.object()) + "\n"
                        + finding.mend().orElse("-- " + finding.rule().why()) + "\n")
                .collect(Collectors.joining());
    }

    /** {@return the report for people: five lines for each finding, and one at the end} */
    public String toText() {
        return textOf(findings) + findings.size() + " findings, " + allowed.size() + " allowed; role " + role
                + ", database " + database + ", PostgreSQL " + server + ", " + at + "\n";
    }

    static String textOf(List<Finding> findings) {
        return findings.stream().map(AuditReport::textOf).collect(Collectors.joining());
    }

    private static String textOf(Finding finding) {
        return finding.rule().severity() + " " + finding.rule().id() + ": " + printable(finding.object())
                + finding.detail().map(detail -> " (" + printable(detail) + ")").orElse("")
                + "\n  " + finding.rule().what() + "\n  " + finding.rule().why() + "\n"
                + finding.mend().map(sql -> "  " + printable(sql) + "\n").orElse("");
    }

    /** Names come from whoever may create something: none may end a line, a comment, or write to a terminal. */
    private static String printable(String text) {
        return text.codePoints()
                .map(c -> Character.isISOControl(c)
                                || Character.getType(c) == Character.FORMAT
                                || c == 0x2028
                                || c == 0x2029
                        ? '\uFFFD'
                        : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** {@return the report as JSON: an object with {@code findings} and {@code allowed}, each a list of objects} */
    public String toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("database", database);
        json.put("role", role);
        json.put("server", server);
        json.put("at", at.toString());
        json.put("clean", isClean());
        json.put("findings", findings.stream().map(AuditReport::jsonOf).toList());
        List<Object> known = new ArrayList<>();
        for (Allowed each : allowed) {
            Map<String, Object> entry = jsonOf(each.finding());
            entry.put("reason", each.reason());
            known.add(entry);
        }
        json.put("allowed", known);
        return Json.of(json);
    }

    private static Map<String, Object> jsonOf(Finding finding) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("rule", finding.rule().id());
        json.put("severity", finding.rule().severity().toString());
        json.put("object", finding.object());
        json.put("what", finding.rule().what());
        json.put("why", finding.rule().why());
        finding.detail().ifPresent(detail -> json.put("detail", detail));
        finding.mend().ifPresent(mend -> json.put("mend", mend));
        return json;
    }
}
