package dev.tenancy.jdbc.torture;

import static dev.tenancy.jdbc.torture.Step.rare;
import static dev.tenancy.jdbc.torture.Step.step;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** Prepared statements with parameters, executed so often that the driver gives them a name on the server. */
final class Executions {
    static final List<Step> STEPS = List.of(
            step("parameter of a kept statement", Executions::once),
            step("parameter set by set, left, and set again", Executions::mixed),
            rare("parameter of a statement executed often", Executions::often),
            rare("another parameter at each execution", Executions::changing),
            rare("metadata of a prepared statement, then executed", Executions::described),
            rare("a statement with several parameters in a text of several statements", Executions::several));

    private static final List<Parameter> PARAMETERS = List.of(Parameter.values());

    private Executions() {}

    private static PreparedStatement query(Borrowed b, Parameter parameter) throws SQLException {
        return b.kept(Texts.SELECT + " WHERE " + parameter.condition());
    }

    private static void once(Borrowed b) throws SQLException {
        Parameter parameter = Texts.one(PARAMETERS, b.random);
        PreparedStatement statement = query(b, parameter);
        parameter.set(statement, 1);
        b.sees(statement.executeQuery());
    }

    private static void mixed(Borrowed b) throws SQLException {
        Parameter one = Texts.one(PARAMETERS, b.random);
        Parameter other = Texts.one(PARAMETERS, b.random);
        PreparedStatement statement =
                b.prepared(Texts.SELECT + " WHERE " + one.condition() + " AND " + other.condition());
        one.set(statement, 1);
        other.set(statement, 2);
        statement.clearParameters();
        other.set(statement, 2);
        one.set(statement, 1);
        b.sees(statement.executeQuery());
    }

    private static void often(Borrowed b) throws SQLException {
        Parameter parameter = Texts.one(PARAMETERS, b.random);
        PreparedStatement statement = query(b, parameter);
        for (int i = 0; i < 12; i++) {
            parameter.set(statement, 1);
            b.sees(statement.executeQuery());
        }
    }

    private static void changing(Borrowed b) throws SQLException {
        PreparedStatement statement = b.kept(Texts.SELECT + " WHERE id = ?");
        for (int i = 0; i < 12; i++) {
            if (i % 2 == 0) {
                statement.setInt(1, 0);
            } else {
                statement.setObject(1, null);
            }
            int found = b.read(statement.executeQuery()).size();
            b.writes(i % 2 == 0 ? 1 : 0, found);
        }
    }

    private static void described(Borrowed b) throws SQLException {
        Parameter parameter = Texts.one(PARAMETERS, b.random);
        PreparedStatement statement = query(b, parameter);
        b.writes(1, statement.getParameterMetaData().getParameterCount());
        b.writes(2, statement.getMetaData().getColumnCount());
        parameter.set(statement, 1);
        b.sees(statement.executeQuery());
    }

    private static void several(Borrowed b) throws SQLException {
        PreparedStatement statement = b.kept("SELECT ?::int; " + Texts.SELECT + " WHERE id >= ?");
        statement.setInt(1, 5);
        statement.setLong(2, 0);
        statement.execute();
        try (ResultSet five = statement.getResultSet()) {
            b.writes(5, five.next() ? five.getInt(1) : 0);
        }
        statement.getMoreResults();
        b.sees(statement.getResultSet());
    }
}
