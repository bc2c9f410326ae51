package dev.tenancy.jdbc;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The statements that have to run before the first statement of a borrower in a transaction. Compared by identity. */
final class Prologue {
    private final BoundSettings settings;
    private final boolean once;
    private final boolean looks;
    private final Fold alone;
    private final Fold inTransaction;
    private final Fold inReadOnlyTransaction;

    private Prologue(
            BoundSettings settings,
            List<String> beforeBind,
            List<String> beforeBindReadOnly,
            boolean once,
            boolean looks) {
        this.settings = settings;
        this.once = once;
        this.looks = looks;
        List<String> bind = settings.bindTransaction();
        int results = beforeBind.size() + bind.size();
        this.alone = new Fold(this, Fold.BEGIN + textOf(beforeBind) + textOf(bind), Fold.COMMIT, results + 1);
        this.inTransaction = new Fold(this, textOf(beforeBind) + textOf(bind), "", results);
        this.inReadOnlyTransaction = new Fold(this, textOf(beforeBindReadOnly) + textOf(bind), "", results);
    }

    /** Binds, and nothing else. */
    static Prologue bind(BoundSettings settings) {
        return new Prologue(settings, List.of(), List.of(), false, false);
    }

    /** Looks what the session is like, and binds. The look is the first result. */
    static Prologue lookAndBind(BoundSettings settings) {
        List<String> look = List.of(Baseline.SELECT);
        return new Prologue(settings, look, look, true, true);
    }

    /**
     * Cleans the session, and binds in a transaction of its own: a rollback must not bring back what the cleaning took
     * away, and a transaction has the isolation, and is read only, as the session says when it begins.
     */
    static Prologue cleanAndBind(SessionCleaning cleaning, BoundSettings settings) {
        return new Prologue(settings, inNext(cleaning, "BEGIN"), inNext(cleaning, "BEGIN READ ONLY"), true, false);
    }

    private static List<String> inNext(SessionCleaning cleaning, String begin) {
        return Stream.concat(cleaning.statements().stream(), Stream.of(Fold.COMMIT, begin))
                .toList();
    }

    /** {@return the statements as one text, each with a semicolon behind it} */
    static String textOf(List<String> statements) {
        return statements.stream().map(statement -> statement + ";").collect(Collectors.joining());
    }

    /** What binds. */
    BoundSettings settings() {
        return settings;
    }

    /** Whether the first of them looks what the session is like. */
    boolean looks() {
        return looks;
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
