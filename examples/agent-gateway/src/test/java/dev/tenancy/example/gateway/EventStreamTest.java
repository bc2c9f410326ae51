package dev.tenancy.example.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.TenantContext;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.event.Subscription;
import dev.tenancy.event.TenantChannel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventStreamTest {
    private static final TenantIdentity ACME = TenantIdentity.of(TenantId.of("acme"), "test");

    private final TenantChannel<String> channel =
            TenantChannel.<String>builder("test").bufferSize(2).build();

    @AfterEach
    void close() {
        channel.close();
    }

    @Test
    void theFirstLineComesFirstThoughAnEventWasFaster() {
        ByteArrayOutputStream client = new ByteArrayOutputStream();
        EventStream stream = new EventStream(client);

        stream.onEvent("data: 1\n\n");
        stream.open();
        stream.onEvent("data: 2\n\n");

        assertThat(client).hasToString(": open\n\ndata: 1\n\ndata: 2\n\n");
        assertThat(stream.over().toCompletableFuture()).isNotDone();
    }

    @Test
    void aClientThatIsGoneEndsTheStreamAndIsNotWrittenToAgain() {
        GoneClient client = new GoneClient();
        EventStream stream = new EventStream(client);

        stream.open();
        stream.onEvent("data: 1\n\n");

        assertThat(stream.over().toCompletableFuture()).isDone();
        assertThat(client.tries).isEqualTo(1);
    }

    @Test
    void aSlowClientGetsWhatItHasRoomForAndIsDropped() throws Exception {
        SlowClient client = new SlowClient();
        EventStream stream = new EventStream(client);
        Subscription subscription = TenantContext.call(ACME, () -> channel.subscribe(stream));

        publish("data: 1\n\n");
        assertThat(client.writing.await(1, TimeUnit.MINUTES)).isTrue();
        publish("data: 2\n\n");
        publish("data: 3\n\n");
        assertThat(subscription.isEnded()).isFalse();
        publish("data: 4\n\n");

        assertThat(subscription.isEnded()).isTrue();
        assertThat(stream.over().toCompletableFuture()).isNotDone();
        client.reads.countDown();
        stream.over().toCompletableFuture().get(1, TimeUnit.MINUTES);
        assertThat(client.read).hasToString(": open\n\ndata: 1\n\ndata: 2\n\ndata: 3\n\n");
    }

    private void publish(String event) {
        TenantContext.run(ACME, () -> {
            channel.publish(event);
        });
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
