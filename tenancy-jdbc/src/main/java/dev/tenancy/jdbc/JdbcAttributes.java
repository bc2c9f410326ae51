package dev.tenancy.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.postgresql.PGConnection;
import org.postgresql.jdbc.AutoSave;

/** What JDBC lets one say of a connection, and the driver keeps for itself: none of it costs a round trip. */
record JdbcAttributes(
        boolean autoCommit,
        boolean readOnly,
        int holdability,
        int networkTimeout,
        Map<String, Class<?>> typeMap,
        OfDriver ofDriver) {

    /** What only the driver's own interface lets one say. */
    private record OfDriver(int prepareThreshold, int fetchSize, boolean adaptiveFetch, AutoSave autosave) {
        static OfDriver of(PGConnection connection) {
            return new OfDriver(
                    connection.getPrepareThreshold(),
                    connection.getDefaultFetchSize(),
                    connection.getAdaptiveFetch(),
                    connection.getAutosave());
        }

        void applyTo(PGConnection connection) throws SQLException {
            connection.setPrepareThreshold(prepareThreshold);
            connection.setDefaultFetchSize(fetchSize);
            connection.setAdaptiveFetch(adaptiveFetch);
            connection.setAutosave(autosave);
        }
    }

    static JdbcAttributes of(Connection connection) throws SQLException {
        return new JdbcAttributes(
                connection.getAutoCommit(),
                connection.isReadOnly(),
                connection.getHoldability(),
                connection.getNetworkTimeout(),
                Map.copyOf(connection.getTypeMap()),
                OfDriver.of(connection.unwrap(PGConnection.class)));
    }

    /** Makes another connection, or the same one later, like this. No transaction may be open on it. */
    void applyTo(Connection connection) throws SQLException {
        if (connection.getAutoCommit() != autoCommit) {
            connection.setAutoCommit(autoCommit);
        }
        if (connection.isReadOnly() != readOnly) {
            connection.setReadOnly(readOnly);
        }
        if (connection.getHoldability() != holdability) {
            connection.setHoldability(holdability);
        }
        if (connection.getNetworkTimeout() != networkTimeout) {
            connection.setNetworkTimeout(Runnable::run, networkTimeout);
        }
        if (!typeMap.equals(connection.getTypeMap())) {
            connection.setTypeMap(new HashMap<>(typeMap));
        }
        ofDriver.applyTo(connection.unwrap(PGConnection.class));
    }
}
