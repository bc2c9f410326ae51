package dev.tenancy.jdbc.audit;

import dev.tenancy.jdbc.audit.SqlToken.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What a policy says, as PostgreSQL writes it down.
 *
 * <p>Only one form is known to keep tenants apart: the tenant column equals the bound tenant, alone or with AND. What
 * else there is can be named only, not judged.
 */
final class PolicyExpression {
    private static final Set<String> PATTERNS = Set.of("~~", "~~*", "~", "~*", "!~~", "!~~*", "!~", "!~*", "^@");
    private static final Set<String> LOGINS = Set.of("CURRENT_USER", "SESSION_USER", "CURRENT_ROLE", "USER");
    private static final String READABLE = "readable_tenants";

    private final String text;
    private final List<SqlToken> tokens;

    PolicyExpression(String text) {
        this.text = text;
        this.tokens = SqlToken.all(text);
    }

    String text() {
        return text;
    }

    boolean isConstant(boolean value) {
        List<SqlToken> bare = bare(tokens);
        return bare.size() == 1 && bare.get(0).isWord(Boolean.toString(value));
    }

    boolean hasWord(String... words) {
        return tokens.stream().anyMatch(token -> Arrays.stream(words).anyMatch(token::isWord));
    }

    boolean namesLogin() {
        return tokens.stream().anyMatch(token -> token.kind() == Kind.WORD && LOGINS.contains(token.text()));
    }

    boolean hasPattern() {
        return tokens.stream().anyMatch(token -> token.kind() == Kind.OPERATOR && PATTERNS.contains(token.text()));
    }

    boolean names(String column) {
        return places(token -> token.isName(column)).stream().anyMatch(at -> !isAt(at + 1, "("));
    }

    /** Whether the column is a side of an operator that is not equality. */
    boolean comparesOtherwise(String column) {
        return places(token -> token.isName(column)).stream().anyMatch(at -> {
            int left = at - 1;
            while (isAt(left, "(")) {
                left--;
            }
            int right = at + 1;
            while (right < tokens.size()
                    && (isAt(right, ")") || isAt(right, "::") || right > at + 1 && isAt(right - 1, "::"))) {
                right++;
            }
            return isOtherOperator(left) || isOtherOperator(right);
        });
    }

    private boolean isOtherOperator(int at) {
        return at >= 0
                && at < tokens.size()
                && tokens.get(at).kind() == Kind.OPERATOR
                && !isAt(at, "=")
                && !PATTERNS.contains(tokens.get(at).text());
    }

    /** Whether a function, or NULLIF and its like, is asked about the column. */
    boolean wraps(String column) {
        return places(token -> token.isName(column)).stream().anyMatch(at -> {
            int open = enclosing(at);
            if (open < 1 || isAt(at + 1, "(")) {
                return false;
            }
            SqlToken before = tokens.get(open - 1);
            return before.canBeFunction()
                    || before.isWord("NULLIF")
                    || before.isWord("GREATEST")
                    || before.isWord("LEAST");
        });
    }

    private int enclosing(int from) {
        int depth = 0;
        for (int at = from - 1; at >= 0; at--) {
            if (isAt(at, ")")) {
                depth++;
            } else if (isAt(at, "(") && depth-- == 0) {
                return at;
            }
        }
        return -1;
    }

    boolean comparesWithConstant(String column) {
        return sides(column).stream()
                .anyMatch(side -> side.value.stream()
                                .anyMatch(token -> token.kind() == Kind.STRING || token.kind() == Kind.NUMBER)
                        && !callsSomething(side.value));
    }

    private static boolean callsSomething(List<SqlToken> tokens) {
        for (int at = 1; at < tokens.size(); at++) {
            if (tokens.get(at).is("(") && tokens.get(at - 1).canBeFunction()) {
                return true;
            }
        }
        return tokens.stream().anyMatch(token -> token.isWord("SELECT"));
    }

