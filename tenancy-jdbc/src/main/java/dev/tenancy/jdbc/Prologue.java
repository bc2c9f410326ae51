package dev.tenancy.jdbc;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The statements that have to run before the first statement of a borrower in a transaction. Compared by identity.
 *
 * <p>Every function is qualified, since a function of that name in an attacker's schema must not be found first.
 */
final class Prologue {
    private static final String BIND_STATEMENT =
            "SELECT pg_catalog.set_config('" + TenantBinding.SETTING + "', ?, true)";

    /** Binds, and nothing else. */
    static final Prologue BIND = new Prologue(List.of(), List.of(), false);

    /** Looks what the session is like, and binds. The look is the first result. */
    static final Prologue LOOK_AND_BIND = new Prologue(List.of(Baseline.SELECT), List.of(Baseline.SELECT), true);

    private final boolean once;
    private final Fold alone;
    private final Fold inTransaction;
    private final Fold inReadOnlyTransaction;

    private Prologue(List<String> beforeBind, List<String> beforeBindReadOnly, boolean once) {
        this.once = once;
        int results = beforeBind.size() + 1;
        this.alone = new Fold(this, Fold.BEGIN + andBind(beforeBind), Fold.COMMIT, results + 1);
        this.inTransaction = new Fold(this, andBind(beforeBind), "", results);
        this.inReadOnlyTransaction = new Fold(this, andBind(beforeBindReadOnly), "", results);
    }

    /**
     * Cleans the session, and binds in a transaction of its own: a rollback must not bring back what the cleaning took
     * away, and a transaction has the isolation, and is read only, as the session says when it begins.
     */
    static Prologue cleanAndBind(SessionCleaning cleaning) {
        return new Prologue(inNext(cleaning, "BEGIN"), inNext(cleaning, "BEGIN READ ONLY"), true);
    }

    private static List<String> inNext(SessionCleaning cleaning, String begin) {
        return Stream.concat(cleaning.statements().stream(), Stream.of(Fold.COMMIT, begin))
                .toList();
    }

    private static String andBind(List<String> before) {
        return textOf(before) + BIND_STATEMENT + ";";
    }

    /** {@return the statements as one text, each with a semicolon behind it} */
    static String textOf(List<String> statements) {
        return statements.stream().map(statement -> statement + ";").collect(Collectors.joining());
    }

    /** Whether they must run under no name: SQL of a former borrower can replace the named statements of a session. */
    boolean isOnce() {
        return once;
    }

    /** This, and a statement that is alone in its transaction. */
    Fold alone() {
        return alone;
    }

    /** This, and a statement in a transaction that stays open, and was just begun if this cleans. */
    Fold inTransaction(boolean readOnly) {
        return readOnly ? inReadOnlyTransaction : inTransaction;
    }
}
