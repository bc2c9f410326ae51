package dev.tenancy.jdbc.differential;

import static dev.tenancy.jdbc.differential.Case.connection;
import static dev.tenancy.jdbc.differential.Seen.done;
import static dev.tenancy.jdbc.differential.Seen.each;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** What a connection says of itself, and lets be set. */
final class ConnectionCases {
    static final List<Case> ALL = List.of(
            connection(
                    "attributes of the connection",
                    c -> each(
                            c::getAutoCommit,
                            c::isReadOnly,
                            c::getHoldability,
                            c::getCatalog,
                            c::getSchema,
                            c::getNetworkTimeout,
                            c::getTypeMap,
                            c::getWarnings,
                            c::isClosed,
                            () -> c.isValid(5),
                            c::getTransactionIsolation)),
            connection("isValid out of range", c -> each(() -> c.isValid(-1), () -> c.isValid(0))),
            connection(
                    "holdability",
                    c -> each(
                            done(() -> c.setHoldability(ResultSet.HOLD_CURSORS_OVER_COMMIT)),
                            c::getHoldability,
                            () -> c.createStatement().getResultSetHoldability(),
                            done(() -> c.setHoldability(99)))),
            connection(
                    "network timeout",
                    c -> each(
                            done(() -> c.setNetworkTimeout(Runnable::run, 20_000)),
                            c::getNetworkTimeout,
                            done(() -> c.setNetworkTimeout(Runnable::run, -1)),
                            done(() -> c.setNetworkTimeout(null, 1)))),
            connection("network timeout that passes", c -> {
                try (Statement s = c.createStatement()) {
                    c.setNetworkTimeout(Runnable::run, 200);
                    return each(() -> s.executeQuery("SELECT pg_sleep(30)"), c::isClosed);
                }
            }),
            connection(
                    "schema",
                    c -> each(
                            done(() -> c.setSchema("pg_catalog")),
                            c::getSchema,
                            () -> c.createStatement().executeQuery("SHOW search_path"),
                            done(() -> c.setSchema(null)),
                            () -> c.createStatement().executeQuery("SHOW search_path"))),
            connection(
                    "catalog",
                    c -> each(
                            done(() -> c.setCatalog("elsewhere")),
                            () -> c.getCatalog().isEmpty())),
            connection(
                    "client info",
                    c -> each(
                            done(() -> c.setClientInfo("ApplicationName", "mine")),
                            () -> c.getClientInfo("ApplicationName"),
                            () -> c.createStatement().executeQuery("SHOW application_name"),
                            done(() -> c.setClientInfo("Nowhere", "x")),
                            () -> c.getClientInfo("Nowhere"),
                            done(() -> c.setClientInfo("ApplicationName", null)))),
            connection("client info as properties", c -> {
                Properties info = new Properties();
                info.setProperty("ApplicationName", "mine");
                return each(
                        done(() -> c.setClientInfo(info)),
                        c::getClientInfo,
                        () -> c.createStatement().executeQuery("SHOW application_name"));
            }),
            connection("type map", c -> each(done(() -> c.setTypeMap(Map.of())), c::getTypeMap)),
            connection(
                    "nativeSQL",
                    c -> each(
                            () -> c.nativeSQL("SELECT {fn upper('a')}, {d '2020-01-02'}, ?"),
                            () -> c.nativeSQL("SELECT {fn nowhere()}"))),
            connection("the connection is closed", c -> {
                        Statement s = c.createStatement();
                        c.close();
                        return each(
                                c::isClosed,
                                () -> c.isValid(1),
                                s::isClosed,
                                done(c::close),
                                () -> s.execute("SELECT 1"));
                    })
                    .differs("the message is the library's own", (way, start) -> true),
            connection("use after close", c -> {
                        c.close();
                        return each(
                                c::createStatement,
                                () -> c.prepareStatement("SELECT 1"),
                                () -> c.prepareCall("SELECT 1"),
                                done(c::commit),
                                done(c::rollback),
                                c::getAutoCommit,
                                done(() -> c.setAutoCommit(true)),
                                c::getMetaData,
                                c::isReadOnly,
                                c::getSchema,
                                c::setSavepoint,
                                () -> c.nativeSQL("SELECT 1"),
                                c::getWarnings,
                                c::getTransactionIsolation,
                                c::getHoldability,
                                c::getCatalog);
                    })
                    .differs(
                            "the message is the library's own, and what the driver still answers of a closed connection is refused",
                            (way, start) -> true),
            connection(
                    "abort",
                    c -> each(
                            done(() -> c.abort(Runnable::run)),
                            c::isClosed,
                            () -> c.isValid(1),
                            done(() -> c.abort(Runnable::run)),
                            done(c::close))),
            connection("abort without an executor", c -> each(done(() -> c.abort(null)), c::isClosed)),
            connection(
                    "wrapped",
                    c -> each(
                            () -> c.isWrapperFor(Connection.class),
                            () -> c.unwrap(Connection.class) != null,
                            () -> c.isWrapperFor(Thread.class))),
            connection("notifications and requests", c -> each(done(c::beginRequest), done(c::endRequest))),
            connection("a cancel from another thread", c -> {
                try (Statement s = c.createStatement()) {
                    s.setQueryTimeout(1);
                    return each(
                            () -> s.executeQuery("SELECT pg_sleep(30)"),
                            () -> s.executeQuery("SELECT count(*) FROM things"));
                }
            }));

    private ConnectionCases() {}
}
