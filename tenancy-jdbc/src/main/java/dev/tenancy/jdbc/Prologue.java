package dev.tenancy.jdbc;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The statements that have to run before the first statement of a borrower in a transaction. Compared by identity.
 *
 * <p>Every function is qualified, since a function of that name in an attacker's schema must not be found first.
 */
final class Prologue {
    private static final String BIND_STATEMENT =
            "SELECT pg_catalog.set_config('" + TenantBinding.SETTING + "', ?, true)";

    /** Binds, and nothing else. */
    static final Prologue BIND = new Prologue(List.of(), false);

    /** Looks what the session is like, and binds. The look is the first result. */
    static final Prologue LOOK_AND_BIND = new Prologue(List.of(Baseline.SELECT), true);

    private final String sql;
    private final boolean once;
    private final Fold alone;
    private final Fold inTransaction;

    private Prologue(List<String> beforeBind, boolean once) {
        this.sql = textOf(beforeBind) + BIND_STATEMENT + ";";
        this.once = once;
        int results = beforeBind.size() + 1;
        this.alone = new Fold(this, Fold.BEGIN + sql, Fold.COMMIT, results + 1);
        this.inTransaction = new Fold(this, sql, "", results);
    }

    /** Cleans the session, and binds. */
    static Prologue cleanAndBind(SessionCleaning cleaning) {
        return new Prologue(cleaning.statements(), true);
    }

    /** {@return the statements as one text, each with a semicolon behind it} */
    static String textOf(List<String> statements) {
        return statements.stream().map(statement -> statement + ";").collect(Collectors.joining());
    }

    /**
     * The statements, each with a semicolon behind it; the last one binds, and has the tenant as the only parameter.
     */
    String sql() {
        return sql;
    }

    /** Whether they must run under no name: SQL of a former borrower can replace the named statements of a session. */
    boolean isOnce() {
        return once;
    }

    /** This, and a statement that is alone in its transaction. */
    Fold alone() {
        return alone;
    }

    /** This, and a statement in a transaction that stays open. */
    Fold inTransaction() {
        return inTransaction;
    }
}
