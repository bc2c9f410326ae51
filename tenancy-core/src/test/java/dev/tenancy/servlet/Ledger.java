package dev.tenancy.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.Guard;
import dev.tenancy.GuardedRequest;
import dev.tenancy.Problem;
import dev.tenancy.TenantContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A guard that writes down what it is asked and told, and denies requests that ask for it. */
final class Ledger implements Guard {
    static final String DENY = "X-Deny";
    static final Problem LIMITED =
            Problem.of("rate-limited", 429, "Limited", "Über das Limit.").withHeader("Retry-After", "7");

    private final AtomicInteger asked = new AtomicInteger();
    private final List<String> ends = new CopyOnWriteArrayList<>();
    private final Semaphore ended = new Semaphore(0);

    @Override
    public String name() {
        return "ledger";
    }

    @Override
    public Decision check(GuardedRequest request) {
        asked.incrementAndGet();
        return request.request().headers(DENY).contains("ledger") ? new Denied(LIMITED) : new Entry();
    }

    int asked() {
        return asked.get();
    }

    List<String> ends() {
        return List.copyOf(ends);
    }

    /** Waits until as many requests have ended as were asked about, and returns how, in the order of their ends. */
    List<String> awaitEnds(int requests) throws InterruptedException {
        assertThat(ended.tryAcquire(requests, 30, TimeUnit.SECONDS))
                .as("%s requests end; so far %s", requests, ends)
                .isTrue();
        ended.release(requests);
        return ends();
    }

    /** What this guard hands to the handler. */
    record Reservation(int number) {}

    private final class Entry implements Passed {
        private final Reservation reservation = new Reservation(asked.get());

        @Override
        public Map<String, String> headers() {
            return Map.of("RateLimit", "\"ledger\";r=1", "X-Headers-For", tenant());
        }

        @Override
        public Optional<Object> attachment() {
            return Optional.of(reservation);
        }

        @Override
        public void undo() {
            end("undone");
        }

        @Override
        public void finished(boolean succeeded) {
            end(succeeded ? "succeeded" : "failed");
        }

        private void end(String how) {
            ends.add(tenant() + " " + how);
            ended.release();
        }
    }

    static String tenant() {
        return TenantContext.current()
                .map(identity -> identity.tenantId().value())
                .orElse("nobody");
    }
}
