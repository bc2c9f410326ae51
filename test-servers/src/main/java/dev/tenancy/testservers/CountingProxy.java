package dev.tenancy.testservers;

import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Forwards connections to PostgreSQL, counts the round trips on them, and makes the way there as long as one likes.
 *
 * <p>A round trip is what a client waits for: it has sent one request or several, and nothing after them, and the last
 * answer has come (ReadyForQuery, or CopyInResponse; PostgreSQL manual, chapter 54). Connecting is none, but what the
 * driver sends as soon as it is connected is; a request to cancel is not answered, and is none. A round trip is counted
 * before the client gets the answer, so whoever has returned from JDBC reads an exact figure. Answers to Flush without
 * Sync are not counted; the JDBC driver sends no Flush. Thread-safe.
 */
public final class CountingProxy implements AutoCloseable {
    private final AtomicLong roundTrips = new AtomicLong();
    private final Queue<ClientMessage> messages = new ConcurrentLinkedQueue<>();
    private final Duration latency;
    private final Relay relay;
    private volatile boolean recording;

    private CountingProxy(InetSocketAddress server, Duration latency) {
        this.latency = latency;
        this.relay = new Relay(server, Counted::new);
    }

    /** A proxy to {@code server}, on a free port of the loopback address. */
    public static CountingProxy to(InetSocketAddress server) {
        return to(server, Duration.ZERO);
    }

    /**
     * A proxy to {@code server} over a long wire.
     *
     * @param latency what a round trip takes longer for it: what the client sends at once is held up so long as a whole
     */
    public static CountingProxy to(InetSocketAddress server, Duration latency) {
        return new CountingProxy(server, latency);
    }

    /** The port it listens on. */
    public int port() {
        return relay.port();
    }

    /** The JDBC URL {@code url} with this proxy instead of its server, and nothing encrypted. */
    public String url(String url) {
        return url.replaceFirst("//[^/]*/", "//127.0.0.1:" + port() + "/") + "&sslmode=disable&gssEncMode=disable";
    }

    /** How many round trips there were since it was made, on all connections. */
    public long roundTrips() {
        return roundTrips.get();
    }

    /** How many round trips {@code work} takes, if nobody else works meanwhile. */
    public <E extends Exception> long roundTripsOf(Work<E> work) throws E {
        long before = roundTrips();
        work.run();
        return roundTrips() - before;
    }

    /** From now on remembers what clients send, and forgets what they sent before. */
    public void record() {
        messages.clear();
        recording = true;
    }

    /** What clients sent since {@link #record()}, in order; on each connection from the end of its start-up. */
    public List<ClientMessage> messages() {
        return List.copyOf(messages);
    }

    /** The SQL that clients had executed since {@link #record()}, in order; once for each execution. */
    public List<String> statements() {
        return messages.stream()
                .filter(ClientMessage::isStatement)
                .map(ClientMessage::sql)
                .toList();
    }

    @Override
    public void close() {
        relay.cut();
    }

    /** What is measured. */
    @FunctionalInterface
    public interface Work<E extends Exception> {
        /** Does it, and returns when every answer has come. */
        void run() throws E;
    }

    private final class Counted implements Relay.Conversation {
        private final Exchange exchange = new Exchange();

        @Override
        public OutputStream toServer(OutputStream server) {
            OutputStream wire = latency.isZero() ? server : new DelayedOutputStream(server, latency);
            return new Frontend(wire, exchange, this::remember);
        }

        @Override
        public OutputStream toClient(OutputStream client) {
            return new Backend(client, exchange, roundTrips::incrementAndGet);
        }

        private void remember(ClientMessage message) {
            if (recording) {
                messages.add(message);
            }
        }
    }
}
