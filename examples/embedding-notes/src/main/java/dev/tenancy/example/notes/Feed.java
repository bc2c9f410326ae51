package dev.tenancy.example.notes;

import dev.tenancy.event.Subscriber;
import dev.tenancy.event.Subscription;
import dev.tenancy.event.SubscriptionEnd;
import dev.tenancy.event.TenantChannel;
import dev.tenancy.ratelimit.Reservation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Tells whoever follows which notes are written from now on. Each that is told costs something. */
public final class Feed implements AutoCloseable {
    /** The most that following may cost, which is reserved at first. */
    public static final long MOST = 100;
    /** What one note costs. */
    public static final long PRICE = 10;
    /** The line that says that notes will be told from now on. */
    public static final String BEGIN = "following";

    private final TenantChannel<Note> channel =
            TenantChannel.<Note>builder("notes").build();

    /** A feed without followers. */
    public Feed() {}

    /** Where lines go, one a note; each is sent at once. */
    @FunctionalInterface
    public interface Lines {
        /** Sends one. */
        void send(byte[] line) throws IOException;
    }

    /** Tells the current tenant's followers of a note. */
    public void publish(Note note) {
        channel.publish(note);
    }

    /**
     * Follows the next notes of the current tenant.
     *
     * @param notes after how many it is over
     * @param reservation settled at the end with what was told
     * @return ends when it is over, on a thread that is not the caller's; cancelled by whoever learns that the client
     *     has gone away, it is settled at once
     */
    public CompletableFuture<Void> follow(long notes, Reservation reservation, Lines lines) throws IOException {
        Follower follower = new Follower(Math.min(Math.max(1, notes), MOST / PRICE), reservation, lines);
        follower.begin();
        CompletionStage<Void> over = follower.over;
        over.whenComplete((none, cancelled) -> follower.leave());
        return follower.over;
    }

    @Override
    public void close() {
        channel.close();
    }

    private final class Follower implements Subscriber<Note> {
        private final CompletableFuture<Void> over = new CompletableFuture<>();
        private final long notes;
        private final Reservation reservation;
        private final Lines lines;
        private @Nullable Subscription subscription;
        private long told;

        Follower(long notes, Reservation reservation, Lines lines) {
            this.notes = notes;
            this.reservation = reservation;
            this.lines = lines;
        }

        /** Whoever has read the first line may be sure that the next note is told: it comes after it. */
        synchronized void begin() throws IOException {
            subscription = channel.subscribe(this);
            lines.send((BEGIN + "\n").getBytes(StandardCharsets.UTF_8));
        }

        /** The guard may be told of the end next, and would take what is not settled for something else. */
        synchronized void leave() {
            reservation.settle(told * PRICE);
            Objects.requireNonNull(subscription, "begun").close();
        }

        @Override
        public synchronized void onEvent(Note note) throws IOException {
            lines.send((note.text() + "\n").getBytes(StandardCharsets.UTF_8));
            told++;
            if (told == notes) {
                Objects.requireNonNull(subscription, "begun").close();
            }
        }

        @Override
        public synchronized void onEnd(SubscriptionEnd end) {
            reservation.settle(told * PRICE);
            over.complete(null);
        }
    }
}
