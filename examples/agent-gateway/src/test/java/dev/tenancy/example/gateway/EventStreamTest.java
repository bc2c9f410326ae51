package dev.tenancy.example.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.TenantContext;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.event.Subscription;
import dev.tenancy.event.TenantChannel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventStreamTest {
    private static final TenantIdentity ACME = TenantIdentity.of(TenantId.of("acme"), "test");

    private final List<AuditTrail.Entry> recorded = new CopyOnWriteArrayList<>();
    private final TenantChannel<Long> channel =
            TenantChannel.<Long>builder("test").bufferSize(2).build();
    private int reads;

    @AfterEach
    void close() {
        channel.close();
    }

    @Test
    void whatComesAfterItsPositionIsSentOnceAndInOrder() {
        ByteArrayOutputStream client = new ByteArrayOutputStream();
        record(5);
        EventStream stream = new EventStream(client, this::after, 3);

        stream.open();
        stream.onEvent(4L);
        stream.onEvent(5L);
        record(2);
        stream.onEvent(7L);
        stream.onEvent(6L);

        assertThat(idsIn(client)).containsExactly(4L, 5L, 6L, 7L);
        assertThat(client.toString(UTF_8)).startsWith(": open\n\nid: 4\nevent: audit\ndata: {\"id\":4,");
        assertThat(reads).as("the opening, and what was not sent yet").isEqualTo(2);
        assertThat(stream.over().toCompletableFuture()).isNotDone();
    }

    @Test
    void moreThanAPageIsSentAsAWhole() {
        ByteArrayOutputStream client = new ByteArrayOutputStream();
        record(1_001);

        new EventStream(client, this::after, 0).open();

        assertThat(idsIn(client))
                .isEqualTo(LongStream.rangeClosed(1, 1_001).boxed().toList());
    }

    @Test
    void aPulseShowsThatTheStreamIsOpenAndSendsWhatWasMissed() {
        ByteArrayOutputStream client = new ByteArrayOutputStream();
        EventStream stream = new EventStream(client, this::after, 0);
        stream.open();
        record(1);

        stream.onEvent(EventStream.PULSE);

        assertThat(client.toString(UTF_8)).startsWith(": open\n\n: still open\n\nid: 1\n");
    }

    @Test
    void aClientThatIsGoneEndsTheStreamAndIsNotWrittenToAgain() {
        GoneClient client = new GoneClient();
        EventStream stream = new EventStream(client, this::after, 0);

        stream.open();
        record(1);
        stream.onEvent(1L);

        assertThat(stream.over().toCompletableFuture()).isDone();
        assertThat(client.tries).isEqualTo(1);
    }

    @Test
    void recordsThatCannotBeReadEndTheStream() {
        ByteArrayOutputStream client = new ByteArrayOutputStream();
        EventStream stream = new EventStream(
                client,
                (id, most) -> {
                    throw new IllegalStateException("no database");
                },
                0);

        stream.onEvent(1L);

        assertThat(stream.over().toCompletableFuture()).isDone();
    }

    @Test
    void aSlowClientGetsWhatItHasRoomForAndIsDropped() throws Exception {
        SlowClient client = new SlowClient();
        EventStream stream = new EventStream(client, this::after, 0);
        Subscription subscription = TenantContext.call(ACME, () -> channel.subscribe(stream));

        publish();
        assertThat(client.writing.await(1, TimeUnit.MINUTES)).isTrue();
        publish();
        publish();
        assertThat(subscription.isEnded()).isFalse();
        publish();

        assertThat(subscription.isEnded()).isTrue();
        assertThat(stream.over().toCompletableFuture()).isNotDone();
        client.reads.countDown();
        stream.over().toCompletableFuture().get(1, TimeUnit.MINUTES);
        assertThat(idsIn(client.read)).containsExactly(1L, 2L, 3L, 4L);
    }

    private void publish() {
        record(1);
        long newest = recorded.size();
        TenantContext.run(ACME, () -> {
            channel.publish(newest);
        });
    }

    private void record(int count) {
        for (int i = 0; i < count; i++) {
            recorded.add(new AuditTrail.Entry(recorded.size() + 1, "now", "create", "/x", null, 1, "acme"));
        }
    }

    private List<AuditTrail.Entry> after(long id, int most) {
        reads++;
        return recorded.stream().filter(entry -> entry.id() > id).limit(most).toList();
    }

    private static List<Long> idsIn(ByteArrayOutputStream client) {
        return client.toString(UTF_8)
                .lines()
                .filter(line -> line.startsWith("id: "))
                .map(line -> Long.valueOf(line.substring("id: ".length())))
                .toList();
    }

    private static final class GoneClient extends OutputStream {
        private int tries;

        @Override
        public void write(int oneByte) throws IOException {
            tries++;
            throw new IOException("gone");
        }
    }

    /** Takes nothing until it reads. */
    private static final class SlowClient extends OutputStream {
        private final CountDownLatch writing = new CountDownLatch(1);
        private final CountDownLatch reads = new CountDownLatch(1);
        private final ByteArrayOutputStream read = new ByteArrayOutputStream();

        @Override
        public void write(int oneByte) throws IOException {
            writing.countDown();
            try {
                reads.await();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IOException(interrupted);
            }
            read.write(oneByte);
        }
    }
}
