package dev.tenancy.example.gateway;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a text of SQL came to.
 *
 * @param columns names of the columns of the last statement that returned rows
 * @param rows its rows: numbers and booleans as such, everything else as PostgreSQL prints it
 * @param updated how many rows all statements together inserted, updated or deleted, but for those that returned them
 */
record SqlResult(List<String> columns, List<List<@Nullable Object>> rows, long updated) {
    static final int MOST_ROWS = 1_000;

    /** Runs the text. */
    static SqlResult of(Statement statement, String sql) throws SQLException {
        SqlResult last = new SqlResult(List.of(), List.of(), 0);
        long updated = 0;
        boolean isRows = statement.execute(sql);
        while (isRows || statement.getUpdateCount() >= 0) {
            if (isRows) {
                try (ResultSet rows = statement.getResultSet()) {
                    last = of(rows);
                }
            } else {
                updated += statement.getUpdateCount();
            }
            isRows = statement.getMoreResults();
        }
        return new SqlResult(last.columns, last.rows, updated);
    }

    private static SqlResult of(ResultSet result) throws SQLException {
        ResultSetMetaData shape = result.getMetaData();
        List<String> columns = new ArrayList<>();
        for (int i = 1; i <= shape.getColumnCount(); i++) {
            columns.add(shape.getColumnLabel(i));
        }
        List<List<@Nullable Object>> rows = new ArrayList<>();
        while (result.next()) {
            if (rows.size() == MOST_ROWS) {
                throw new MalformedRequestException("The result has more than " + MOST_ROWS + " rows; add a LIMIT.");
            }
            List<@Nullable Object> row = new ArrayList<>(columns.size());
            for (int i = 1; i <= columns.size(); i++) {
                row.add(value(shape.getColumnType(i), result.getString(i)));
            }
            rows.add(row);
        }
        return new SqlResult(columns, rows, 0);
    }

    private static @Nullable Object value(int type, @Nullable String text) {
        if (text == null) {
            return null;
        }
        return switch (type) {
            case Types.SMALLINT, Types.INTEGER, Types.BIGINT, Types.NUMERIC, Types.REAL, Types.DOUBLE -> number(text);
            case Types.BIT, Types.BOOLEAN -> bool(text);
            default -> text;
        };
    }

    /** A string of bits has this type too. */
    private static Object bool(String text) {
        if (text.equals("t")) {
            return true;
        }
        if (text.equals("f")) {
            return false;
        }
        return text;
    }

    /** NaN and the infinities are no numbers in JSON. */
    private static Object number(String text) {
        try {
            return new BigDecimal(text);
        } catch (NumberFormatException noNumber) {
            return text;
        }
    }
}
