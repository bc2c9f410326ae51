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
import java.sql.ResultSet;
import java.sql.RowId;
import java.sql.SQLException;
import java.sql.SQLType;
import java.sql.SQLXML;
import java.sql.Time;
import java.sql.Timestamp;

/** The rows of a result set, changed by the number of a column. */
abstract class RowWritesByColumn extends RowReadsByLabel {

    /** Changes the rows: the driver asks the server before the first change whether they can be. */
    abstract void change(Change change) throws SQLException;

    /** Something that is done to the rows of the driver. */
    @FunctionalInterface
    interface Change {
        void to(ResultSet rows) throws SQLException;
    }

    @Override
    public final void updateNull(int column) throws SQLException {
        change(rows -> rows.updateNull(column));
    }

    @Override
    public final void updateBoolean(int column, boolean value) throws SQLException {
        change(rows -> rows.updateBoolean(column, value));
    }

    @Override
    public final void updateByte(int column, byte value) throws SQLException {
        change(rows -> rows.updateByte(column, value));
    }

    @Override
    public final void updateShort(int column, short value) throws SQLException {
        change(rows -> rows.updateShort(column, value));
    }

    @Override
    public final void updateInt(int column, int value) throws SQLException {
        change(rows -> rows.updateInt(column, value));
    }

    @Override
    public final void updateLong(int column, long value) throws SQLException {
        change(rows -> rows.updateLong(column, value));
    }

    @Override
    public final void updateFloat(int column, float value) throws SQLException {
        change(rows -> rows.updateFloat(column, value));
    }

    @Override
    public final void updateDouble(int column, double value) throws SQLException {
        change(rows -> rows.updateDouble(column, value));
    }

    @Override
    public final void updateBigDecimal(int column, BigDecimal value) throws SQLException {
        change(rows -> rows.updateBigDecimal(column, value));
    }

    @Override
    public final void updateString(int column, String value) throws SQLException {
        change(rows -> rows.updateString(column, value));
    }

    @Override
    public final void updateBytes(int column, byte[] value) throws SQLException {
        change(rows -> rows.updateBytes(column, value));
    }

    @Override
    public final void updateDate(int column, Date value) throws SQLException {
        change(rows -> rows.updateDate(column, value));
    }

    @Override
    public final void updateTime(int column, Time value) throws SQLException {
        change(rows -> rows.updateTime(column, value));
    }

    @Override
    public final void updateTimestamp(int column, Timestamp value) throws SQLException {
        change(rows -> rows.updateTimestamp(column, value));
    }

    @Override
    public final void updateAsciiStream(int column, InputStream value, int scaleOrLength) throws SQLException {
        change(rows -> rows.updateAsciiStream(column, value, scaleOrLength));
    }

    @Override
    public final void updateBinaryStream(int column, InputStream value, int scaleOrLength) throws SQLException {
        change(rows -> rows.updateBinaryStream(column, value, scaleOrLength));
    }

    @Override
    public final void updateCharacterStream(int column, Reader value, int scaleOrLength) throws SQLException {
        change(rows -> rows.updateCharacterStream(column, value, scaleOrLength));
    }

    @Override
    public final void updateObject(int column, Object value, int scaleOrLength) throws SQLException {
        change(rows -> rows.updateObject(column, Proxies.own(value), scaleOrLength));
    }

    @Override
    public final void updateObject(int column, Object value) throws SQLException {
        change(rows -> rows.updateObject(column, Proxies.own(value)));
    }

    @Override
    public final void updateRef(int column, Ref value) throws SQLException {
        change(rows -> rows.updateRef(column, value));
    }

    @Override
    public final void updateBlob(int column, Blob value) throws SQLException {
        change(rows -> rows.updateBlob(column, (Blob) Proxies.own(value)));
    }

    @Override
    public final void updateClob(int column, Clob value) throws SQLException {
        change(rows -> rows.updateClob(column, (Clob) Proxies.own(value)));
    }

    @Override
    public final void updateArray(int column, Array value) throws SQLException {
        change(rows -> rows.updateArray(column, (Array) Proxies.own(value)));
    }

    @Override
    public final void updateRowId(int column, RowId value) throws SQLException {
        change(rows -> rows.updateRowId(column, value));
    }

    @Override
    public final void updateNString(int column, String value) throws SQLException {
        change(rows -> rows.updateNString(column, value));
    }

    @Override
    public final void updateNClob(int column, NClob value) throws SQLException {
        change(rows -> rows.updateNClob(column, (NClob) Proxies.own(value)));
    }

    @Override
    public final void updateSQLXML(int column, SQLXML value) throws SQLException {
        change(rows -> rows.updateSQLXML(column, value));
    }

    @Override
    public final void updateNCharacterStream(int column, Reader value, long length) throws SQLException {
        change(rows -> rows.updateNCharacterStream(column, value, length));
    }

    @Override
    public final void updateAsciiStream(int column, InputStream value, long length) throws SQLException {
        change(rows -> rows.updateAsciiStream(column, value, length));
    }

    @Override
    public final void updateBinaryStream(int column, InputStream value, long length) throws SQLException {
        change(rows -> rows.updateBinaryStream(column, value, length));
    }

    @Override
    public final void updateCharacterStream(int column, Reader value, long length) throws SQLException {
        change(rows -> rows.updateCharacterStream(column, value, length));
    }

    @Override
    public final void updateBlob(int column, InputStream value, long length) throws SQLException {
        change(rows -> rows.updateBlob(column, value, length));
    }

    @Override
    public final void updateClob(int column, Reader value, long length) throws SQLException {
        change(rows -> rows.updateClob(column, value, length));
    }

    @Override
    public final void updateNClob(int column, Reader value, long length) throws SQLException {
        change(rows -> rows.updateNClob(column, value, length));
    }

    @Override
    public final void updateNCharacterStream(int column, Reader value) throws SQLException {
        change(rows -> rows.updateNCharacterStream(column, value));
    }

    @Override
    public final void updateAsciiStream(int column, InputStream value) throws SQLException {
        change(rows -> rows.updateAsciiStream(column, value));
    }

    @Override
    public final void updateBinaryStream(int column, InputStream value) throws SQLException {
        change(rows -> rows.updateBinaryStream(column, value));
    }

    @Override
    public final void updateCharacterStream(int column, Reader value) throws SQLException {
        change(rows -> rows.updateCharacterStream(column, value));
    }

    @Override
    public final void updateBlob(int column, InputStream value) throws SQLException {
        change(rows -> rows.updateBlob(column, value));
    }

    @Override
    public final void updateClob(int column, Reader value) throws SQLException {
        change(rows -> rows.updateClob(column, value));
    }

    @Override
    public final void updateNClob(int column, Reader value) throws SQLException {
        change(rows -> rows.updateNClob(column, value));
    }

    @Override
    public final void updateObject(int column, Object value, SQLType type, int scaleOrLength) throws SQLException {
        change(rows -> rows.updateObject(column, Proxies.own(value), type, scaleOrLength));
    }

    @Override
    public final void updateObject(int column, Object value, SQLType type) throws SQLException {
        change(rows -> rows.updateObject(column, Proxies.own(value), type));
    }
}
