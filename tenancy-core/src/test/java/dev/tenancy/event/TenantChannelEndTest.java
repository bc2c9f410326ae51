package dev.tenancy.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenancy.CapturedLog;
import dev.tenancy.TenantContext;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.MDC;

/** How subscriptions and channels come to their end. */
class TenantChannelEndTest {
    private static final TenantIdentity A = TenantIdentity.of(TenantId.of("tenant-a"), "test");
    private static final TenantIdentity B = TenantIdentity.of(TenantId.of("tenant-b"), "test");

    private final QueueExecutor executor = new QueueExecutor();
    private final List<String> heard = new ArrayList<>();
    private final TenantChannel<String> channel = TenantChannel.<String>builder("orders")
            .bufferSize(2)
            .executor(executor)
            .listener(new TenantChannelListener() {
                @Override
                public void ended(String name, TenantIdentity identity, SubscriptionEnd end) {
                    heard.add(name + " " + identity.tenantId() + " " + end);
                }
            })
            .build();

    @AfterEach
    void thisThreadIsClean() {
        assertThat(TenantContext.current()).isEmpty();
        assertThat(MDC.get(TenantContext.MDC_KEY)).isNull();
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void whoClosesIsToldAtOnceByItselfAndGetsNothingMore() {
        Recorder<String> recorder = recorder(A);
        Subscription subscription = subscribe(recorder);
        publish(A, "1");

        TenantContext.run(B, subscription::close);
        assertThat(recorder.ends()).containsExactly(SubscriptionEnd.UNSUBSCRIBED);
        assertThat(subscription.isEnded()).isTrue();
        assertThat(channel.subscriptions()).isZero();
        subscription.close();
        assertThat(publish(A, "2")).isZero();
        executor.runAll();

        assertThat(recorder.events()).isEmpty();
        assertThat(recorder.ends()).hasSize(1);
        assertThat(recorder.breaches()).isEmpty();
        nothingIsLeft();
    }

    @Test
    void whoNeverGotAnythingLeavesNothingWhenItCloses() {
        Recorder<String> recorder = recorder(A);
        subscribe(recorder).close();

        assertThat(recorder.ends()).containsExactly(SubscriptionEnd.UNSUBSCRIBED);
        assertThat(executor.size()).isZero();
        nothingIsLeft();
    }

    @Test
    void whoClosesWhileItHandlesIsToldAfterThat() {
        List<Subscription> own = new ArrayList<>();
        Recorder<String> recorder = TenantContext.call(A, () -> new Recorder<>() {
            @Override
            void handle(String event) {
                own.forEach(Subscription::close);
                assertThat(ends()).isEmpty();
                assertThat(publish(A, "after")).isZero();
            }
        });
        own.add(subscribe(recorder));
        publish(A, "1");
        publish(A, "2");
        executor.runAll();

        assertThat(recorder.events()).containsExactly("1");
        assertThat(recorder.ends()).containsExactly(SubscriptionEnd.UNSUBSCRIBED);
        assertThat(recorder.breaches()).isEmpty();
        nothingIsLeft();
    }

    @Test
    void whoIsClosedByAnotherThreadWhileItHandlesIsToldAfterThat() throws Exception {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        TenantChannel<String> pooled =
                TenantChannel.<String>builder("pooled").executor(pool).build();
        CountDownLatch handling = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Recorder<String> recorder = TenantContext.call(A, () -> new Recorder<>() {
            @Override
            void handle(String event) throws Exception {
                handling.countDown();
                assertThat(goOn.await(60, TimeUnit.SECONDS)).isTrue();
            }
        });
        Subscription subscription = TenantContext.call(A, () -> pooled.subscribe(recorder));
        TenantContext.run(A, () -> {
            pooled.publish("1");
            pooled.publish("2");
        });
        assertThat(handling.await(60, TimeUnit.SECONDS)).isTrue();

        subscription.close();
        assertThat(recorder.ends()).isEmpty();
        assertThat(pooled.subscriptions()).as("it counts while it handles").isEqualTo(1);
        goOn.countDown();
        assertThat(recorder.awaitEnd()).isTrue();
        pool.shutdown();
        assertThat(pool.awaitTermination(60, TimeUnit.SECONDS)).isTrue();

        assertThat(recorder.events()).containsExactly("1");
        assertThat(recorder.ends()).containsExactly(SubscriptionEnd.UNSUBSCRIBED);
        assertThat(recorder.breaches()).isEmpty();
        assertThat(pooled.lanes.all()).isEmpty();
    }

    @Test
    void theHostEndsTheSubscriptionsOfOneTenantAtOnceAndThoseOfNoOther() {
        Recorder<String> first = recorder(A);
        Recorder<String> second = recorder(A);
        Recorder<String> other = recorder(B);
        subscribe(first);
        subscribe(second);
        subscribe(other);
        publish(A, "of a");
        publish(B, "of b");

        assertThat(channel.endSubscriptions(A.tenantId())).isEqualTo(2);
        assertThat(channel.endSubscriptions(A.tenantId())).isZero();
        assertThat(channel.endSubscriptions(TenantId.of("unknown"))).isZero();
        assertThat(publish(A, "more")).isZero();
        executor.runAll();

        assertThat(first.events()).isEmpty();
        assertThat(first.ends()).containsExactly(SubscriptionEnd.REVOKED);
        assertThat(second.ends()).containsExactly(SubscriptionEnd.REVOKED);
        assertThat(other.events()).containsExactly("of b");
        assertThat(other.ends()).isEmpty();
        assertThat(heard).containsExactly("orders tenant-a REVOKED", "orders tenant-a REVOKED");
        assertThat(channel.lanes.all()).hasSize(1);
    }

    @Test
    void whoHasNothingWaitingIsToldOfItsEndToo() {
        Recorder<String> revoked = recorder(A);
        Recorder<String> closed = recorder(B);
        subscribe(revoked);
        subscribe(closed);

        channel.endSubscriptions(A.tenantId());
        channel.close();
        executor.runAll();

        assertThat(revoked.ends()).containsExactly(SubscriptionEnd.REVOKED);
        assertThat(closed.ends()).containsExactly(SubscriptionEnd.CHANNEL_CLOSED);
        nothingIsLeft();
    }

    @Test
    void aSuspendedTenantGetsNothingThatWaitsAlsoIfItWasTooSlowBefore() {
        Recorder<String> recorder = recorder(A);
        subscribe(recorder);
        publish(A, "1");
        publish(A, "2");
        publish(A, "3");

        assertThat(channel.endSubscriptions(A.tenantId())).isEqualTo(1);
        executor.runAll();

        assertThat(recorder.events()).isEmpty();
        assertThat(recorder.ends()).containsExactly(SubscriptionEnd.REVOKED);
    }

    @Test
    void aTenantSuspendedWhileItHandlesGetsNothingThatWaits() {
        Recorder<String> recorder = TenantContext.call(A, () -> new Recorder<>() {
            @Override
            void handle(String event) {
                assertThat(channel.endSubscriptions(A.tenantId())).isEqualTo(1);
            }
        });
        subscribe(recorder);
        publish(A, "1");
        publish(A, "2");
        executor.runAll();

        assertThat(recorder.events()).containsExactly("1");
        assertThat(recorder.ends()).containsExactly(SubscriptionEnd.REVOKED);
    }

    @Test
    void ofTwoEndsThatDropWhatWaitsTheFirstIsTold() {
        Recorder<String> recorder = recorder(A);
        Subscription subscription = subscribe(recorder);

        channel.endSubscriptions(A.tenantId());
        subscription.close();
        executor.runAll();

        assertThat(recorder.ends()).containsExactly(SubscriptionEnd.REVOKED);
        nothingIsLeft();
    }

    @Test
    void ofTwoEndsThatDoNotTheFirstIsTold() {
        Recorder<String> recorder = recorder(A);
        subscribe(recorder);
        publish(A, "1");
        publish(A, "2");
        publish(A, "3");

        channel.close();
        executor.runAll();

        assertThat(recorder.events()).containsExactly("1", "2");
        assertThat(recorder.ends()).containsExactly(SubscriptionEnd.TOO_SLOW);
    }

    @Test
    void aClosedChannelHandsOutWhatWaitsTellsAllAndTakesNothingMore() {
        Recorder<String> ofA = recorder(A);
        Recorder<String> ofB = recorder(B);
        subscribe(ofA);
        subscribe(ofB);
        publish(A, "1");
        publish(A, "2");

        channel.close();
        channel.close();
        TenantContext.run(A, () -> {
            assertThatThrownBy(() -> channel.publish("3"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("channel 'orders' is closed");
            assertThatThrownBy(() -> channel.subscribe(event -> {})).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> channel.publishToAll("test", "3")).isInstanceOf(IllegalStateException.class);
        });
        executor.runAll();

        assertThat(ofA.events()).containsExactly("1", "2");
        assertThat(ofA.ends()).containsExactly(SubscriptionEnd.CHANNEL_CLOSED);
        assertThat(ofB.ends()).containsExactly(SubscriptionEnd.CHANNEL_CLOSED);
        nothingIsLeft();
    }

    @Test
    void aSubscriberMayCloseTheChannel() {
        Recorder<String> recorder = TenantContext.call(A, () -> new Recorder<>() {
            @Override
            void handle(String event) {
                channel.close();
            }
        });
        Recorder<String> other = recorder(B);
        subscribe(recorder);
        subscribe(other);
        publish(A, "1");
        publish(A, "2");
        executor.runAll();

        assertThat(recorder.events()).containsExactly("1", "2");
        assertThat(recorder.ends()).containsExactly(SubscriptionEnd.CHANNEL_CLOSED);
        assertThat(other.ends()).containsExactly(SubscriptionEnd.CHANNEL_CLOSED);
        assertThat(recorder.breaches()).isEmpty();
        nothingIsLeft();
    }

    @ParameterizedTest
    @ValueSource(classes = {IOException.class, IllegalStateException.class, AssertionError.class})
    void whoFailsIsEndedAndToldAndNobodyElseIs(Class<? extends Throwable> type) throws Exception {
        Throwable failure = type.getConstructor().newInstance();
        Recorder<String> failing = TenantContext.call(A, () -> new Recorder<>() {
            @Override
            void handle(String event) throws Exception {
                TenantChannelEndTest.<RuntimeException>sneak(failure);
            }
        });
        Recorder<String> other = recorder(A);
        subscribe(failing);
        subscribe(other);
        publish(A, "1");
        publish(A, "2");

        try (CapturedLog log = CapturedLog.of(TenantChannel.class.getName())) {
            executor.runAll();
            assertThat(log.messages()).containsExactly("channel 'orders': a subscriber of tenant tenant-a failed");
        }

        assertThat(failing.events()).containsExactly("1");
        assertThat(failing.ends()).containsExactly(SubscriptionEnd.FAILED);
        assertThat(other.events()).containsExactly("1", "2");
        assertThat(other.ends()).isEmpty();
        assertThat(failing.breaches()).isEmpty();
        assertThat(heard).containsExactly("orders tenant-a FAILED");
    }

    @Test
    void whoFailsAtTheLastEventOfAClosedChannelHasFailed() {
        Recorder<String> failing = failing(A, new IOException("expected"));
        subscribe(failing);
        publish(A, "1");
        channel.close();
        executor.runAll();

        assertThat(failing.ends()).containsExactly(SubscriptionEnd.FAILED);
        nothingIsLeft();
    }

    @Test
    void anInterruptedSubscriberIsToldOnAThreadThatIsNotAndTheThreadLearnsOfItAfterwards() {
        List<Boolean> interruptedWhenTold = new ArrayList<>();
        Recorder<String> recorder = TenantContext.call(A, () -> new Recorder<>() {
            @Override
            void handle(String event) throws Exception {
                throw new InterruptedException("expected");
            }

            @Override
            void handleEnd(SubscriptionEnd end) {
                interruptedWhenTold.add(Thread.currentThread().isInterrupted());
            }
        });
        subscribe(recorder);
        publish(A, "1");
        executor.runAll();

        assertThat(interruptedWhenTold).containsExactly(false);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(recorder.ends()).containsExactly(SubscriptionEnd.FAILED);
    }

    @Test
    void aFailureThatIsNoInterruptionInterruptsNobody() {
        Recorder<String> recorder = failing(A, new IOException("expected"));
        subscribe(recorder);
        publish(A, "1");
        executor.runAll();

        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void whoLeavesAScopeOpenIsEndedAndTheThreadIsClean() {
        Recorder<String> recorder = TenantContext.call(A, () -> new Recorder<>() {
            @Override
            @SuppressWarnings("MustBeClosedChecker")
            void handle(String event) {
                TenantContext.open(B);
            }
        });
        Recorder<String> other = recorder(B);
        subscribe(recorder);
        subscribe(other);
        publish(A, "1");
        publish(A, "2");
        publish(B, "of b");
        executor.runAll();

        assertThat(recorder.events()).containsExactly("1");
        assertThat(recorder.ends()).containsExactly(SubscriptionEnd.FAILED);
        assertThat(recorder.breaches()).isEmpty();
        assertThat(other.events()).containsExactly("of b");
    }

    @Test
    void whoFailsWhenToldKeepsNobodyFromAnything() {
        Recorder<String> failing = TenantContext.call(A, () -> new Recorder<>() {
            @Override
            void handleEnd(SubscriptionEnd end) {
                throw new AssertionError("expected");
            }
        });
        Recorder<String> other = recorder(A);
        subscribe(failing);
        subscribe(other);

        try (CapturedLog log = CapturedLog.of(TenantChannel.class.getName())) {
            channel.close();
            executor.runAll();
            assertThat(log.messages())
                    .containsExactly("channel 'orders': a subscriber of tenant tenant-a failed when told that its"
                            + " subscription is over");
        }

        assertThat(failing.ends()).containsExactly(SubscriptionEnd.CHANNEL_CLOSED);
        assertThat(other.ends()).containsExactly(SubscriptionEnd.CHANNEL_CLOSED);
        assertThat(heard).containsExactly("orders tenant-a CHANNEL_CLOSED", "orders tenant-a CHANNEL_CLOSED");
        nothingIsLeft();
    }

    @Test
    void aListenerThatFailsKeepsNobodyFromAnything() {
        TenantChannel<String> unlucky = TenantChannel.<String>builder("unlucky")
                .executor(executor)
                .listener(new TenantChannelListener() {
                    @Override
                    public void ended(String name, TenantIdentity identity, SubscriptionEnd end) {
                        throw new AssertionError("expected");
                    }
                })
                .build();
        Recorder<String> first = recorder(A);
        Recorder<String> second = recorder(A);
        TenantContext.run(A, () -> {
            unlucky.subscribe(first);
            unlucky.subscribe(second);
        });

        try (CapturedLog log = CapturedLog.of(TenantChannel.class.getName())) {
            unlucky.close();
            executor.runAll();
            assertThat(log.messages())
                    .hasSize(2)
                    .allMatch(message -> message.startsWith("listener ") && message.endsWith(" failed"));
        }

        assertThat(first.ends()).containsExactly(SubscriptionEnd.CHANNEL_CLOSED);
        assertThat(second.ends()).containsExactly(SubscriptionEnd.CHANNEL_CLOSED);
        assertThat(unlucky.lanes.all()).isEmpty();
    }

    @Test
    void theListenerHearsOfAnEndWhenTheSubscriberWasTold() {
        CompletableFuture<List<String>> before = new CompletableFuture<>();
        Recorder<String> recorder = TenantContext.call(A, () -> new Recorder<>() {
            @Override
            void handleEnd(SubscriptionEnd end) {
                before.complete(List.copyOf(heard));
            }
        });
        subscribe(recorder).close();

        assertThat(before.join()).isEmpty();
        assertThat(heard).containsExactly("orders tenant-a UNSUBSCRIBED");
    }

    private static Recorder<String> recorder(TenantIdentity identity) {
        return TenantContext.call(identity, Recorder::new);
    }

    private static Recorder<String> failing(TenantIdentity identity, Exception failure) {
        return TenantContext.call(identity, () -> new Recorder<>() {
            @Override
            void handle(String event) throws Exception {
                throw failure;
            }
        });
    }

    private Subscription subscribe(Recorder<String> recorder) {
        return TenantContext.call(recorder.identity(), () -> channel.subscribe(recorder));
    }

    private int publish(TenantIdentity identity, String event) {
        return TenantContext.call(identity, () -> channel.publish(event));
    }

    private void nothingIsLeft() {
        assertThat(channel.lanes.all()).isEmpty();
        assertThat(channel.subscriptions()).isZero();
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <X extends Throwable> void sneak(Throwable failure) throws X {
        throw (X) failure;
    }
}
