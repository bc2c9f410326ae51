package dev.tenancy.testservers;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Forwards TCP connections to a server, until it is cut: then that server is as good as stopped. */
public final class CuttableProxy implements AutoCloseable {
    private final InetSocketAddress target;
    private final int port;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile @Nullable ServerSocket server;

    private CuttableProxy(InetSocketAddress target) {
        this.target = target;
        this.port = listen(0);
    }

    /** A proxy to {@code target}, on a free port of the loopback address. */
    public static CuttableProxy to(InetSocketAddress target) {
        return new CuttableProxy(target);
    }

    /** The port it listens on, the same after it was restored. */
    public int port() {
        return port;
    }

    /** Breaks all connections and refuses new ones. */
    public void cut() {
        ServerSocket listening = server;
        server = null;
        closeQuietly(listening);
        sockets.forEach(CuttableProxy::closeQuietly);
        sockets.clear();
    }

    /** Accepts connections again. */
    public void restore() {
        listen(port);
    }

    @Override
    public void close() {
        cut();
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
                start(() -> connect(client));
            }
        } catch (IOException cutOff) {
            closeQuietly(listening);
        }
    }

    private void connect(Socket client) {
        try {
            Socket upstream = new Socket(target.getAddress(), target.getPort());
            sockets.add(upstream);
            start(() -> pump(client, upstream));
            start(() -> pump(upstream, client));
        } catch (IOException refused) {
            sockets.remove(client);
            closeQuietly(client);
        }
    }

    private void pump(Socket from, Socket to) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[8192];
            for (int read = in.read(buffer); read >= 0 && server != null; read = in.read(buffer)) {
                out.write(buffer, 0, read);
            }
        } catch (IOException ended) {
            // Either side hung up, or the proxy was cut: both ends are closed by now.
        } finally {
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "cuttable-proxy");
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
