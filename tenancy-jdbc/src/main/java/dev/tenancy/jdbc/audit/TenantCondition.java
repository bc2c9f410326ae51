package dev.tenancy.jdbc.audit;

import dev.tenancy.jdbc.audit.SqlToken.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * A condition that must be true of each row: the tenant column equals something.
 *
 * @param cast whether the column is cast
 * @param value what it must equal
 */
record TenantCondition(boolean cast, List<SqlToken> value) {
    /** The setting of the tenants whose rows may be read, beside the bound one's. */
    static final String READABLE_SETTING = "tenancy.readable_tenants";

    private static final String READABLE = "readable_tenants";

    /** The conditions in an expression: the expression itself, or the sides of AND. */
    static List<TenantCondition> in(List<SqlToken> tokens, String column) {
        List<TenantCondition> sides = new ArrayList<>();
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

    /** Whether the value is asked once a statement, and not once a row. */
    boolean isAskedOnce() {
        return value.stream().anyMatch(token -> token.isWord("SELECT"));
    }

    /** Whether the value is a fixed one. */
    boolean isConstant() {
        return value.stream().anyMatch(token -> token.kind() == Kind.STRING || token.kind() == Kind.NUMBER)
                && !asksSomething();
    }

    private boolean asksSomething() {
        for (int at = 1; at < value.size(); at++) {
            if (value.get(at).is("(") && value.get(at - 1).canBeFunction()) {
                return true;
            }
        }
        return isAskedOnce();
    }

    private static void addSide(List<TenantCondition> sides, List<SqlToken> one, List<SqlToken> other, String column) {
        List<SqlToken> bare = bare(one);
        List<SqlToken> uncast = uncast(bare);
        if (uncast.size() == 1 && uncast.get(0).isName(column)) {
            sides.add(new TenantCondition(uncast.size() < bare.size(), bare(other)));
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

    /** Without parentheses around all of it. */
    static List<SqlToken> bare(List<SqlToken> tokens) {
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

    /** Whether the value is the bound tenant, or one of the readable ones where those may be seen. */
    boolean tellsTenant(String setting, boolean readable) {
        boolean tells = false;
        for (int at = 0; at < value.size(); at++) {
            SqlToken token = value.get(at);
            if (!isPlain(value, at, setting, readable)) {
                return false;
            }
            tells |= (token.kind() == Kind.STRING && token.text().equalsIgnoreCase(setting))
                    || (token.isWord("current_tenant") && ofSeal(value, at))
                    || (token.isWord(READABLE) && ofSeal(value, at));
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
            case STRING -> isPlainText(token.text(), setting, readable);
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
                    case "ANY", "string_to_array", "concat_ws" -> readable;
                    default -> false;
                };
        };
    }

    private static boolean isPlainText(String text, String setting, boolean readable) {
        return text.isEmpty()
                || text.equalsIgnoreCase(setting)
                || (readable && (text.equals(",") || text.equalsIgnoreCase(READABLE_SETTING)));
    }

    private static boolean ofSeal(List<SqlToken> value, int at) {
        return at > 1 && value.get(at - 1).is(".") && value.get(at - 2).isWord("tenancy");
    }
}
