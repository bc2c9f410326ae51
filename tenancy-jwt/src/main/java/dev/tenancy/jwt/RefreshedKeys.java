package dev.tenancy.jwt;

import java.io.IOException;
import java.text.ParseException;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys that are read from a document: before they are too old, when a key id is not among them, and never twice at the
 * same time.
 *
 * <p>Each read has a thread of its own, on which no tenant is current and which inherits nothing; requests wait for it
 * without a lock, and for a limited time.
 */
final class RefreshedKeys implements IssuerKeys {
    private static final Logger LOG = LoggerFactory.getLogger(RefreshedKeys.class);
    static final String THREAD = "tenancy-jwt-keys";

    private static final int READS_TO_JOIN = 3;

    private final String issuer;
    private final KeyDocument document;
    private final Jca jca;
    private final Set<SignatureAlgorithm> allowed;
    private final KeyTimes times;
    private final Clock clock;

    private final AtomicReference<@Nullable CompletableFuture<Known>> running = new AtomicReference<>();
    private volatile Known known = new Known(KeySet.NONE, 0, 0, false);
    private volatile long beyondAskedAt = Long.MAX_VALUE;

    RefreshedKeys(
            String issuer,
            KeyDocument document,
            Jca jca,
            Set<SignatureAlgorithm> allowed,
            KeyTimes times,
            Clock clock) {
        this.issuer = issuer;
        this.document = document;
        this.jca = jca;
        this.allowed = allowed;
        this.times = times;
        this.clock = clock;
    }

    /**
     * What is known.
     *
     * @param keys the last that could be read, or none
     * @param readAt when, in milliseconds of the clock
     * @param triedAt when the last read ended
     * @param failed whether that one failed
     */
    private record Known(KeySet keys, long readAt, long triedAt, boolean failed) {}

    @Override
    public KeySet current() throws KeysUnavailableException {
        Known seen = known;
        long now = clock.millis();
        boolean haveKeys = !seen.keys.isEmpty();
        if (haveKeys && isWithin(times.aheadMillis(), seen.readAt, now)) {
            return seen.keys;
        }
        boolean isFresh = isWithin(times.lifetime().toMillis(), seen.readAt, now);
        boolean isDue = (haveKeys && !seen.failed) || !isWithin(times.pauseMillis(haveKeys), seen.triedAt, now);
        CompletableFuture<Known> read = isDue ? read(seen, false) : running.get();
        boolean isOutage = seen.failed && isWithin(times.lastMillis(), seen.readAt, now);
        boolean canGoOn = haveKeys && (isFresh || isOutage);
        Known latest = read == null || canGoOn ? known : await(read);
        if (!isWithin(times.lastMillis(), latest.readAt, clock.millis())) {
            throw new KeysUnavailableException("the keys of issuer " + issuer + " cannot be read");
        }
        return usable(latest.keys);
    }

    @Override
    public KeySet beyond(KeySet seenKeys) throws KeysUnavailableException {
        Known seen = soughtBeyond(seenKeys, READS_TO_JOIN);
        if (seenKeys.equals(seen.keys) && seen.failed) {
            throw new KeysUnavailableException(
                    "the key may be a new one, and the keys of issuer " + issuer + " cannot be read again");
        }
        return usable(seen.keys);
    }

    /**
     * Joins what is under way, which may have been read before the key was there, and then reads anew if it may. In
     * this order, since who may not ask must see what the one that asked has found.
     */
    private Known soughtBeyond(KeySet seenKeys, int readsToJoin) throws KeysUnavailableException {
        boolean mayAsk = !isWithin(times.pauseMillis(true), beyondAskedAt, clock.millis());
        CompletableFuture<Known> underWay = running.get();
        Known seen = known;
        if (!seenKeys.equals(seen.keys) || (underWay == null && !mayAsk)) {
            return seen;
        }
        if (underWay == null) {
            return await(read(seen, true));
        }
        Known joined = await(underWay);
        return seenKeys.equals(joined.keys) && readsToJoin > 1 ? soughtBeyond(seenKeys, readsToJoin - 1) : joined;
    }

    /** A clock that was set back says nothing of how long something was ago: then it was too long. */
    private static boolean isWithin(long millis, long since, long now) {
        return since <= now && now - since < millis;
    }

    private KeySet usable(KeySet keys) throws KeysUnavailableException {
        if (keys.isEmpty()) {
            throw new KeysUnavailableException("the key set of issuer " + issuer + " has no key that can be used");
        }
        return keys;
    }

    /** Starts reading, unless that is under way, or was done since {@code seen}. */
    private CompletableFuture<Known> read(Known seen, boolean beyond) {
        CompletableFuture<Known> mine = new CompletableFuture<>();
        CompletableFuture<Known> other = running.compareAndExchange(null, mine);
        if (other != null) {
            return other;
        }
        if (!known.equals(seen)) {
            running.set(null);
            mine.complete(known);
            return mine;
        }
        if (beyond) {
            beyondAskedAt = clock.millis();
        }
        try {
            Thread thread = new Thread(null, () -> readInto(mine), THREAD, 0, false);
            thread.setDaemon(true);
            thread.start();
        } catch (Throwable noThread) {
            running.set(null);
            mine.complete(known);
            throw noThread;
        }
        return mine;
    }

    private void readInto(CompletableFuture<Known> mine) {
        Known before = known;
        Known after = new Known(before.keys, before.readAt, clock.millis(), true);
        try {
            after = changed(before, KeySelection.published(document.read(), jca, allowed));
        } catch (IOException | ParseException | RuntimeException failure) {
            LOG.warn("the keys of issuer {} cannot be read: {}", issuer, described(failure));
            after = new Known(before.keys, before.readAt, clock.millis(), true);
        } finally {
            known = after;
            running.set(null);
            mine.complete(after);
        }
    }

    /** The object stays the same if the keys do, since verified tokens are remembered with it. */
    private Known changed(Known before, KeySet read) {
        long now = clock.millis();
        if (read.equals(before.keys)) {
            return new Known(before.keys, now, now, false);
        }
        read.leftOut().forEach(reason -> LOG.warn("left out of the keys of issuer {}: {}", issuer, reason));
        LOG.info("issuer {} has {} keys that can be used", issuer, read.keys().size());
        return new Known(read, now, now, false);
    }

    /** Only messages of our own: others may have the address, which may have a secret. */
    static String described(Exception failure) {
        boolean ours = failure instanceof ParseException || failure instanceof HttpDocument.Failure;
        return failure.getClass().getSimpleName() + (ours ? ": " + failure.getMessage() : "");
    }

    private Known await(CompletableFuture<Known> read) throws KeysUnavailableException {
        try {
            return read.get(times.waitMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new KeysUnavailableException("interrupted while the keys of issuer " + issuer + " were read");
        } catch (ExecutionException | TimeoutException late) {
            return known;
        }
    }
}
