package dev.tenancy.jdbc;

import java.io.InputStream;
import java.io.Reader;
import java.math.BigDecimal;
import java.net.URL;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.NClob;
import java.sql.Ref;
import java.sql.ResultSet;
import java.sql.RowId;
import java.sql.SQLException;
import java.sql.SQLXML;
import java.sql.Time;
import java.sql.Timestamp;
import java.util.Calendar;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a result set, read by the number of a column. Plain delegation, since it is called for each value of each
 * row.
 */
abstract class RowReadsByColumn implements ResultSet {

    /** The rows of the driver, for their borrower. */
    abstract ResultSet rows() throws SQLException;

    /** What the rows answer that the driver may have to ask the server for. */
    abstract <T> @Nullable T ask(Question<T> question) throws SQLException;

    /** Something that is asked of the rows of the driver. */
    @FunctionalInterface
    interface Question<T> {
        @Nullable
        T of(ResultSet rows) throws SQLException;
    }

    /** What stands for {@code value}, if that would lead to the physical connection. */
    abstract <T> @Nullable T wrapped(Class<T> type, @Nullable T value);

    @Override
    public final String getString(int column) throws SQLException {
        return rows().getString(column);
    }

    @Override
    public final boolean getBoolean(int column) throws SQLException {
        return rows().getBoolean(column);
    }

    @Override
    public final byte getByte(int column) throws SQLException {
        return rows().getByte(column);
    }

    @Override
    public final short getShort(int column) throws SQLException {
        return rows().getShort(column);
    }

    @Override
    public final int getInt(int column) throws SQLException {
        return rows().getInt(column);
    }

    @Override
    public final long getLong(int column) throws SQLException {
        return rows().getLong(column);
    }

    @Override
    public final float getFloat(int column) throws SQLException {
        return rows().getFloat(column);
    }

    @Override
    public final double getDouble(int column) throws SQLException {
        return rows().getDouble(column);
    }

    @Deprecated
    @Override
    public final BigDecimal getBigDecimal(int column, int scale) throws SQLException {
        return rows().getBigDecimal(column, scale);
    }

    @Override
    public final byte[] getBytes(int column) throws SQLException {
        return rows().getBytes(column);
    }

    @Override
    public final Date getDate(int column) throws SQLException {
        return rows().getDate(column);
    }

    @Override
    public final Time getTime(int column) throws SQLException {
        return rows().getTime(column);
    }

    @Override
    public final Timestamp getTimestamp(int column) throws SQLException {
        return rows().getTimestamp(column);
    }

    @Override
    public final InputStream getAsciiStream(int column) throws SQLException {
        return rows().getAsciiStream(column);
    }

    @Deprecated
    @Override
    public final InputStream getUnicodeStream(int column) throws SQLException {
        return rows().getUnicodeStream(column);
    }

    @Override
    public final InputStream getBinaryStream(int column) throws SQLException {
        return rows().getBinaryStream(column);
    }

    @Override
    public final @Nullable Object getObject(int column) throws SQLException {
        return wrapped(Object.class, ask(rows -> rows.getObject(column)));
    }

    @Override
    public final Reader getCharacterStream(int column) throws SQLException {
        return rows().getCharacterStream(column);
    }

    @Override
    public final BigDecimal getBigDecimal(int column) throws SQLException {
        return rows().getBigDecimal(column);
    }

    @Override
    public final @Nullable Object getObject(int column, Map<String, Class<?>> types) throws SQLException {
        return wrapped(Object.class, ask(rows -> rows.getObject(column, types)));
    }

    @Override
    public final Ref getRef(int column) throws SQLException {
        return rows().getRef(column);
    }

    @Override
    public final @Nullable Blob getBlob(int column) throws SQLException {
        return wrapped(Blob.class, rows().getBlob(column));
    }

    @Override
    public final @Nullable Clob getClob(int column) throws SQLException {
        return wrapped(Clob.class, rows().getClob(column));
    }

    @Override
    public final @Nullable Array getArray(int column) throws SQLException {
        return wrapped(Array.class, rows().getArray(column));
    }

    @Override
    public final Date getDate(int column, Calendar calendar) throws SQLException {
        return rows().getDate(column, calendar);
    }

    @Override
    public final Time getTime(int column, Calendar calendar) throws SQLException {
        return rows().getTime(column, calendar);
    }

    @Override
    public final Timestamp getTimestamp(int column, Calendar calendar) throws SQLException {
        return rows().getTimestamp(column, calendar);
    }

    @Override
    public final URL getURL(int column) throws SQLException {
        return rows().getURL(column);
    }

    @Override
    public final RowId getRowId(int column) throws SQLException {
        return rows().getRowId(column);
    }

    @Override
    public final @Nullable NClob getNClob(int column) throws SQLException {
        return wrapped(NClob.class, rows().getNClob(column));
    }

    @Override
    public final SQLXML getSQLXML(int column) throws SQLException {
        return rows().getSQLXML(column);
    }

    @Override
    public final String getNString(int column) throws SQLException {
        return rows().getNString(column);
    }

    @Override
    public final Reader getNCharacterStream(int column) throws SQLException {
        return rows().getNCharacterStream(column);
    }

    @Override
    public final <T> @Nullable T getObject(int column, Class<T> type) throws SQLException {
        return wrapped(type, ask(rows -> rows.getObject(column, type)));
    }
}
