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

/** The rows of a result set, changed by the label of a column. */
abstract class RowWritesByLabel extends RowWritesByColumn {
    @Override
    public final void updateNull(String label) throws SQLException {
        change(rows -> rows.updateNull(label));
    }

    @Override
    public final void updateBoolean(String label, boolean value) throws SQLException {
        change(rows -> rows.updateBoolean(label, value));
    }

    @Override
    public final void updateByte(String label, byte value) throws SQLException {
        change(rows -> rows.updateByte(label, value));
    }

    @Override
    public final void updateShort(String label, short value) throws SQLException {
        change(rows -> rows.updateShort(label, value));
    }

    @Override
    public final void updateInt(String label, int value) throws SQLException {
        change(rows -> rows.updateInt(label, value));
    }

    @Override
    public final void updateLong(String label, long value) throws SQLException {
        change(rows -> rows.updateLong(label, value));
    }

    @Override
    public final void updateFloat(String label, float value) throws SQLException {
        change(rows -> rows.updateFloat(label, value));
    }

    @Override
    public final void updateDouble(String label, double value) throws SQLException {
        change(rows -> rows.updateDouble(label, value));
    }

    @Override
    public final void updateBigDecimal(String label, BigDecimal value) throws SQLException {
        change(rows -> rows.updateBigDecimal(label, value));
    }

    @Override
    public final void updateString(String label, String value) throws SQLException {
        change(rows -> rows.updateString(label, value));
    }

    @Override
    public final void updateBytes(String label, byte[] value) throws SQLException {
        change(rows -> rows.updateBytes(label, value));
    }

    @Override
    public final void updateDate(String label, Date value) throws SQLException {
        change(rows -> rows.updateDate(label, value));
    }

    @Override
    public final void updateTime(String label, Time value) throws SQLException {
        change(rows -> rows.updateTime(label, value));
    }

    @Override
    public final void updateTimestamp(String label, Timestamp value) throws SQLException {
        change(rows -> rows.updateTimestamp(label, value));
    }

    @Override
    public final void updateAsciiStream(String label, InputStream value, int scaleOrLength) throws SQLException {
        change(rows -> rows.updateAsciiStream(label, value, scaleOrLength));
    }

    @Override
    public final void updateBinaryStream(String label, InputStream value, int scaleOrLength) throws SQLException {
        change(rows -> rows.updateBinaryStream(label, value, scaleOrLength));
    }

    @Override
    public final void updateCharacterStream(String label, Reader value, int scaleOrLength) throws SQLException {
        change(rows -> rows.updateCharacterStream(label, value, scaleOrLength));
    }

    @Override
    public final void updateObject(String label, Object value, int scaleOrLength) throws SQLException {
        change(rows -> rows.updateObject(label, Proxies.own(value), scaleOrLength));
    }

    @Override
    public final void updateObject(String label, Object value) throws SQLException {
        change(rows -> rows.updateObject(label, Proxies.own(value)));
    }

    @Override
    public final void updateRef(String label, Ref value) throws SQLException {
        change(rows -> rows.updateRef(label, value));
    }

    @Override
    public final void updateBlob(String label, Blob value) throws SQLException {
        change(rows -> rows.updateBlob(label, (Blob) Proxies.own(value)));
    }

    @Override
    public final void updateClob(String label, Clob value) throws SQLException {
        change(rows -> rows.updateClob(label, (Clob) Proxies.own(value)));
    }

    @Override
    public final void updateArray(String label, Array value) throws SQLException {
        change(rows -> rows.updateArray(label, (Array) Proxies.own(value)));
    }

    @Override
    public final void updateRowId(String label, RowId value) throws SQLException {
        change(rows -> rows.updateRowId(label, value));
    }

    @Override
    public final void updateNString(String label, String value) throws SQLException {
        change(rows -> rows.updateNString(label, value));
    }

    @Override
    public final void updateNClob(String label, NClob value) throws SQLException {
        change(rows -> rows.updateNClob(label, (NClob) Proxies.own(value)));
    }

    @Override
    public final void updateSQLXML(String label, SQLXML value) throws SQLException {
        change(rows -> rows.updateSQLXML(label, value));
    }

    @Override
    public final void updateNCharacterStream(String label, Reader value, long length) throws SQLException {
        change(rows -> rows.updateNCharacterStream(label, value, length));
    }

    @Override
    public final void updateAsciiStream(String label, InputStream value, long length) throws SQLException {
        change(rows -> rows.updateAsciiStream(label, value, length));
    }

    @Override
    public final void updateBinaryStream(String label, InputStream value, long length) throws SQLException {
        change(rows -> rows.updateBinaryStream(label, value, length));
    }

    @Override
    public final void updateCharacterStream(String label, Reader value, long length) throws SQLException {
        change(rows -> rows.updateCharacterStream(label, value, length));
    }

    @Override
    public final void updateBlob(String label, InputStream value, long length) throws SQLException {
        change(rows -> rows.updateBlob(label, value, length));
    }

    @Override
    public final void updateClob(String label, Reader value, long length) throws SQLException {
        change(rows -> rows.updateClob(label, value, length));
    }

    @Override
    public final void updateNClob(String label, Reader value, long length) throws SQLException {
        change(rows -> rows.updateNClob(label, value, length));
    }

    @Override
    public final void updateNCharacterStream(String label, Reader value) throws SQLException {
        change(rows -> rows.updateNCharacterStream(label, value));
    }

    @Override
    public final void updateAsciiStream(String label, InputStream value) throws SQLException {
        change(rows -> rows.updateAsciiStream(label, value));
    }

    @Override
    public final void updateBinaryStream(String label, InputStream value) throws SQLException {
        change(rows -> rows.updateBinaryStream(label, value));
    }

    @Override
    public final void updateCharacterStream(String label, Reader value) throws SQLException {
        change(rows -> rows.updateCharacterStream(label, value));
    }

    @Override
    public final void updateBlob(String label, InputStream value) throws SQLException {
        change(rows -> rows.updateBlob(label, value));
    }

    @Override
    public final void updateClob(String label, Reader value) throws SQLException {
        change(rows -> rows.updateClob(label, value));
    }

    @Override
    public final void updateNClob(String label, Reader value) throws SQLException {
        change(rows -> rows.updateNClob(label, value));
    }

    @Override
    public final void updateObject(String label, Object value, SQLType type, int scaleOrLength) throws SQLException {
        change(rows -> rows.updateObject(label, Proxies.own(value), type, scaleOrLength));
    }

    @Override
    public final void updateObject(String label, Object value, SQLType type) throws SQLException {
        change(rows -> rows.updateObject(label, Proxies.own(value), type));
    }
}