    boolean readsOtherSetting(String setting) {
        return settingCalls().stream()
                .anyMatch(at ->
                        !argument(at).equalsIgnoreCase(setting) && !argument(at).equals("tenancy.seal"));
    }

    boolean readsSetting(String setting) {
        return settingCalls().stream().anyMatch(at -> argument(at).equalsIgnoreCase(setting));
    }

    /** Whether an unset setting is an error. */
    boolean isStrict() {
        return settingCalls().stream().anyMatch(at -> {
            int end = at + 2;
            while (end < tokens.size() && !isAt(end, ")") && !isAt(end, ",")) {
                end++;
            }
            return isAt(end, ")")
                    || end + 1 < tokens.size() && tokens.get(end + 1).isWord("false");
        });
    }

    boolean takesEmptyForTenant() {
        return settingCalls().stream()
                .anyMatch(at ->
                        at < 2 || !isAt(at - 1, "(") || !tokens.get(at - 2).isWord("NULLIF"));
    }

    private List<Integer> settingCalls() {
        return places(token -> token.isWord("current_setting")).stream()
                .filter(at -> isAt(at + 1, "("))
                .toList();
    }

    private String argument(int call) {
        SqlToken first = call + 2 < tokens.size() ? tokens.get(call + 2) : tokens.get(call);
        return first.kind() == Kind.STRING ? first.text() : "";
    }

    private List<Integer> places(Predicate<SqlToken> wanted) {
        List<Integer> places = new ArrayList<>();
        for (int at = 0; at < tokens.size(); at++) {
            if (wanted.test(tokens.get(at))) {
                places.add(at);
            }
        }
        return places;
    }

    private boolean isAt(int at, String mark) {
        return at >= 0 && at < tokens.size() && tokens.get(at).is(mark);
    }

    /** The tenant column, and what it must equal. */
    record Side(boolean cast, List<SqlToken> value) {
        boolean isAskedOnce() {
            return value.stream().anyMatch(token -> token.isWord("SELECT"));
        }
    }

    /**
     * Whether nothing is true of a row that is not the bound tenant's, nor a readable one's where those may be seen.
     */
    boolean isBound(String column, String setting, boolean readable) {
        return bindings(column, setting, readable).findAny().isPresent();
    }

    /** The conditions that bind. */
    Stream<Side> bindings(String column, String setting, boolean readable) {
        return sides(column).stream().filter(side -> tellsTenant(side.value, setting, readable));
    }

    private List<Side> sides(String column) {
        List<Side> sides = new ArrayList<>();
        for (List<SqlToken> condition : conditions(tokens)) {
            int equals = equality(condition);
            if (equals > 0) {
                List<SqlToken> left = condition.subList(0, equals);
                List<SqlToken> right = condition.subList(equals + 1, condition.size());
                addSide(sides, left, right, column);
                addSide(sides, right, left, column);
            }
        }
        return sides;
    }

    private static void addSide(List<Side> sides, List<SqlToken> one, List<SqlToken> other, String column) {
        List<SqlToken> bare = bare(one);
        List<SqlToken> uncast = uncast(bare);
        if (uncast.size() == 1 && uncast.get(0).isName(column)) {
            sides.add(new Side(uncast.size() < bare.size(), bare(other)));
        }
    }

    /** Without casts to texts of any length, which keep different values different. */
    private static List<SqlToken> uncast(List<SqlToken> tokens) {
        int end = tokens.size();
        if (end > 2 && tokens.get(end - 1).isWord("text") && tokens.get(end - 2).is("::")) {
            return uncast(bare(tokens.subList(0, end - 2)));
        }
        if (end > 3
                && tokens.get(end - 1).isWord("varying")
                && tokens.get(end - 2).isWord("character")
                && tokens.get(end - 3).is("::")) {
            return uncast(bare(tokens.subList(0, end - 3)));
        }
        return tokens;
    }

