package dev.tenancy.jdbc.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A part of an expression as PostgreSQL writes it down ({@code pg_get_expr}): keywords in upper case, names in lower
 * case or quoted, texts in quotes, and parentheses around each operator with its sides.
 *
 * @param text without quotes
 */
record SqlToken(Kind kind, String text) {
    private static final String OPERATOR = "+-*/<>=~!@#%^&|`?";

    enum Kind {
        WORD,
        NAME,
        STRING,
        NUMBER,
        OPERATOR,
        MARK
    }

    boolean is(String mark) {
        return (kind == Kind.MARK || kind == Kind.OPERATOR) && text.equals(mark);
    }

    boolean isWord(String word) {
        return kind == Kind.WORD && text.equals(word);
    }

    boolean isName(String name) {
        return (kind == Kind.WORD || kind == Kind.NAME) && text.equals(name);
    }

    /** A name of a function if a parenthesis follows; keywords such as AND are written in upper case. */
    boolean canBeFunction() {
        return kind == Kind.NAME || (kind == Kind.WORD && !text.equals(text.toUpperCase(Locale.ROOT)));
    }

    static List<SqlToken> all(String sql) {
        List<SqlToken> tokens = new ArrayList<>();
        int at = 0;
        while (at < sql.length()) {
            char c = sql.charAt(at);
            if (Character.isWhitespace(c)) {
                at++;
                continue;
            }
            int end = endOf(sql, at);
            tokens.add(token(sql.substring(at, end), c));
            at = end;
        }
        return tokens;
    }

    private static SqlToken token(String text, char first) {
        if (first == '\'' || (text.length() > 1 && text.charAt(1) == '\'')) {
            return new SqlToken(Kind.STRING, unquoted(text, '\''));
        }
        if (first == '"') {
            return new SqlToken(Kind.NAME, unquoted(text, '"'));
        }
        if (Character.isDigit(first)) {
            return new SqlToken(Kind.NUMBER, text);
        }
        if (isWordPart(first)) {
            return new SqlToken(Kind.WORD, text);
        }
        return new SqlToken(OPERATOR.indexOf(first) >= 0 ? Kind.OPERATOR : Kind.MARK, text);
    }

    private static String unquoted(String text, char quote) {
        int begin = text.indexOf(quote) + 1;
        String doubled = String.valueOf(quote) + quote;
        return text.substring(begin, Math.max(begin, text.length() - 1)).replace(doubled, String.valueOf(quote));
    }

    private static int endOf(String sql, int from) {
        char c = sql.charAt(from);
        if (c == '\'' || c == '"') {
            return endOfQuoted(sql, from, false);
        }
        if ((c == 'E' || c == 'B' || c == 'X') && from + 1 < sql.length() && sql.charAt(from + 1) == '\'') {
            return endOfQuoted(sql, from + 1, c == 'E');
        }
        int at = from + 1;
        if (isWordPart(c)) {
            while (at < sql.length() && isWordPart(sql.charAt(at))) {
                at++;
            }
        } else if (OPERATOR.indexOf(c) >= 0) {
            while (at < sql.length() && OPERATOR.indexOf(sql.charAt(at)) >= 0) {
                at++;
            }
        } else if (c == ':' && at < sql.length() && sql.charAt(at) == ':') {
            at++;
        }
        return at;
    }

    private static int endOfQuoted(String sql, int quote, boolean backslashes) {
        char c = sql.charAt(quote);
        int at = quote + 1;
        while (at < sql.length()) {
            char next = sql.charAt(at);
            if (backslashes && next == '\\') {
                at += 2;
            } else if (next != c) {
                at++;
            } else if (at + 1 < sql.length() && sql.charAt(at + 1) == c) {
                at += 2;
            } else {
                return at + 1;
            }
        }
        return sql.length();
    }

    private static boolean isWordPart(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '$';
    }
}
