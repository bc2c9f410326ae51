package dev.tenancy.jdbc.attack;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** All that an attacker gets to see of what its statements did. */
final class Outcome {
    private static final Pattern OF_VICTIM = Pattern.compile(VictimDatabase.COUNTS.stream()
            .map(String::valueOf)
            .collect(Collectors.joining(
                    "|",
                    // An amount in digits, also among others; in hexadecimal ones, as of a seal, it is there by chance.
                    "of-b|OF-B|(?<![0-9a-f])[0-9]*777[0-9]{3}[0-9]*(?![0-9a-f])|\\b90[0-9]{2}\\b.*of|(?<![0-9A-Za-z.:-])(",
                    ")(?![0-9A-Za-z.:-])")));

    private final StringBuilder seen = new StringBuilder();

    /** Runs the statements, whatever becomes of each. */
    static String of(Connection connection, List<String> statements) throws SQLException {
        Outcome outcome = new Outcome();
        for (String sql : statements) {
            try (Statement statement = connection.createStatement()) {
                statement.setQueryTimeout(10);
                outcome.execute(statement, sql);
            } catch (SQLException failure) {
                outcome.add(failure);
            }
            if (!connection.getAutoCommit() && statements.size() > 1 && outcome.failedLast()) {
                connection.rollback();
            }
        }
        return outcome.seen.toString();
    }

    private boolean failedLast() {
        int last = seen.lastIndexOf("\n", seen.length() - 2);
        return seen.indexOf("ERROR", last < 0 ? 0 : last) >= 0;
    }

    private void execute(Statement statement, String sql) throws SQLException {
        boolean rows = statement.execute(sql);
        while (rows || statement.getUpdateCount() >= 0) {
            if (rows) {
                try (ResultSet result = statement.getResultSet()) {
                    read(result);
                }
            } else {
                seen.append("updated ").append(statement.getUpdateCount()).append('\n');
            }
            rows = statement.getMoreResults();
        }
        for (SQLWarning warning = statement.getWarnings(); warning != null; warning = warning.getNextWarning()) {
            seen.append("warning ").append(warning.getMessage()).append('\n');
        }
    }

    private void read(ResultSet rows) throws SQLException {
        int columns = rows.getMetaData().getColumnCount();
        while (rows.next()) {
            for (int i = 1; i <= columns; i++) {
                seen.append(rows.getString(i)).append(' ');
            }
            seen.append('\n');
        }
    }

    private void add(SQLException failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            seen.append("ERROR ").append(each.getMessage()).append('\n');
        }
    }

    /** What of it is the victim's; null if nothing is. */
    static @Nullable String ofVictim(String seen) {
        return seen.lines()
                .filter(line -> OF_VICTIM.matcher(line).find())
                .findFirst()
                .orElse(null);
    }
}
