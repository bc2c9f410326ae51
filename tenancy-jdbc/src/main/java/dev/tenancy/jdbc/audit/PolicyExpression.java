package dev.tenancy.jdbc.audit;

import dev.tenancy.jdbc.audit.SqlToken.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
        List<SqlToken> bare = TenantCondition.bare(tokens);
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
                    && (isAt(right, ")") || isAt(right, "::") || (right > at + 1 && isAt(right - 1, "::")))) {
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
        return TenantCondition.in(tokens, column).stream().anyMatch(TenantCondition::isConstant);
    }

    /** Whether a setting is read that no binding sets; that of readable tenants counts unless they may be seen. */
    boolean readsOtherSetting(String setting, boolean readable) {
        return settingCalls().stream()
                .map(this::argument)
                .anyMatch(name -> !name.equalsIgnoreCase(setting)
                        && !(readable && name.equalsIgnoreCase(TenantCondition.READABLE_SETTING)));
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
                    || (end + 1 < tokens.size() && tokens.get(end + 1).isWord("false"));
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

    /**
     * Whether nothing is true of a row that is not the bound tenant's, nor a readable one's where those may be seen.
     */
    boolean isBound(String column, String setting, boolean readable) {
        return bindings(column, setting, readable).findAny().isPresent();
    }

    /** The conditions that bind. */
    Stream<TenantCondition> bindings(String column, String setting, boolean readable) {
        return TenantCondition.in(tokens, column).stream()
                .filter(condition -> condition.tellsTenant(setting, readable));
    }
}
