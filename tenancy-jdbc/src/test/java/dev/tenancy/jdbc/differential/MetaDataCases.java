package dev.tenancy.jdbc.differential;

import static dev.tenancy.jdbc.differential.Case.connection;
import static dev.tenancy.jdbc.differential.Seen.each;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.RowIdLifetime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the database and the driver say of themselves. */
@SuppressWarnings("ReferenceEquality") // whether it is the same object is what is compared
final class MetaDataCases {
    /** Differs from connection to connection. */
    private static final Set<String> ITS_OWN = Set.of("getURL", "getConnection", "getUserName");

    static final List<Case> ALL = List.of(
            metaData("everything without arguments", MetaDataCases::withoutArguments),
            metaData("getTables", m -> m.getTables(null, "public", "%", new String[] {"TABLE", "SEQUENCE"})),
            metaData("getColumns", m -> m.getColumns(null, "public", "things", "%")),
            metaData("getPrimaryKeys", m -> m.getPrimaryKeys(null, "public", "things")),
            metaData("getImportedKeys", m -> m.getImportedKeys(null, "public", "things")),
            metaData("getExportedKeys", m -> m.getExportedKeys(null, "public", "things")),
            metaData("getCrossReference", m -> m.getCrossReference(null, null, "things", null, null, "things")),
            metaData("getIndexInfo", m -> m.getIndexInfo(null, "public", "things", false, true)),
            metaData("getProcedures", m -> m.getProcedures(null, "public", "%")),
            metaData("getProcedureColumns", m -> m.getProcedureColumns(null, "public", "add_thing", "%")),
            metaData("getFunctions", m -> m.getFunctions(null, "public", "add_up")),
            metaData("getFunctionColumns", m -> m.getFunctionColumns(null, "public", "add_up", "%")),
            metaData(
                    "getBestRowIdentifier",
                    m -> m.getBestRowIdentifier(null, "public", "things", DatabaseMetaData.bestRowSession, false)),
            metaData("getVersionColumns", m -> m.getVersionColumns(null, "public", "things")),
            metaData("getTablePrivileges", m -> m.getTablePrivileges(null, "public", "things")),
            metaData("getColumnPrivileges", m -> m.getColumnPrivileges(null, "public", "things", "id")),
            metaData("getUDTs", m -> m.getUDTs(null, "public", "%", null)),
            metaData("getSchemas of a pattern", m -> m.getSchemas(null, "pub%")),
            metaData("getAttributes", m -> m.getAttributes(null, null, null, null)),
            metaData("getSuperTables", m -> m.getSuperTables(null, null, "things")),
            metaData("getPseudoColumns", m -> m.getPseudoColumns(null, null, "things", "%")),
            metaData(
                    "supports with arguments",
                    m -> each(
                            () -> m.supportsResultSetType(ResultSet.TYPE_SCROLL_SENSITIVE),
                            () -> m.supportsResultSetConcurrency(
                                    ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_UPDATABLE),
                            () -> m.supportsTransactionIsolationLevel(8),
                            () -> m.ownUpdatesAreVisible(1004),
                            () -> m.supportsConvert(4, 12))),
            connection(
                    "metadata leads to its connection",
                    c -> each(
                            () -> c.getMetaData().getConnection() == c,
                            () -> c.getMetaData().isWrapperFor(DatabaseMetaData.class))));

    private MetaDataCases() {}

    @FunctionalInterface
    private interface Calls {
        @Nullable
        Object on(DatabaseMetaData metaData) throws Exception;
    }

    private static Case metaData(String name, Calls calls) {
        return connection("metadata, " + name, c -> calls.on(c.getMetaData()));
    }

    private static List<String> withoutArguments(DatabaseMetaData metaData) {
        List<String> seen = new ArrayList<>();
        List<Method> methods = Arrays.stream(DatabaseMetaData.class.getDeclaredMethods())
                .filter(method -> method.getParameterCount() == 0 && !ITS_OWN.contains(method.getName()))
                .sorted(Comparator.comparing(Method::getName))
                .toList();
        for (Method method : methods) {
            seen.add(method.getName() + " " + Seen.outcome(() -> called(method, metaData)));
        }
        return seen;
    }

    private static @Nullable Object called(Method method, DatabaseMetaData metaData) throws Exception {
        try {
            Object result = method.invoke(metaData);
            return result instanceof RowIdLifetime lifetime ? lifetime.name() : result;
        } catch (InvocationTargetException failure) {
            throw failure.getCause() instanceof Exception cause ? cause : failure;
        }
    }
}
