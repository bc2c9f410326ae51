package dev.tenancy.jdbc.differential;

import static dev.tenancy.jdbc.differential.Case.connection;
import static dev.tenancy.jdbc.differential.Case.statement;
import static dev.tenancy.jdbc.differential.Seen.each;

import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.List;

/** Generated keys. */
final class KeyCases {
    private static final String INSERT = "INSERT INTO things (body) VALUES ('new')";

    static final List<Case> ALL = List.of(
            statement(
                    "RETURN_GENERATED_KEYS",
                    s -> each(
                            () -> s.executeUpdate(INSERT, Statement.RETURN_GENERATED_KEYS), s::getUpdateCount,
                            () -> s.getGeneratedKeys().getMetaData().getColumnCount(), s::getResultSet)),
            statement(
                    "NO_GENERATED_KEYS",
                    s -> each(
                            () -> s.executeUpdate(INSERT, Statement.NO_GENERATED_KEYS),
                            s::getUpdateCount,
                            s::getGeneratedKeys)),
            statement(
                    "keys by name",
                    s -> each(
                            () -> s.executeUpdate(INSERT, new String[] {"id", "body"}),
                            s::getGeneratedKeys,
                            s::getUpdateCount)),
            statement(
                    "keys by a name that is not there",
                    s -> each(() -> s.executeUpdate(INSERT, new String[] {"nowhere"}))),
            statement("keys by no name", s -> each(() -> s.executeUpdate(INSERT, new String[0]), s::getGeneratedKeys)),
            statement("keys by number", s -> each(() -> s.executeUpdate(INSERT, new int[] {1}))),
            statement("keys of something else", s -> each(() -> s.execute(INSERT, 4711))),
            statement(
                    "keys of execute",
                    s -> each(
                            () -> s.execute(INSERT, new String[] {"id"}),
                            s::getUpdateCount,
                            s::getGeneratedKeys,
                            s::getResultSet,
                            s::getMoreResults,
                            s::getUpdateCount)),
            statement(
                    "keys of a large update",
                    s -> each(
                            () -> s.executeLargeUpdate(INSERT, new String[] {"id"}),
                            s::getLargeUpdateCount,
                            s::getGeneratedKeys)),
            statement(
                    "keys of an update of many",
                    s -> each(
                            () -> s.executeUpdate("UPDATE things SET body = 'x'", new String[] {"id"}),
                            s::getGeneratedKeys)),
            statement(
                    "keys of a query",
                    s -> each(
                            () -> s.execute("SELECT id FROM things ORDER BY id", Statement.RETURN_GENERATED_KEYS),
                            s::getResultSet,
                            s::getGeneratedKeys)),
            statement(
                    "keys of a text that returns",
                    s -> each(
                            () -> s.executeUpdate(INSERT + " RETURNING id", Statement.RETURN_GENERATED_KEYS),
                            s::getGeneratedKeys)),
            statement(
                    "keys of what fails",
                    s -> each(
                            () -> s.executeUpdate("INSERT INTO things (id) VALUES (1)", new String[] {"id"}),
                            s::getGeneratedKeys)),
            statement(
                    "keys, then none",
                    s -> each(
                            () -> s.executeUpdate(INSERT, new String[] {"id"}),
                            () -> s.executeUpdate(INSERT),
                            s::getGeneratedKeys)),
            connection("prepared with RETURN_GENERATED_KEYS", c -> {
                try (PreparedStatement s = c.prepareStatement(INSERT, Statement.RETURN_GENERATED_KEYS)) {
                    return each(
                            s::executeUpdate,
                            () -> s.getGeneratedKeys().getMetaData().getColumnCount(),
                            s::getUpdateCount,
                            s::executeUpdate);
                }
            }),
            connection("prepared with NO_GENERATED_KEYS", c -> {
                try (PreparedStatement s = c.prepareStatement(INSERT, Statement.NO_GENERATED_KEYS)) {
                    return each(s::executeUpdate, s::getGeneratedKeys, s::getUpdateCount);
                }
            }),
            connection("prepared with keys by name", c -> {
                try (PreparedStatement s = c.prepareStatement(INSERT, new String[] {"id"})) {
                    return each(
                            s::executeUpdate,
                            s::getGeneratedKeys,
                            s::execute,
                            s::getGeneratedKeys,
                            s::getUpdateCount,
                            s::executeLargeUpdate,
                            s::executeQuery);
                }
            }),
            connection("prepared with keys by number", c -> each(() -> c.prepareStatement(INSERT, new int[] {1}))),
            connection("prepared with keys of something else", c -> each(() -> c.prepareStatement(INSERT, 4711))));

    private KeyCases() {}
}
