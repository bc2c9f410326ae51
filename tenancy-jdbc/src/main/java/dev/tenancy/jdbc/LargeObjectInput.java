package dev.tenancy.jdbc;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;

/** The bytes of a large object, for the borrower of the connection and until it is closed. */
final class LargeObjectInput extends FilterInputStream {
    private final BoundConnection connection;

    LargeObjectInput(BoundConnection connection, InputStream target) {
        super(target);
        this.connection = connection;
    }

    @Override
    public int read() throws IOException {
        try (BoundConnection.Hold alone = connection.holdForStream()) {
            return super.read();
        }
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        try (BoundConnection.Hold alone = connection.holdForStream()) {
            return super.read(bytes, offset, length);
        }
    }

    @Override
    public long skip(long count) throws IOException {
        try (BoundConnection.Hold alone = connection.holdForStream()) {
            return super.skip(count);
        }
    }

    @Override
    public int available() throws IOException {
        try (BoundConnection.Hold alone = connection.holdForStream()) {
            return super.available();
        }
    }

    @Override
    public synchronized void reset() throws IOException {
        try (BoundConnection.Hold alone = connection.holdForStream()) {
            super.reset();
        }
    }

    /** With the connection the large object was closed too. */
    @Override
    public void close() throws IOException {
        try (BoundConnection.Hold alone = connection.hold()) {
            super.close();
        } catch (SQLException closed) {
            // and so was this
        }
    }
}
