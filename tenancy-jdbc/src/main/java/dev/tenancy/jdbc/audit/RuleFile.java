package dev.tenancy.jdbc.audit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The rules of one area, as its file has them: blocks with an empty line between, each with the rule's id, its
 * severity, what and why as comments, and below them the query that finds what is wrong. A query has the columns
 * object, detail and mend. What is in the block {@code common} belongs in front of each query.
 */
final class RuleFile {
    static final List<RuleFile> ALL = List.of(
            new RuleFile("roles"),
            new RuleFile("database"),
            new RuleFile("settings"),
            new RuleFile("tables"),
            new RuleFile("policies"),
            new RuleFile("views"),
            new RuleFile("functions"),
            new RuleFile("constraints"),
            new RuleFile("allowed"));

    private static final String COMMON = text("common");

    private final String area;
    private final List<Query> queries = new ArrayList<>();
    private final Map<String, AuditRule> rules = new LinkedHashMap<>();
    private String common = "";
    private Optional<String> facts = Optional.empty();

    /** What finds one rule's objects, on servers since a major version. */
    private record Query(String rule, int since, String sql) {}

    private RuleFile(String area) {
        this.area = area;
        for (String block : text(area).split("\n\n", -1)) {
            read(block.strip());
        }
    }

    private void read(String block) {
        List<String> lines = block.lines().toList();
        List<String> head = lines.stream()
                .filter(line -> line.startsWith("-- "))
                .map(line -> line.substring(3))
                .toList();
        String sql = lines.stream().filter(line -> !line.startsWith("-- ")).collect(Collectors.joining("\n"));
        String id = head.get(0);
        if (id.equals("common")) {
            common = sql;
        } else if (id.equals("facts")) {
            facts = Optional.of(sql);
        } else {
            rules.put(id, new AuditRule(id, Severity.of(head.get(1)), head.get(2), head.get(3)));
            int since = head.size() > 4 ? Integer.parseInt(head.get(4).substring("since ".length())) : 0;
            if (!sql.isEmpty()) {
                queries.add(new Query(id, since, sql));
            }
        }
    }

    /** What the rules are about. */
    String area() {
        return area;
    }

    Collection<AuditRule> rules() {
        return rules.values();
    }

    AuditRule rule(String id) {
        AuditRule rule = rules.get(id);
        if (rule == null) {
            throw new IllegalStateException("there is no rule " + id + " about " + area);
        }
        return rule;
    }

    /** The query that finds all objects of all rules, with the rule's id in front; none if it is not by SQL alone. */
    Optional<String> query(int major) {
        List<String> parts = queries.stream()
                .filter(query -> query.since <= major)
                .map(query ->
                        "(SELECT '" + query.rule + "', * FROM (" + query.sql + ") AS found (object, detail, mend))")
                .toList();
        return parts.isEmpty()
                ? Optional.empty()
                : Optional.of(COMMON + common + "\n" + String.join("\nUNION ALL\n", parts));
    }

    /** The query that tells what is to be looked at in another way than by SQL. */
    Optional<String> facts() {
        return facts.map(sql -> COMMON + common + "\n" + sql);
    }

    private static String text(String area) {
        try (InputStream file = RuleFile.class.getResourceAsStream(area + ".sql")) {
            if (file == null) {
                throw new IllegalStateException("the rules about " + area + " are missing from the library");
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException("the rules about " + area + " cannot be read", failure);
        }
    }
}
