package dev.tenancy.jdbc.poison;

import static dev.tenancy.jdbc.poison.Poison.committed;
import static dev.tenancy.jdbc.poison.Poison.execute;

import dev.tenancy.jdbc.poison.Poison.Effect;
import java.util.stream.Stream;
import org.postgresql.PGConnection;

/** S5 and the rest: cursors, channels, locks, seeds, sequences, and what PostgreSQL refuses. */
final class SessionPoisons {
    /** An advisory lock that B wants too. */
    static final long LOCK = 42;

    private SessionPoisons() {}

    static Stream<Poison> all() {
        return Stream.of(
                committed("S5 a cursor that is kept", "DECLARE kept CURSOR WITH HOLD FOR SELECT body FROM notes"),
                committed(
                        "S5 cursors under the driver's names",
                        "DO $$ BEGIN FOR i IN 1..50 LOOP EXECUTE format("
                                + "'DECLARE %I CURSOR WITH HOLD FOR SELECT ''of A''', 'C_' || i); END LOOP; END $$"),
                committed("S5 LISTEN", "LISTEN secrets"),
                committed("S5 LISTEN, by a query", "SELECT run('LISTEN secrets')"),
                committed("S5 a notification that waits in the driver", "LISTEN secrets", "NOTIFY secrets, 'of A'"),
                committed(
                        "S5 a notification that waits in the driver, by queries",
                        "SELECT run('LISTEN secrets')",
                        "SELECT pg_notify('secrets', 'of A')"),
                committed("S5 an advisory lock", "SELECT pg_advisory_lock(" + LOCK + ")"),
                committed("S5 an advisory lock, shared", "SELECT pg_advisory_lock_shared(" + LOCK + ")"),
                committed("S5 a random seed", "SELECT setseed(" + HostDatabase.SEED + ")"),
                committed("S5 a random seed, by SET", "SET seed = " + HostDatabase.SEED),
                committed("S5 numbers of a sequence", "SELECT nextval('tickets')"),
                committed(
                        "S5 numbers of a sequence, by a default",
                        "CREATE TABLE workshop.numbered (id bigint DEFAULT nextval('public.tickets'))",
                        "INSERT INTO workshop.numbered DEFAULT VALUES"),
                committed("a large object", "SELECT lo_from_bytea(0, 'of A')").thatMayHarm(),
                new Poison("a large object that is left open", Effect.MAY_HARM, connection -> {
                    connection.setAutoCommit(false);
                    physical(connection)
                            .getLargeObjectAPI()
                            .open(physical(connection).getLargeObjectAPI().createLO());
                }),
                committed("LOAD", "LOAD 'auto_explain'").thatIsDenied(),
                committed("ALTER SYSTEM", "ALTER SYSTEM SET work_mem = '64kB'").thatIsDenied(),
                committed("COPY to a program", "COPY notes TO PROGRAM 'cat'").thatIsDenied(),
                committed("a policy of one's own", "CREATE POLICY mine ON notes USING (true)")
                        .thatIsDenied(),
                committed(
                                "a trigger on the host's table",
                                "CREATE TRIGGER mine BEFORE INSERT ON notes FOR EACH ROW EXECUTE FUNCTION"
                                        + " suppress_redundant_updates_trigger()")
                        .thatIsDenied(),
                new Poison(
                        "a session that is ended",
                        Effect.MAY_HARM,
                        connection -> execute(connection, "SELECT pg_terminate_backend(pg_backend_pid())")));
    }

    static PGConnection physical(java.sql.Connection connection) throws java.sql.SQLException {
        return JdbcPoisons.physical(connection).unwrap(PGConnection.class);
    }
}
