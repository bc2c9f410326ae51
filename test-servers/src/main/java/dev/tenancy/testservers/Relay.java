package dev.tenancy.testservers;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Forwards TCP connections to a server; what passes by can be looked at, and held up. Thread-safe. */
final class Relay {
    private static final Logger LOG = LoggerFactory.getLogger(Relay.class);

    private final InetSocketAddress target;
    private final Supplier<? extends Conversation> conversations;
    private final int port;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile @Nullable ServerSocket server;

    /** Listens on a free port of the loopback address, and asks for a new conversation for each connection. */
    Relay(InetSocketAddress target, Supplier<? extends Conversation> conversations) {
        this.target = target;
        this.conversations = conversations;
        this.port = listen(0);
    }

    /** One connection of a client, both directions, each written by one thread. */
    interface Conversation {
        /** {@return what forwards to {@code server}, and closes it when it is closed} */
        OutputStream toServer(OutputStream server);

        /** {@return what forwards to {@code client}, and closes it when it is closed} */
        OutputStream toClient(OutputStream client);
    }

    /** The port it listens on, the same after it was restored. */
    int port() {
        return port;
    }

    /** Breaks all connections and refuses new ones. */
    void cut() {
        ServerSocket listening = server;
        server = null;
        closeQuietly(listening);
        sockets.forEach(Relay::closeQuietly);
        sockets.clear();
    }

    /** Accepts connections again. */
    void restore() {
        listen(port);
    }

    private int listen(int wanted) {
        try {
            ServerSocket listening = new ServerSocket();
            listening.setReuseAddress(true);
            listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted));
            server = listening;
            start(() -> acceptAll(listening));
            return listening.getLocalPort();
        } catch (IOException failure) {
            throw new UncheckedIOException("the proxy cannot listen", failure);
        }
    }

    private void acceptAll(ServerSocket listening) {
        try {
            while (!listening.isClosed()) {
                Socket client = listening.accept();
                sockets.add(client);
                start(() -> connect(client, listening));
            }
        } catch (IOException cutOff) {
            closeQuietly(listening);
        }
    }

    private void connect(Socket client, ServerSocket listening) {
        try {
            Socket upstream = new Socket(target.getAddress(), target.getPort());
            sockets.add(upstream);
            // What is forwarded in two parts must not wait for the acknowledgement of the first.
            client.setTcpNoDelay(true);
            upstream.setTcpNoDelay(true);
            Conversation conversation = conversations.get();
            OutputStream toServer = conversation.toServer(upstream.getOutputStream());
            OutputStream toClient = conversation.toClient(client.getOutputStream());
            start(() -> pump(client, toServer, listening));
            start(() -> pump(upstream, toClient, listening));
        } catch (IOException refused) {
            sockets.remove(client);
            closeQuietly(client);
        }
    }

    private void pump(Socket from, OutputStream to, ServerSocket listening) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            byte[] buffer = new byte[8192];
            for (int read = in.read(buffer); read >= 0 && !listening.isClosed(); read = in.read(buffer)) {
                to.write(buffer, 0, read);
            }
        } catch (ProtocolException unreadable) {
            LOG.warn("the proxy gives a connection up", unreadable);
        } catch (IOException ended) {
            // Either side hung up, or the proxy was cut: both ends are closed by now.
        } finally {
            sockets.remove(from);
        }
    }

    /** Runs {@code task} on a thread that keeps no JVM alive. */
    static void start(Runnable task) {
        Thread thread = new Thread(task, "proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private static void closeQuietly(@Nullable AutoCloseable closeable) {
        if (closeable != null) {
            try {
                closeable.close();
            } catch (Exception failure) {
                throw new IllegalStateException("a socket cannot be closed", failure);
            }
        }
    }
}
