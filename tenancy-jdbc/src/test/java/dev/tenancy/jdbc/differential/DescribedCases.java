package dev.tenancy.jdbc.differential;

import static dev.tenancy.jdbc.differential.Case.prepared;
import static dev.tenancy.jdbc.differential.Seen.done;
import static dev.tenancy.jdbc.differential.Seen.each;

import java.sql.ParameterMetaData;
import java.sql.ResultSetMetaData;
import java.util.ArrayList;
import java.util.List;

/** What a prepared statement says of its columns and parameters. */
final class DescribedCases {
    private static final String SELECT = "SELECT id, body FROM things WHERE id >= ? ORDER BY id";
    private static final String UPDATE = "UPDATE things SET body = ? WHERE id = ?";

    static final List<Case> ALL = List.of(
            prepared("metadata", SELECT, s -> columns(s.getMetaData())),
            prepared("metadata of an update", UPDATE, s -> each(s::getMetaData)),
            prepared(
                    "metadata of an update that returns",
                    UPDATE + " RETURNING id, body",
                    s -> columns(s.getMetaData())),
            prepared("metadata of all columns", "SELECT * FROM things", s -> columns(s.getMetaData())),
            prepared(
                    "metadata of an error",
                    "SELECT nothing FROM things",
                    s -> each(s::getMetaData, s::getParameterMetaData)),
            prepared(
                    "metadata, then executed",
                    SELECT,
                    s -> each(
                            () -> s.getMetaData().getColumnCount(),
                            done(() -> s.setLong(1, 1)),
                            s::executeQuery,
                            () -> s.getMetaData().getColumnCount(),
                            s::executeQuery)),
            prepared(
                    "parameter metadata",
                    "UPDATE things SET body = ?, num = ?, at = ?, tags = ? WHERE id = ?",
                    s -> parameters(s.getParameterMetaData())),
            prepared("parameter metadata after parameters", SELECT, s -> {
                s.setInt(1, 1);
                return parameters(s.getParameterMetaData());
            }),
            prepared("parameter metadata of none", "SELECT 1", s -> parameters(s.getParameterMetaData())),
            prepared("parameter metadata out of range", SELECT, s -> {
                ParameterMetaData parameters = s.getParameterMetaData();
                return each(() -> parameters.getParameterType(0), () -> parameters.getParameterType(2));
            }));

    private DescribedCases() {}

    static List<String> columns(ResultSetMetaData columns) throws Exception {
        List<String> seen = new ArrayList<>();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            int column = i;
            seen.addAll(each(
                    () -> columns.getColumnName(column),
                    () -> columns.getColumnLabel(column),
                    () -> columns.getColumnType(column),
                    () -> columns.getColumnTypeName(column),
                    () -> columns.getColumnClassName(column),
                    () -> columns.getPrecision(column),
                    () -> columns.getScale(column),
                    () -> columns.isNullable(column),
                    () -> columns.isAutoIncrement(column),
                    () -> columns.getTableName(column),
                    () -> columns.getSchemaName(column),
                    () -> columns.getColumnDisplaySize(column),
                    () -> columns.isSigned(column),
                    () -> columns.isWritable(column),
                    () -> columns.isSearchable(column),
                    () -> columns.isCurrency(column),
                    () -> columns.isCaseSensitive(column),
                    () -> columns.getCatalogName(column)));
        }
        seen.addAll(each(() -> columns.getColumnName(0), () -> columns.getColumnName(99)));
        return seen;
    }

    private static List<String> parameters(ParameterMetaData parameters) throws Exception {
        List<String> seen = new ArrayList<>(each(parameters::getParameterCount));
        for (int i = 1; i <= parameters.getParameterCount(); i++) {
            int index = i;
            seen.addAll(each(
                    () -> parameters.getParameterType(index),
                    () -> parameters.getParameterTypeName(index),
                    () -> parameters.getParameterClassName(index),
                    () -> parameters.getParameterMode(index),
                    () -> parameters.isNullable(index),
                    () -> parameters.isSigned(index),
                    () -> parameters.getPrecision(index)));
        }
        return seen;
    }
}
