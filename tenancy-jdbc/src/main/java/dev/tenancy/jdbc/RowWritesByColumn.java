package dev.tenancy.jdbc;

import java.io.InputStream;
import java.io.Reader;
import java.math.BigDecimal;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.NClob;
import java.sql.Ref;
import java.sql.RowId;
import java.sql.SQLException;
import java.sql.SQLType;
import java.sql.SQLXML;
import java.sql.Time;
import java.sql.Timestamp;

/** The rows of a result set, changed by the number of a column. */
abstract class RowWritesByColumn extends RowReadsByLabel {
    @Override
    public final void updateNull(int column) throws SQLException {
        rows().updateNull(column);
    }

    @Override
    public final void updateBoolean(int column, boolean value) throws SQLException {
        rows().updateBoolean(column, value);
    }

    @Override
    public final void updateByte(int column, byte value) throws SQLException {
        rows().updateByte(column, value);
    }

    @Override
    public final void updateShort(int column, short value) throws SQLException {
        rows().updateShort(column, value);
    }

    @Override
    public final void updateInt(int column, int value) throws SQLException {
        rows().updateInt(column, value);
    }

    @Override
    public final void updateLong(int column, long value) throws SQLException {
        rows().updateLong(column, value);
    }

    @Override
    public final void updateFloat(int column, float value) throws SQLException {
        rows().updateFloat(column, value);
    }

    @Override
    public final void updateDouble(int column, double value) throws SQLException {
        rows().updateDouble(column, value);
    }

    @Override
    public final void updateBigDecimal(int column, BigDecimal value) throws SQLException {
        rows().updateBigDecimal(column, value);
    }

    @Override
    public final void updateString(int column, String value) throws SQLException {
        rows().updateString(column, value);
    }

    @Override
    public final void updateBytes(int column, byte[] value) throws SQLException {
        rows().updateBytes(column, value);
    }

    @Override
    public final void updateDate(int column, Date value) throws SQLException {
        rows().updateDate(column, value);
    }

    @Override
    public final void updateTime(int column, Time value) throws SQLException {
        rows().updateTime(column, value);
    }

    @Override
    public final void updateTimestamp(int column, Timestamp value) throws SQLException {
        rows().updateTimestamp(column, value);
    }

    @Override
    public final void updateAsciiStream(int column, InputStream value, int scaleOrLength) throws SQLException {
        rows().updateAsciiStream(column, value, scaleOrLength);
    }

    @Override
    public final void updateBinaryStream(int column, InputStream value, int scaleOrLength) throws SQLException {
        rows().updateBinaryStream(column, value, scaleOrLength);
    }

    @Override
    public final void updateCharacterStream(int column, Reader value, int scaleOrLength) throws SQLException {
        rows().updateCharacterStream(column, value, scaleOrLength);
    }

    @Override
    public final void updateObject(int column, Object value, int scaleOrLength) throws SQLException {
        rows().updateObject(column, Proxies.own(value), scaleOrLength);
    }

    @Override
    public final void updateObject(int column, Object value) throws SQLException {
        rows().updateObject(column, Proxies.own(value));
    }

    @Override
    public final void updateRef(int column, Ref value) throws SQLException {
        rows().updateRef(column, value);
    }

    @Override
    public final void updateBlob(int column, Blob value) throws SQLException {
        rows().updateBlob(column, (Blob) Proxies.own(value));
    }

    @Override
    public final void updateClob(int column, Clob value) throws SQLException {
        rows().updateClob(column, (Clob) Proxies.own(value));
    }

    @Override
    public final void updateArray(int column, Array value) throws SQLException {
        rows().updateArray(column, (Array) Proxies.own(value));
    }

    @Override
    public final void updateRowId(int column, RowId value) throws SQLException {
        rows().updateRowId(column, value);
    }

    @Override
    public final void updateNString(int column, String value) throws SQLException {
        rows().updateNString(column, value);
    }

    @Override
    public final void updateNClob(int column, NClob value) throws SQLException {
        rows().updateNClob(column, (NClob) Proxies.own(value));
    }

    @Override
    public final void updateSQLXML(int column, SQLXML value) throws SQLException {
        rows().updateSQLXML(column, value);
    }

    @Override
    public final void updateNCharacterStream(int column, Reader value, long length) throws SQLException {
        rows().updateNCharacterStream(column, value, length);
    }

    @Override
    public final void updateAsciiStream(int column, InputStream value, long length) throws SQLException {
        rows().updateAsciiStream(column, value, length);
    }

    @Override
    public final void updateBinaryStream(int column, InputStream value, long length) throws SQLException {
        rows().updateBinaryStream(column, value, length);
    }

    @Override
    public final void updateCharacterStream(int column, Reader value, long length) throws SQLException {
        rows().updateCharacterStream(column, value, length);
    }

    @Override
    public final void updateBlob(int column, InputStream value, long length) throws SQLException {
        rows().updateBlob(column, value, length);
    }

    @Override
    public final void updateClob(int column, Reader value, long length) throws SQLException {
        rows().updateClob(column, value, length);
    }

    @Override
    public final void updateNClob(int column, Reader value, long length) throws SQLException {
        rows().updateNClob(column, value, length);
    }

    @Override
    public final void updateNCharacterStream(int column, Reader value) throws SQLException {
        rows().updateNCharacterStream(column, value);
    }

    @Override
    public final void updateAsciiStream(int column, InputStream value) throws SQLException {
        rows().updateAsciiStream(column, value);
    }

    @Override
    public final void updateBinaryStream(int column, InputStream value) throws SQLException {
        rows().updateBinaryStream(column, value);
    }

    @Override
    public final void updateCharacterStream(int column, Reader value) throws SQLException {
        rows().updateCharacterStream(column, value);
    }

    @Override
    public final void updateBlob(int column, InputStream value) throws SQLException {
        rows().updateBlob(column, value);
    }

    @Override
    public final void updateClob(int column, Reader value) throws SQLException {
        rows().updateClob(column, value);
    }

    @Override
    public final void updateNClob(int column, Reader value) throws SQLException {
        rows().updateNClob(column, value);
    }

    @Override
    public final void updateObject(int column, Object value, SQLType type, int scaleOrLength) throws SQLException {
        rows().updateObject(column, Proxies.own(value), type, scaleOrLength);
    }

    @Override
    public final void updateObject(int column, Object value, SQLType type) throws SQLException {
        rows().updateObject(column, Proxies.own(value), type);
    }
}
