package dev.tenancy.jdbc.torture;

import java.sql.SQLException;

/**
 * Something that a borrower does, with what must come of it.
 *
 * @param when the state of the transaction in which it makes sense
 * @param weight how often it is done, compared to the others
 */
record Step(String name, When when, int weight, Action action) {

    /** What is done. */
    @FunctionalInterface
    interface Action {
        void run(Borrowed by) throws SQLException;
    }

    /** A state of the transaction. */
    enum When {
        /** With or without a transaction, unless one has failed. */
        ANY,
        OPEN,
        OPEN_BY_DRIVER,
        NONE,
        WITH_SAVEPOINT,
        FAILED,
        FAILED_WITH_SAVEPOINT;

        boolean holds(Ledger ledger) {
            boolean failed = ledger.isFailed();
            boolean marked = ledger.lastMark() != null;
            return switch (this) {
                case ANY -> !failed;
                case OPEN -> !failed && ledger.isOpen();
                case OPEN_BY_DRIVER -> !failed && !ledger.autoCommit();
                case NONE -> !ledger.isOpen();
                case WITH_SAVEPOINT -> !failed && marked;
                case FAILED -> failed;
                case FAILED_WITH_SAVEPOINT -> failed && marked;
            };
        }
    }

    static Step step(String name, Action action) {
        return new Step(name, When.ANY, 10, action);
    }

    static Step rare(String name, Action action) {
        return new Step(name, When.ANY, 1, action);
    }

    static Step step(String name, When when, Action action) {
        return new Step(name, when, 10, action);
    }

    static Step rare(String name, When when, Action action) {
        return new Step(name, when, 1, action);
    }
}
