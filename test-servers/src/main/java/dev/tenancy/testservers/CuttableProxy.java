package dev.tenancy.testservers;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Forwards TCP connections to a server, until it is cut: then that server is as good as stopped. Or until it falls
 * silent: then connections that are open stay so, and nothing comes through any more.
 */
public final class CuttableProxy implements AutoCloseable {
    private final Relay relay;
    private final List<Unchanged> conversations = new CopyOnWriteArrayList<>();

    private CuttableProxy(InetSocketAddress target) {
        this.relay = new Relay(target, this::conversation);
    }

    private Unchanged conversation() {
        Unchanged conversation = new Unchanged();
        conversations.add(conversation);
        return conversation;
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

    /** Forwards nothing any more over the connections that are open; new ones are as before. */
    public void fallSilent() {
        conversations.forEach(conversation -> conversation.isSilent = true);
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
        private volatile boolean isSilent;

        @Override
        public OutputStream toServer(OutputStream server) {
            return unlessSilent(server);
        }

        @Override
        public OutputStream toClient(OutputStream client) {
            return unlessSilent(client);
        }

        private OutputStream unlessSilent(OutputStream other) {
            return new FilterOutputStream(other) {
                @Override
                public void write(byte[] bytes, int from, int length) throws IOException {
                    if (!isSilent) {
                        out.write(bytes, from, length);
                    }
                }

                @Override
                public void write(int one) throws IOException {
                    write(new byte[] {(byte) one}, 0, 1);
                }
            };
        }
    }
}
