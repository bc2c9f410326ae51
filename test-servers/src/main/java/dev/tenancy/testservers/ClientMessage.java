package dev.tenancy.testservers;

/**
 * What a client sent to PostgreSQL in one message.
 *
 * @param type the type of the message in the protocol (PostgreSQL manual, section 54.7): {@code Q} for Query, {@code P}
 *     for Parse, {@code B} for Bind, {@code E} for Execute, {@code S} for Sync, and so on
 * @param sql the text of a Query or Parse, for a Bind the text of the statement that is bound, else empty
 */
public record ClientMessage(char type, String sql) {
    /** {@return whether this asks for the SQL to be executed, rather than only to be parsed} */
    boolean isStatement() {
        return type == 'Q' || type == 'B';
    }
}
