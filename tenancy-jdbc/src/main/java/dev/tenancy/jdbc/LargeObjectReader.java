package dev.tenancy.jdbc;

import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;
import java.sql.SQLException;

/** The characters of a large object, for the borrower of the connection and until it is closed. */
final class LargeObjectReader extends FilterReader {
    private final BoundConnection connection;

    LargeObjectReader(BoundConnection connection, Reader target) {
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
    public int read(char[] characters, int offset, int length) throws IOException {
        try (BoundConnection.Hold alone = connection.holdForStream()) {
            return super.read(characters, offset, length);
        }
    }

    @Override
    public long skip(long count) throws IOException {
        try (BoundConnection.Hold alone = connection.holdForStream()) {
            return super.skip(count);
        }
    }

    @Override
    public boolean ready() throws IOException {
        try (BoundConnection.Hold alone = connection.holdForStream()) {
            return super.ready();
        }
    }

    @Override
    public void reset() throws IOException {
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
