package dev.tenancy.jdbc;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The bytes of a large object, for the borrower of the connection and until it is closed. */
final class LargeObjectInput extends FilterInputStream {
    private final BoundConnection connection;

    LargeObjectInput(BoundConnection connection, InputStream target) {
        super(target);
        this.connection = connection;
    }

    @Override
    public int read() throws IOException {
        connection.requireBorrowerOfStream();
        return super.read();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        connection.requireBorrowerOfStream();
        return super.read(bytes, offset, length);
    }

    @Override
    public long skip(long count) throws IOException {
        connection.requireBorrowerOfStream();
        return super.skip(count);
    }

    @Override
    public int available() throws IOException {
        connection.requireBorrowerOfStream();
        return super.available();
    }

    @Override
    public synchronized void reset() throws IOException {
        connection.requireBorrowerOfStream();
        super.reset();
    }

    /** With the connection the large object was closed too. */
    @Override
    public void close() throws IOException {
        if (connection.isOpen()) {
            super.close();
        }
    }
}
