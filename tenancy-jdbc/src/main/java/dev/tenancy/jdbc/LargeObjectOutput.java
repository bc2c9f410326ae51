package dev.tenancy.jdbc;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Writes the bytes of a large object, for the borrower of the connection and until it is closed. */
final class LargeObjectOutput extends FilterOutputStream {
    private final BoundConnection connection;

    LargeObjectOutput(BoundConnection connection, OutputStream target) {
        super(target);
        this.connection = connection;
    }

    @Override
    public void write(int oneByte) throws IOException {
        try (BoundConnection.Hold alone = connection.holdForStream()) {
            out.write(oneByte);
        }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        try (BoundConnection.Hold alone = connection.holdForStream()) {
            out.write(bytes, offset, length);
        }
    }

    @Override
    public void flush() throws IOException {
        try (BoundConnection.Hold alone = connection.holdForStream()) {
            out.flush();
        }
    }

    /** What was written last may not have been sent yet. */
    @Override
    public void close() throws IOException {
        try (BoundConnection.Hold alone = connection.holdForStream()) {
            out.close();
        }
    }
}
