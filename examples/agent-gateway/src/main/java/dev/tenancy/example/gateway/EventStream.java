package dev.tenancy.example.gateway;

import dev.tenancy.event.Subscriber;
import dev.tenancy.event.SubscriptionEnd;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's stream of server-sent events: a position in its tenant's audit trail. It is told that there is more, and
 * reads that itself, as its own tenant; what it is told has nothing of any tenant in it. It has no thread of its own,
 * the channel lends it one.
 */
final class EventStream implements Subscriber<Long> {
    /** Told instead of a record's number: there may be more, and the client wants to see that the stream is open. */
    static final long PULSE = Long.MAX_VALUE;

    private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);
    private static final int PAGE = 200;
    private static final String OPENING = ": open\n\n";
    private static final String STILL_OPEN = ": still open\n\n";

    private final OutputStream client;
    private final Records records;
    private final CompletableFuture<Void> over = new CompletableFuture<>();

    /** The first call may come while the request's thread still opens the stream. */
    private final Lock writing = new ReentrantLock();

    private long position;
    private boolean gone;

    /** The records of the tenant that is current. */
    @FunctionalInterface
    interface Records {
        /** Those after the one with number {@code id}, oldest first, {@code most} at a time. */
        List<AuditTrail.Entry> after(long id, int most);
    }

    /** A stream of what comes after the record with number {@code position}. */
    EventStream(OutputStream client, Records records, long position) {
        this.client = client;
        this.records = records;
        this.position = position;
    }

    /** Sends the first line, and what there is already. */
    void open() {
        send(OPENING, PULSE);
    }

    /** There are records up to this number. */
    @Override
    public void onEvent(Long newest) {
        send(newest == PULSE ? STILL_OPEN : "", newest);
    }

    @Override
    public void onEnd(SubscriptionEnd end) {
        over.complete(null);
    }

    /** Ends when the client is gone, or the subscription is over. */
    CompletionStage<Void> over() {
        return over;
    }

    private void send(String comment, long newest) {
        writing.lock();
        try {
            if (!gone && (!comment.isEmpty() || newest > position)) {
                client.write(comment.getBytes(StandardCharsets.UTF_8));
                catchUp();
                client.flush();
            }
        } catch (IOException failure) {
            LOG.debug("a client of events is gone", failure);
            end();
        } catch (RuntimeException failure) {
            LOG.warn("a stream of events ends; its client may come back and go on where it was", failure);
            end();
        } finally {
            writing.unlock();
        }
    }

    private void catchUp() throws IOException {
        List<AuditTrail.Entry> page;
        do {
            page = records.after(position, PAGE);
            for (AuditTrail.Entry entry : page) {
                client.write(eventOf(entry).getBytes(StandardCharsets.UTF_8));
                position = entry.id();
            }
        } while (page.size() == PAGE);
    }

    private static String eventOf(AuditTrail.Entry entry) {
        return "id: " + entry.id() + "\nevent: audit\ndata: " + Json.text(entry) + "\n\n";
    }

    private void end() {
        gone = true;
        over.complete(null);
    }
}
