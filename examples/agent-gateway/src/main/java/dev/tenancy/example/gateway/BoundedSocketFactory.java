package dev.tenancy.example.gateway;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.SocketFactory;

/**
 * Makes sockets from which no more than a number of bytes can be read: whatever a server sends on a connection (rows, a
 * single value, messages), it cannot fill the memory of this process.
 *
 * <p>The PostgreSQL driver makes one of it for each connection, by its property {@code socketFactory}.
 */
public final class BoundedSocketFactory extends SocketFactory {
    private final long most;

    /**
     * Makes one.
     *
     * @param mostBytes the property {@code socketFactoryArg}
     */
    public BoundedSocketFactory(String mostBytes) {
        this.most = Long.parseLong(mostBytes);
    }

    /** The server sent more than is taken. */
    static final class TooMuchException extends IOException {
        private static final long serialVersionUID = 1L;

        private TooMuchException(long most) {
            super("more than " + most + " bytes");
        }
    }

    @Override
    public Socket createSocket() {
        return new BoundedSocket(most);
    }

    @Override
    public Socket createSocket(String host, int port) {
        throw new UnsupportedOperationException("the driver connects by itself");
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) {
        throw new UnsupportedOperationException("the driver connects by itself");
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        throw new UnsupportedOperationException("the driver connects by itself");
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
        throw new UnsupportedOperationException("the driver connects by itself");
    }

    private static final class BoundedSocket extends Socket {
        private final long most;

        private BoundedSocket(long most) {
            this.most = most;
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return new BoundedStream(super.getInputStream(), most);
        }
    }

    private static final class BoundedStream extends FilterInputStream {
        private final long most;
        private long left;

        private BoundedStream(InputStream in, long most) {
            super(in);
            this.most = most;
            this.left = most;
        }

        @Override
        public int read() throws IOException {
            int read = super.read();
            count(read < 0 ? 0 : 1);
            return read;
        }

        @Override
        public int read(byte[] into, int at, int length) throws IOException {
            int read = super.read(into, at, length);
            count(Math.max(read, 0));
            return read;
        }

        private void count(int read) throws TooMuchException {
            left -= read;
            if (left < 0) {
                throw new TooMuchException(most);
            }
        }
    }
}
