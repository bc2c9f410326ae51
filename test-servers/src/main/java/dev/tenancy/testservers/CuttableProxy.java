package dev.tenancy.testservers;

import java.io.OutputStream;
import java.net.InetSocketAddress;

/** Forwards TCP connections to a server, until it is cut: then that server is as good as stopped. */
public final class CuttableProxy implements AutoCloseable {
    private final Relay relay;

    private CuttableProxy(InetSocketAddress target) {
        this.relay = new Relay(target, Unchanged::new);
    }

    /** A proxy to {@code target}, on a free port of the loopback address. */
    public static CuttableProxy to(InetSocketAddress target) {
        return new CuttableProxy(target);
    }

    /** The port it listens on, the same after it was restored. */
    public int port() {
        return relay.port();
    }

    /** Breaks all connections and refuses new ones. */
    public void cut() {
        relay.cut();
    }

    /** Accepts connections again. */
    public void restore() {
        relay.restore();
    }

    @Override
    public void close() {
        cut();
    }

    private static final class Unchanged implements Relay.Conversation {
        @Override
        public OutputStream toServer(OutputStream server) {
            return server;
        }

        @Override
        public OutputStream toClient(OutputStream client) {
            return client;
        }
    }
}
