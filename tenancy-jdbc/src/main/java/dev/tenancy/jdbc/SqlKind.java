package dev.tenancy.jdbc;

import java.util.Set;

/** What a statement does to a binding, as far as its first words tell. */
enum SqlKind {
    /** Reads or writes rows, and nothing else: can travel together with the binding. */
    ROWS,
    /**
     * Reads no row, so that no tenant is needed; some of these have to come before the first snapshot of a transaction.
     */
    SETTING,
    /** The same, and over with the transaction. */
    LOCAL_SETTING,
    /** Opens a transaction, or a savepoint in it. */
    BEGIN,
    /** Ends the transaction, and keeps what it did. */
    COMMIT,
    /** Ends the transaction, and undoes what it did. */
    ROLLBACK,
    /** Undoes what the transaction did since a savepoint. */
    ROLLBACK_TO,
    /** Asks what belongs to no tenant: the catalogs, the settings. */
    CATALOG,
    /** May do anything. */
    ANYTHING,
    /** Several statements, of which one would end the transaction that holds the others together. */
    SEVERAL_TRANSACTIONS;

    private static final Set<String> ROW_WORDS =
            Set.of("SELECT", "INSERT", "UPDATE", "DELETE", "MERGE", "WITH", "VALUES", "TABLE");

    private static final Set<String> SETTING_WORDS = Set.of("SET", "RESET", "LISTEN", "UNLISTEN");
    private static final Set<String> LOCAL_SETTING_WORDS = Set.of("SHOW", "LOCK", "NOTIFY");
    private static final Set<String> LOCAL_WORDS = Set.of("LOCAL", "TRANSACTION");

    /** {@return the kind of one statement} */
    static SqlKind of(SqlScanner statement) {
        String first = statement.word(0);
        if (ROW_WORDS.contains(first)) {
            return ROWS;
        }
        if (first.equals("SET") && LOCAL_WORDS.contains(statement.word(1))) {
            return LOCAL_SETTING;
        }
        if (first.equals("SET") && statement.word(1).equals("CONSTRAINTS")) {
            return ANYTHING;
        }
        if (SETTING_WORDS.contains(first)) {
            return SETTING;
        }
        if (LOCAL_SETTING_WORDS.contains(first)) {
            return LOCAL_SETTING;
        }
        return switch (first) {
            case "BEGIN", "START", "SAVEPOINT", "RELEASE" -> BEGIN;
            case "COMMIT", "END" -> COMMIT;
            case "PREPARE" -> statement.word(1).equals("TRANSACTION") ? COMMIT : ANYTHING;
            case "ROLLBACK", "ABORT" -> statement.hasWord("TO") ? ROLLBACK_TO : ROLLBACK;
            default -> ANYTHING;
        };
    }

    /** What statements of this kind and then {@code next} are together; {@link #CATALOG} counts for none. */
    SqlKind and(SqlKind next) {
        if (this == CATALOG) {
            return next;
        }
        if (next == CATALOG) {
            return this;
        }
        if (controlsTransactions() || next.controlsTransactions()) {
            return SEVERAL_TRANSACTIONS;
        }
        if (this == next) {
            return this;
        }
        return isSetting() && next.isSetting() ? SETTING : ANYTHING;
    }

    private boolean isSetting() {
        return this == SETTING || this == LOCAL_SETTING;
    }

    /** Whether it opens or ends transactions, and savepoints in them. */
    boolean controlsTransactions() {
        return this == BEGIN
                || this == COMMIT
                || this == ROLLBACK
                || this == ROLLBACK_TO
                || this == SEVERAL_TRANSACTIONS;
    }
}
