package dev.tenancy.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.TenantContext;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LanesTest {
    private static final TenantIdentity A = TenantIdentity.of(TenantId.of("tenant-a"), "test");

    private final QueueExecutor executor = new QueueExecutor();
    private final AtomicInteger over = new AtomicInteger();
    private final Lanes<String> lanes = new Lanes<>("orders", new Lane.Limits(1, 1, 1), over::incrementAndGet);
    private final Courier<String> courier = new Courier<>("orders", executor, new TenantChannelListener() {}, lanes);

    @Test
    void itIsOverWhenClosedWithNobodyIn() {
        assertThat(lanes.close()).isEmpty();
        assertThat(over).hasValue(1);
        lanes.close();
        assertThat(over).hasValue(1);
    }

    @Test
    void itIsOverWhenClosedAndTheLastOneWasTold() {
        Recorder<String> recorder = TenantContext.call(A, Recorder::new);
        Mailbox<String> mailbox = lanes.join(A, recorder, courier);
        Lane<String> lane = lanes.close().get(0);
        assertThat(lanes.close()).isEmpty();
        assertThat(over).hasValue(0);

        mailbox.close();
        assertThat(over).hasValue(1);
        lanes.sweep(lane);
        assertThat(over).hasValue(1);
    }

    @Test
    void itIsNotOverBeforeItIsClosed() {
        lanes.join(A, TenantContext.call(A, Recorder::new), courier).close();

        assertThat(lanes.all()).isEmpty();
        assertThat(over).hasValue(0);
    }

    @Test
    void aLaneWithAWorkerOnItsWayStays() {
        Mailbox<String> mailbox = lanes.join(A, TenantContext.call(A, Recorder::new), courier);
        Lane<String> lane = lanes.all().iterator().next();
        courier.start(lane, lane.publish("event").newWorkers());
        lanes.close();
        mailbox.close();

        assertThat(lanes.all()).containsExactly(lane);
        assertThat(over).hasValue(0);
        executor.runAll();
        assertThat(lanes.all()).isEmpty();
        assertThat(over).hasValue(1);
    }
}
