package dev.tenancy.example.gateway;

import dev.tenancy.event.Subscriber;
import dev.tenancy.event.SubscriptionEnd;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One client's stream of server-sent events; it has no thread of its own, the channel lends it one for each event. */
final class EventStream implements Subscriber<String> {
    private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);

    /** A comment, which clients skip: they see that the stream is open though nothing happens. */
    private static final String OPENING = ": open\n\n";

    private final OutputStream client;
    private final CompletableFuture<Void> over = new CompletableFuture<>();

    /** The first event may come while the request's thread still opens the stream. */
    private final Lock writing = new ReentrantLock();

    private boolean opened;
    private boolean gone;

    EventStream(OutputStream client) {
        this.client = client;
    }

    /** Sends the first line, if no event came before. */
    void open() {
        write("");
    }

    @Override
    public void onEvent(String event) {
        write(event);
    }

    @Override
    public void onEnd(SubscriptionEnd end) {
        over.complete(null);
    }

    /** Ends when the client is gone, or the subscription is over. */
    CompletionStage<Void> over() {
        return over;
    }

    private void write(String text) {
        if (!clientTook(text)) {
            over.complete(null);
        }
    }

    private boolean clientTook(String text) {
        writing.lock();
        try {
            if (gone) {
                return false;
            }
            client.write((opened ? text : OPENING + text).getBytes(StandardCharsets.UTF_8));
            opened = true;
            client.flush();
            return true;
        } catch (IOException failure) {
            LOG.debug("a client of events is gone", failure);
            gone = true;
            return false;
        } finally {
            writing.unlock();
        }
    }
}
