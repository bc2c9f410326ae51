package dev.tenancy.jdbc.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The guide has the rules as they are, and says of each rule of pgrls what covers it. */
class AuditGuideTest {
    private static final Pattern PGRLS_ROW =
            Pattern.compile("(?m)^\\| ((SEC|PERF|HYG|VIEW)[0-9]{3}) \\| ([^|]+) \\| ([^|]+) \\|$");
    private static final Pattern CODE = Pattern.compile("`([a-z-]+)`");

    private static String guide() throws IOException {
        return Files.readString(AuditedDatabase.GUIDE);
    }

    /** What the guide has to have, to be put there when a rule changes. */
    static String table() {
        StringBuilder table = new StringBuilder();
        for (RuleFile file : RuleFile.ALL) {
            table.append("\n### About ")
                    .append(file.area())
                    .append("\n\n| rule | severity | found where | because |\n| --- | --- | --- | --- |\n");
            for (AuditRule rule : file.rules()) {
                table.append("| `")
                        .append(rule.id())
                        .append("` | ")
                        .append(rule.severity())
                        .append(" | ")
                        .append(rule.what())
                        .append(" | ")
                        .append(rule.why())
                        .append(" |\n");
            }
        }
        return table.toString();
    }

    @Test
    void theTableOfRulesIsThatOfTheRules() throws IOException {
        assertThat(guide()).contains("<!-- rules -->\n" + table() + "\n<!-- end of rules -->");
    }

    @Test
    void idsAreUniqueAndEveryTextIsASentence() {
        List<AuditRule> rules = IsolationAudit.rules();
        assertThat(rules)
                .extracting(AuditRule::id)
                .doesNotHaveDuplicates()
                .allMatch(id -> id.matches("[a-z]+(-[a-z]+)+"));
        assertThat(rules).allSatisfy(rule -> {
            assertThat(rule.what()).endsWith(".").doesNotContain("|");
            assertThat(rule.why()).endsWith(".").doesNotContain("|");
        });
    }

    @Test
    void everyRuleOfPgrlsIsCoveredOrNotApplicableForAReason() throws IOException {
        Set<String> expected = new TreeSet<>();
        add(expected, "SEC", 55);
        add(expected, "PERF", 5);
        add(expected, "HYG", 4);
        add(expected, "VIEW", 4);
        assertThat(expected).hasSize(68);
        Set<String> known = IsolationAudit.rules().stream().map(AuditRule::id).collect(Collectors.toSet());

        Set<String> listed = new TreeSet<>();
        Matcher row = PGRLS_ROW.matcher(guide());
        while (row.find()) {
            listed.add(row.group(1));
            Matcher rule = CODE.matcher(row.group(4));
            boolean covered = false;
            while (rule.find()) {
                assertThat(known).as(row.group()).contains(rule.group(1));
                covered = true;
            }
            assertThat(covered || row.group(4).startsWith("not applicable: "))
                    .as(row.group())
                    .isTrue();
        }
        assertThat(listed).isEqualTo(expected);
    }

    private static void add(Set<String> ids, String kind, int count) {
        for (int i = 1; i <= count; i++) {
            ids.add("%s%03d".formatted(kind, i));
        }
    }
}
