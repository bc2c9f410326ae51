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
import java.sql.RowId;
import java.sql.SQLException;
import java.sql.SQLXML;
import java.sql.Time;
import java.sql.Timestamp;
import java.util.Calendar;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rows of a result set, read by the label of a column. */
abstract class RowReadsByLabel extends RowReadsByColumn {
    @Override
    public final String getString(String label) throws SQLException {
        return rows().getString(label);
    }

    @Override
    public final boolean getBoolean(String label) throws SQLException {
        return rows().getBoolean(label);
    }

    @Override
    public final byte getByte(String label) throws SQLException {
        return rows().getByte(label);
    }

    @Override
    public final short getShort(String label) throws SQLException {
        return rows().getShort(label);
    }

    @Override
    public final int getInt(String label) throws SQLException {
        return rows().getInt(label);
    }

    @Override
    public final long getLong(String label) throws SQLException {
        return rows().getLong(label);
    }

    @Override
    public final float getFloat(String label) throws SQLException {
        return rows().getFloat(label);
    }

    @Override
    public final double getDouble(String label) throws SQLException {
        return rows().getDouble(label);
    }

    @Deprecated
    @Override
    public final BigDecimal getBigDecimal(String label, int scale) throws SQLException {
        return rows().getBigDecimal(label, scale);
    }

    @Override
    public final byte[] getBytes(String label) throws SQLException {
        return rows().getBytes(label);
    }

    @Override
    public final Date getDate(String label) throws SQLException {
        return rows().getDate(label);
    }

    @Override
    public final Time getTime(String label) throws SQLException {
        return rows().getTime(label);
    }

    @Override
    public final Timestamp getTimestamp(String label) throws SQLException {
        return rows().getTimestamp(label);
    }

    @Override
    public final InputStream getAsciiStream(String label) throws SQLException {
        return rows().getAsciiStream(label);
    }

    @Deprecated
    @Override
    public final InputStream getUnicodeStream(String label) throws SQLException {
        return rows().getUnicodeStream(label);
    }

    @Override
    public final InputStream getBinaryStream(String label) throws SQLException {
        return rows().getBinaryStream(label);
    }

    @Override
    public final @Nullable Object getObject(String label) throws SQLException {
        return wrapped(Object.class, ask(rows -> rows.getObject(label)));
    }

    @Override
    public final Reader getCharacterStream(String label) throws SQLException {
        return rows().getCharacterStream(label);
    }

    @Override
    public final BigDecimal getBigDecimal(String label) throws SQLException {
        return rows().getBigDecimal(label);
    }

    @Override
    public final @Nullable Object getObject(String label, Map<String, Class<?>> types) throws SQLException {
        return wrapped(Object.class, ask(rows -> rows.getObject(label, types)));
    }

    @Override
    public final Ref getRef(String label) throws SQLException {
        return rows().getRef(label);
    }

    @Override
    public final @Nullable Blob getBlob(String label) throws SQLException {
        return wrapped(Blob.class, rows().getBlob(label));
    }

    @Override
    public final @Nullable Clob getClob(String label) throws SQLException {
        return wrapped(Clob.class, rows().getClob(label));
    }

    @Override
    public final @Nullable Array getArray(String label) throws SQLException {
        return wrapped(Array.class, rows().getArray(label));
    }

    @Override
    public final Date getDate(String label, Calendar calendar) throws SQLException {
        return rows().getDate(label, calendar);
    }

    @Override
    public final Time getTime(String label, Calendar calendar) throws SQLException {
        return rows().getTime(label, calendar);
    }

    @Override
    public final Timestamp getTimestamp(String label, Calendar calendar) throws SQLException {
        return rows().getTimestamp(label, calendar);
    }

    @Override
    public final URL getURL(String label) throws SQLException {
        return rows().getURL(label);
    }

    @Override
    public final RowId getRowId(String label) throws SQLException {
        return rows().getRowId(label);
    }

    @Override
    public final @Nullable NClob getNClob(String label) throws SQLException {
        return wrapped(NClob.class, rows().getNClob(label));
    }

    @Override
    public final SQLXML getSQLXML(String label) throws SQLException {
        return rows().getSQLXML(label);
    }

    @Override
    public final String getNString(String label) throws SQLException {
        return rows().getNString(label);
    }

    @Override
    public final Reader getNCharacterStream(String label) throws SQLException {
        return rows().getNCharacterStream(label);
    }

    @Override
    public final <T> @Nullable T getObject(String label, Class<T> type) throws SQLException {
        return wrapped(type, ask(rows -> rows.getObject(label, type)));
    }
}
