package dev.tenancy.jdbc;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reads one statement of a text of SQL: up to a semicolon that stands in no literal, quoted name, comment or
 * parenthesis (PostgreSQL manual, section 4.1), nor in the body of a function that begins with BEGIN ATOMIC, which is
 * where the driver splits the text too.
 */
final class SqlScanner {
    /** How many words are kept: as many as decide what a statement is. */
    private static final int MAX_WORDS = 5;

    private final String sql;
    private final int start;
    private final boolean standardStrings;
    private final List<String> words = new ArrayList<>();
    private final List<Integer> questionMarks = new ArrayList<>();
    private int position;
    private int end;
    private boolean hasSymbols;
    private boolean isBegin;
    private boolean isAtomic;

    /** @param standardStrings whether a backslash in a literal is only that, if no E stands before it */
    SqlScanner(String sql, int start, boolean standardStrings) {
        this.sql = sql;
        this.start = start;
        this.standardStrings = standardStrings;
        this.position = start;
        scan();
    }

    /** Where the next statement would start; beyond the text if this is the last one. */
    int next() {
        return end + 1;
    }

    boolean isLast() {
        return end >= sql.length();
    }

    /** Whether there is nothing but space and comments. */
    boolean isEmpty() {
        return words.isEmpty() && !hasSymbols;
    }

    /** The statement, without what follows it. */
    String text() {
        return sql.substring(start, end);
    }

    /** The word at this place, in capital letters; empty if there are not so many. */
    String word(int place) {
        return place < words.size() ? words.get(place) : "";
    }

    boolean hasWord(String word) {
        return words.contains(word);
    }

    /** How many question marks stand for a parameter, if the statement is prepared. */
    int parameters() {
        return questionMarks.size();
    }

    /** The statement for {@code prepareStatement}, where a question mark that is an operator is written twice. */
    String textWithEscapedQuestionMarks() {
        if (questionMarks.isEmpty()) {
            return text();
        }
        StringBuilder escaped = new StringBuilder(text());
        for (int i = questionMarks.size() - 1; i >= 0; i--) {
            escaped.insert(questionMarks.get(i) - start, '?');
        }
        return escaped.toString();
    }

    private void scan() {
        int parentheses = 0;
        int length = sql.length();
        while (position < length) {
            char c = sql.charAt(position);
            if (c == ';' && parentheses <= 0 && !isAtomic) {
                break;
            }
            if (isWordStart(c)) {
                word();
            } else if (!skipSpaceOrComment(c)) {
                hasSymbols |= c != '(';
                if (c == '(') {
                    parentheses++;
                } else if (c == ')') {
                    parentheses--;
                }
                symbol(c);
            }
        }
        end = Math.min(position, length);
    }

    private boolean skipSpaceOrComment(char c) {
        if (Character.isWhitespace(c)) {
            position++;
            return true;
        }
        if (c == '-' && sql.startsWith("--", position)) {
            int lineFeed = sql.indexOf('\n', position);
            int carriageReturn = sql.indexOf('\r', position);
            position =
                    lineFeed < 0 ? carriageReturn : carriageReturn < 0 ? lineFeed : Math.min(lineFeed, carriageReturn);
            position = position < 0 ? sql.length() : position + 1;
            return true;
        }
        if (c == '/' && sql.startsWith("/*", position)) {
            skipBlockComment();
            return true;
        }
        return false;
    }

    private void skipBlockComment() {
        int depth = 0;
        while (position < sql.length()) {
            if (sql.startsWith("/*", position)) {
                depth++;
                position += 2;
            } else if (sql.startsWith("*/", position)) {
                depth--;
                position += 2;
                if (depth == 0) {
                    return;
                }
            } else {
                position++;
            }
        }
    }

    private void word() {
        int from = position;
        while (position < sql.length() && isWordPart(sql.charAt(position))) {
            position++;
        }
        if (words.size() < MAX_WORDS && !hasSymbols) {
            words.add(sql.substring(from, position).toUpperCase(Locale.ROOT));
        }
        isAtomic |= isBegin && isWord("ATOMIC", from) && word(0).equals("CREATE");
        isBegin = isWord("BEGIN", from);
        boolean escapes = position - from == 1 && (sql.charAt(from) == 'e' || sql.charAt(from) == 'E');
        if (escapes && position < sql.length() && sql.charAt(position) == '\'') {
            skipQuoted('\'', true);
        }
    }

    private boolean isWord(String word, int from) {
        return position - from == word.length() && sql.regionMatches(true, from, word, 0, word.length());
    }

    private void symbol(char c) {
        switch (c) {
            case '\'' -> skipQuoted('\'', !standardStrings);
            case '"' -> skipQuoted('"', false);
            case '$' -> skipDollarQuoted();
            case '?' -> questionMark();
            default -> position++;
        }
    }

    /** A pair is an operator already. */
    private void questionMark() {
        if (sql.startsWith("??", position)) {
            position += 2;
        } else {
            questionMarks.add(position);
            position++;
        }
    }

    private void skipQuoted(char quote, boolean withEscapes) {
        position++;
        while (position < sql.length()) {
            char c = sql.charAt(position);
            position++;
            if (c == '\\' && withEscapes) {
                position++;
            } else if (c == quote) {
                if (position >= sql.length() || sql.charAt(position) != quote) {
                    return;
                }
                position++; // a doubled quote stands for itself
            }
        }
    }

    private void skipDollarQuoted() {
        int tagEnd = position + 1;
        while (tagEnd < sql.length() && sql.charAt(tagEnd) != '$' && isWordPart(sql.charAt(tagEnd))) {
            tagEnd++;
        }
        boolean isTag = tagEnd < sql.length() && sql.charAt(tagEnd) == '$' && !isDigit(sql.charAt(position + 1));
        if (!isTag) {
            position++;
            return;
        }
        String tag = sql.substring(position, tagEnd + 1);
        int close = sql.indexOf(tag, tagEnd + 1);
        position = close < 0 ? sql.length() : close + tag.length();
    }

    private static boolean isWordStart(char c) {
        return Character.isLetter(c) || c == '_' || c >= 128;
    }

    private static boolean isWordPart(char c) {
        return isWordStart(c) || isDigit(c) || c == '$';
    }

    /** To the server all other characters beyond ASCII are letters, digits of other scripts too. */
    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