    /** The place of the one operator outside of parentheses, if it is equality; else -1. */
    private static int equality(List<SqlToken> condition) {
        int found = -1;
        int depth = 0;
        for (int at = 0; at < condition.size(); at++) {
            SqlToken token = condition.get(at);
            depth += token.is("(") ? 1 : token.is(")") ? -1 : 0;
            if (depth == 0 && token.kind() == Kind.OPERATOR) {
                if (found >= 0 || !token.is("=")) {
                    return -1;
                }
                found = at;
            }
        }
        return found;
    }

    /** What must all be true: the sides of AND, or all of it. */
    private static List<List<SqlToken>> conditions(List<SqlToken> tokens) {
        List<SqlToken> bare = bare(tokens);
        List<List<SqlToken>> conditions = new ArrayList<>();
        int depth = 0;
        int begin = 0;
        for (int at = 0; at < bare.size(); at++) {
            SqlToken token = bare.get(at);
            depth += token.is("(") ? 1 : token.is(")") ? -1 : 0;
            if (depth == 0 && token.isWord("OR")) {
                return List.of(bare);
            }
            if (depth == 0 && token.isWord("AND")) {
                conditions.addAll(conditions(bare.subList(begin, at)));
                begin = at + 1;
            }
        }
        if (begin == 0) {
            return List.of(bare);
        }
        conditions.addAll(conditions(bare.subList(begin, bare.size())));
        return conditions;
    }

    private static List<SqlToken> bare(List<SqlToken> tokens) {
        List<SqlToken> bare = tokens;
        while (bare.size() > 1 && bare.get(0).is("(") && closing(bare) == bare.size() - 1) {
            bare = bare.subList(1, bare.size() - 1);
        }
        return bare;
    }

    private static int closing(List<SqlToken> tokens) {
        int depth = 0;
        for (int at = 0; at < tokens.size(); at++) {
            depth += tokens.get(at).is("(") ? 1 : tokens.get(at).is(")") ? -1 : 0;
            if (depth == 0) {
                return at;
            }
        }
        return -1;
    }

    private static boolean tellsTenant(List<SqlToken> value, String setting, boolean readable) {
        boolean tells = false;
        for (int at = 0; at < value.size(); at++) {
            SqlToken token = value.get(at);
            if (!isPlain(value, at, setting, readable)) {
                return false;
            }
            tells |= token.kind() == Kind.STRING && token.text().equalsIgnoreCase(setting)
                    || token.isWord("current_tenant") && ofSeal(value, at)
                    || token.isWord(READABLE) && ofSeal(value, at);
        }
        return tells;
    }

    /** Whether a part can be in an expression that has the bound tenant, and nothing else, for a value. */
    private static boolean isPlain(List<SqlToken> value, int at, String setting, boolean readable) {
        SqlToken token = value.get(at);
        if (at > 0 && value.get(at - 1).isWord("AS")) {
            return true;
        }
        return switch (token.kind()) {
            case STRING ->
                token.text().isEmpty() || token.text().toLowerCase(Locale.ROOT).equals(setting);
            case MARK -> true;
            case NAME, NUMBER, OPERATOR -> false;
            case WORD ->
                switch (token.text()) {
                    case "SELECT",
                            "AS",
                            "NULLIF",
                            "current_setting",
                            "true",
                            "false",
                            "tenancy",
                            "text",
                            "uuid",
                            "bigint",
                            "integer",
                            "smallint",
                            "character",
                            "varying" -> true;
                    case "current_tenant" -> ofSeal(value, at);
                    case READABLE -> readable && ofSeal(value, at);
                    case "ANY" -> readable;
                    default -> false;
                };
        };
    }

    private static boolean ofSeal(List<SqlToken> value, int at) {
        return at > 1 && value.get(at - 1).is(".") && value.get(at - 2).isWord("tenancy");
    }
}
