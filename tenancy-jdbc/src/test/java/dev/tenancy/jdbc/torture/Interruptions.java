package dev.tenancy.jdbc.torture;

import static dev.tenancy.jdbc.torture.Step.rare;

import dev.tenancy.jdbc.torture.Step.When;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/** What comes from outside while a statement runs, or between two: timeouts, cancels, and the end of the session. */
final class Interruptions {
    static final List<Step> STEPS = List.of(
            rare("statement timeout", When.OPEN, Interruptions::timeout),
            rare("cancel", Interruptions::cancel),
            rare("cancel of a prepared write", Interruptions::cancelWrite),
            rare("session ended while it works", Interruptions::endedAtWork),
            rare("session ended between two statements", Interruptions::endedBetween),
            rare("session ended around the commit", When.OPEN_BY_DRIVER, Interruptions::endedAroundCommit));

    private static final Set<String> BROKEN = Set.of("57P01", "08006", "08003");

    private Interruptions() {}

    private static void timeout(Borrowed b) throws SQLException {
        b.statement().execute("SET LOCAL statement_timeout = 10");
        b.fails("57014", () -> b.statement().executeQuery("SELECT pg_sleep(60)"));
    }

    private static void cancel(Borrowed b) throws SQLException {
        Statement statement = b.statement();
        String marker = b.outside.marker();
        b.outside.during(
                marker,
                pid -> statement.cancel(),
                () -> b.fails("57014", () -> statement.execute("SELECT pg_sleep(60), '" + marker + "'")));
    }

    private static void cancelWrite(Borrowed b) throws SQLException {
        String marker = b.outside.marker();
        PreparedStatement update =
                b.prepared("UPDATE items SET body = ? || pg_sleep(60) WHERE id = 0 AND '" + marker + "' <> ''");
        update.setString(1, "canceled");
        b.outside.during(marker, pid -> update.cancel(), () -> b.fails("57014", update::executeUpdate));
    }

    private static void endedAtWork(Borrowed b) throws SQLException {
        String marker = b.outside.marker();
        Statement statement = b.statement();
        b.outside.during(
                marker,
                b.outside::end,
                () -> breaks(
                        b,
                        () -> statement.executeUpdate(
                                "UPDATE items SET body = 'lost' || pg_sleep(60) WHERE id = 0 AND '" + marker
                                        + "' <> ''")));
    }

    private static void endedBetween(Borrowed b) throws SQLException {
        b.outside.end(pid(b));
        breaks(b, b.flip() ? b::insert : () -> b.statement().executeQuery(Texts.query(b.random)));
    }

    private static void breaks(Borrowed b, Borrowed.Call call) {
        try {
            call.run();
        } catch (SQLException failure) {
            broken(b, failure);
            return;
        }
        throw new AssertionError("a statement of a session that was ended does not fail");
    }

    private static void broken(Borrowed b, SQLException failure) {
        if (!BROKEN.contains(failure.getSQLState())) {
            throw new AssertionError("SQLState " + failure.getSQLState() + ", must be one of " + BROKEN, failure);
        }
        b.over();
    }

    /** Nobody knows whether it was committed. */
    private static void endedAroundCommit(Borrowed b) throws SQLException {
        b.insert();
        NavigableMap<Long, String> before = b.ledger.tenant().rows();
        NavigableMap<Long, String> after = new TreeMap<>(b.ledger.rows());
        int pid = pid(b);
        b.ledger.tenant().committedOneOf(List.of(before, after));
        b.outside.meanwhile(outside -> outside.end(pid), () -> {
            try {
                b.connection.commit();
                b.ledger.tenant().committed(after);
            } catch (SQLException failure) {
                broken(b, failure);
            }
        });
        if (!b.isOver()) {
            breaks(b, () -> b.statement().executeQuery(Texts.SELECT));
        }
    }

    private static int pid(Borrowed b) throws SQLException {
        try (ResultSet row = b.statement().executeQuery("SELECT pg_backend_pid()")) {
            row.next();
            return row.getInt(1);
        }
    }
}
