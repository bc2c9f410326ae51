package dev.tenancy.example.worker;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import javax.sql.DataSource;

/**
 * A queue in a table, which belongs to no tenant. A message is locked while somebody works on it, so one whose worker
 * dies is there again.
 */
record Queue(DataSource source) {

    /** What the owner of the database runs once. */
    static final String TABLE =
            "CREATE TABLE messages (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, ticket text,"
                    + " text text NOT NULL, state text NOT NULL DEFAULT 'waiting', tries integer NOT NULL DEFAULT 0)";

    /**
     * Takes the next message, if there is one, and keeps what became of it.
     *
     * @return what became of it
     */
    Optional<Gate.Outcome> take(Function<Message, Gate.Outcome> work) throws SQLException {
        try (Connection connection = source.getConnection()) {
            connection.setAutoCommit(false);
            Optional<Message> next = next(connection);
            Optional<Gate.Outcome> outcome = next.map(work);
            if (next.isPresent()) {
                keep(connection, next.get(), outcome.orElseThrow());
            }
            connection.commit();
            return outcome;
        }
    }

    private static Optional<Message> next(Connection connection) throws SQLException {
        try (PreparedStatement select =
                        connection.prepareStatement("SELECT id, ticket, text FROM messages WHERE state = 'waiting'"
                                + " ORDER BY tries, id LIMIT 1 FOR UPDATE SKIP LOCKED");
                ResultSet row = select.executeQuery()) {
            return row.next()
                    ? Optional.of(new Message(row.getLong("id"), row.getString("ticket"), row.getString("text")))
                    : Optional.empty();
        }
    }

    /** One that is to be delivered again goes behind the others, so that one tenant cannot hold them up. */
    private static void keep(Connection connection, Message message, Gate.Outcome outcome) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement("UPDATE messages SET state = ?, tries = tries + 1 WHERE id = ?")) {
            update.setString(
                    1,
                    outcome == Gate.Outcome.AGAIN ? "waiting" : outcome.name().toLowerCase(Locale.ROOT));
            update.setLong(2, message.id());
            update.executeUpdate();
        }
    }
}
