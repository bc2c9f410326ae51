package dev.tenancy.jdbc;

import org.jspecify.annotations.Nullable;

/** What is put around one statement of the borrower's, so that all of it is one text and one round trip. */
final class Fold {
    static final String BEGIN = "BEGIN;";
    static final String COMMIT = "COMMIT";

    /** Puts nothing around it: the statement is bound as it is. */
    static final Fold NONE = new Fold(null, "", "", 0);

    private final @Nullable Prologue prologue;
    private final String before;
    private final String after;
    private final int resultsBefore;

    /**
     * With {@code BEGIN} and {@code COMMIT} where the statement is alone: a setting of the transaction would be gone
     * with the Sync that the driver puts between the two when it has to describe the statement.
     */
    Fold(@Nullable Prologue prologue, String before, String after, int resultsBefore) {
        this.prologue = prologue;
        this.before = before;
        this.after = after;
        this.resultsBefore = resultsBefore;
    }

    /** The statement with everything around it. A line break ends a comment that the statement may end with. */
    String around(String statement) {
        if (!isAlone()) {
            return before + statement;
        }
        String end =
                statement.contains("--") ? "\n;" : ";"; // the server counts the line break, if it finds a fault there
        return before + statement + end + after;
    }

    /** The statements that come before. */
    String before() {
        return before;
    }

    /** How many results come before the statement's own. */
    int resultsBefore() {
        return resultsBefore;
    }

    /** How many parameters come before the statement's own. */
    int parametersBefore() {
        return prologue == null ? 0 : prologue.settings().parameters();
    }

    /** Whether the first result is what the session is like. */
    boolean looks() {
        return prologue != null && prologue.looks();
    }

    /** Whether it opens a transaction for the statement, and ends it. */
    boolean isAlone() {
        return !after.isEmpty();
    }

    /** Whether all of it must run under no name. */
    boolean isOnce() {
        return prologue != null && prologue.isOnce();
    }
}
