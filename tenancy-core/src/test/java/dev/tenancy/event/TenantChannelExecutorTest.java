package dev.tenancy.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.CapturedLog;
import dev.tenancy.TenantContext;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

/** What a tenant has of the executor, and what an executor can do wrong. */
class TenantChannelExecutorTest {
    private static final TenantIdentity A = TenantIdentity.of(TenantId.of("tenant-a"), "test");
    private static final TenantIdentity B = TenantIdentity.of(TenantId.of("tenant-b"), "test");
    private static final int A_TURN = 16;

    private final QueueExecutor queue = new QueueExecutor();

    @Test
    void aFloodOfOneTenantToManySubscribersHoldsUpAnotherForAFewEventsOnly() {
        TenantChannel<String> channel = channel(queue).handlersPerTenant(3).build();
        List<String> handled = new ArrayList<>();
        TenantContext.run(A, () -> {
            for (int i = 0; i < 50; i++) {
                channel.subscribe(handled::add);
            }
            for (int i = 0; i < 200; i++) {
                assertThat(channel.publish("of a")).isEqualTo(50);
            }
        });
        TenantContext.run(B, () -> channel.subscribe(handled::add));
        TenantContext.run(B, () -> channel.publish("of b"));
        assertThat(queue.size()).isEqualTo(4);
        queue.runAll();

        assertThat(handled.indexOf("of b")).isEqualTo(3 * A_TURN);
        assertThat(handled).hasSize(50 * 200 + 1);
    }

    @Test
    void aSubscriberThatPublishesToItselfWithoutEndHoldsUpNobody() {
        TenantChannel<String> channel = channel(queue).build();
        List<String> handled = new ArrayList<>();
        Subscription endless = TenantContext.call(
                A,
                () -> channel.subscribe(event -> {
                    handled.add(event);
                    channel.publish(event);
                }));
        TenantContext.run(A, () -> channel.publish("of a"));
        TenantContext.run(B, () -> channel.subscribe(handled::add));
        TenantContext.run(B, () -> channel.publish("of b"));

        queue.runOne();
        queue.runOne();
        assertThat(handled).hasSize(A_TURN + 1).endsWith("of b");
        endless.close();
        queue.runAll();
        assertThat(handled).hasSize(A_TURN + 1);
    }

    @Test
    void theSubscribersOfATenantTakeTurns() {
        TenantChannel<String> channel = channel(queue).handlersPerTenant(1).build();
        List<String> handled = new ArrayList<>();
        TenantContext.run(A, () -> {
            channel.subscribe(event -> handled.add("first"));
            for (int i = 0; i < 40; i++) {
                channel.publish("event");
            }
            channel.subscribe(event -> handled.add("second"));
            channel.publish("event");
        });
        assertThat(queue.size()).isEqualTo(1);
        queue.runAll();

        assertThat(handled.indexOf("second")).isEqualTo(A_TURN);
        assertThat(handled).hasSize(42);
    }

    @Test
    void subscribersOfATenantThatBlockHoldUpNoOtherTenant() throws Exception {
        TenantChannel<String> channel =
                TenantChannel.<String>builder("own").handlersPerTenant(16).build();
        CountDownLatch blocked = new CountDownLatch(16);
        CountDownLatch goOn = new CountDownLatch(1);
        List<Recorder<String>> ofA = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            ofA.add(TenantContext.call(A, () -> new Recorder<>() {
                @Override
                void handle(String event) throws Exception {
                    blocked.countDown();
                    assertThat(goOn.await(60, TimeUnit.SECONDS)).isTrue();
                }
            }));
        }
        TenantContext.run(A, () -> {
            ofA.forEach(channel::subscribe);
            channel.publish("of a");
        });
        assertThat(blocked.await(60, TimeUnit.SECONDS)).isTrue();

        CompletableFuture<String> ofB = new CompletableFuture<>();
        TenantContext.run(B, () -> {
            channel.subscribe(ofB::complete);
            channel.publish("of b");
        });
        assertThat(ofB.get(60, TimeUnit.SECONDS)).isEqualTo("of b");

        goOn.countDown();
        channel.close();
        for (Recorder<String> recorder : ofA) {
            assertThat(recorder.awaitEnd()).isTrue();
            assertThat(recorder.events()).containsExactly("of a");
            assertThat(recorder.ends()).containsExactly(SubscriptionEnd.CHANNEL_CLOSED);
            assertThat(recorder.breaches()).isEmpty();
        }
    }

    @Test
    void noMoreOfATenantsSubscribersAreCalledAtOnceThanItMay() throws Exception {
        ExecutorService pool = Executors.newCachedThreadPool();
        TenantChannel<String> channel = channel(pool).handlersPerTenant(2).build();
        CountDownLatch two = new CountDownLatch(2);
        CountDownLatch goOn = new CountDownLatch(1);
        List<Recorder<String>> recorders = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            recorders.add(TenantContext.call(A, () -> new Recorder<>() {
                @Override
                void handle(String event) throws Exception {
                    two.countDown();
                    assertThat(goOn.await(60, TimeUnit.SECONDS)).isTrue();
                }
            }));
        }
        TenantContext.run(A, () -> {
            recorders.forEach(channel::subscribe);
            channel.publish("1");
            channel.publish("2");
        });
        assertThat(two.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(((ThreadPoolExecutor) pool).getTaskCount())
                .as("tasks, each of which is running, since the pool never queues")
                .isEqualTo(2);

        goOn.countDown();
        channel.close();
        for (Recorder<String> recorder : recorders) {
            assertThat(recorder.awaitEnd()).isTrue();
            assertThat(recorder.events()).containsExactly("1", "2");
            assertThat(recorder.breaches()).isEmpty();
        }
        pool.shutdown();
    }

    @Test
    void anExecutorThatTakesNothingEndsTheSubscriptionsItWasForAndThePublisherTellsThem() {
        RejectedExecutionException refusal = new RejectedExecutionException("expected");
        refusedBy(task -> {
            throw refusal;
        });
    }

    @Test
    void aThreadThatCannotBeStartedIsARefusalToo() {
        refusedBy(task -> {
            throw new OutOfMemoryError("unable to create native thread (expected)");
        });
    }

    private static void refusedBy(Executor executor) {
        TenantChannel<String> channel = channel(executor).build();
        Recorder<String> first = TenantContext.call(A, Recorder::new);
        Recorder<String> second = TenantContext.call(A, Recorder::new);
        Recorder<String> other = TenantContext.call(B, Recorder::new);
        TenantContext.run(A, () -> {
            channel.subscribe(first);
            channel.subscribe(second);
        });
        TenantContext.run(B, () -> channel.subscribe(other));

        try (CapturedLog log = CapturedLog.of(TenantChannel.class.getName())) {
            TenantContext.run(A, () -> {
                assertThat(channel.publish("1")).isEqualTo(2);
                assertThat(channel.publish("2")).isZero();
            });
            assertThat(log.messages())
                    .isNotEmpty()
                    .containsOnly("channel 'test': the executor failed to take work for tenant tenant-a");
        }

        for (Recorder<String> recorder : List.of(first, second)) {
            assertThat(recorder.events()).isEmpty();
            assertThat(recorder.ends()).containsExactly(SubscriptionEnd.REFUSED);
            assertThat(recorder.breaches()).isEmpty();
        }
        assertThat(other.ends()).isEmpty();
        assertThat(channel.lanes.all()).hasSize(1);
        assertThat(channel.subscriptions()).isEqualTo(1);
    }

    @Test
    void anExecutorThatIsShutDownWhileSomethingWaitsEndsItWhenTheTurnIsOver() {
        List<Runnable> tasks = new ArrayList<>();
        TenantChannel<String> channel = channel(task -> {
                    if (!tasks.isEmpty()) {
                        throw new RejectedExecutionException("expected");
                    }
                    tasks.add(task);
                })
                .build();
        Recorder<String> recorder = TenantContext.call(A, Recorder::new);
        TenantContext.run(A, () -> {
            channel.subscribe(recorder);
            for (int i = 0; i < 20; i++) {
                channel.publish("event");
            }
        });
        tasks.get(0).run();

        assertThat(recorder.events()).hasSize(A_TURN);
        assertThat(recorder.ends()).containsExactly(SubscriptionEnd.REFUSED);
        assertThat(recorder.breaches()).isEmpty();
        assertThat(channel.lanes.all()).isEmpty();
    }

    @Test
    void whoWasToldOfARefusalIsNotCalledAgainWhenTheExecutorTakesWorkAgain() {
        boolean[] refusing = new boolean[1];
        TenantChannel<String> channel = channel(task -> {
                    if (refusing[0]) {
                        throw new RejectedExecutionException("expected");
                    }
                    queue.execute(task);
                })
                .build();
        Recorder<String> ended = TenantContext.call(A, Recorder::new);
        Recorder<String> idle = TenantContext.call(A, Recorder::new);
        TenantContext.run(A, () -> {
            channel.subscribe(ended);
            for (int i = 0; i < 20; i++) {
                channel.publish("event");
            }
            channel.subscribe(idle);
        });
        refusing[0] = true;
        queue.runAll();
        refusing[0] = false;
        TenantContext.run(A, () -> assertThat(channel.publish("another")).isEqualTo(1));
        queue.runAll();

        assertThat(ended.events()).hasSize(A_TURN);
        assertThat(ended.ends()).containsExactly(SubscriptionEnd.REFUSED);
        assertThat(ended.breaches()).isEmpty();
        assertThat(idle.events()).containsExactly("another");
        assertThat(idle.ends()).isEmpty();
    }

    @Test
    void whoHasNothingToDoIsNoTask() {
        TenantChannel<String> channel = channel(queue).handlersPerTenant(1).build();
        TenantContext.run(A, () -> {
            channel.subscribe(event -> {});
            channel.publish("event");
        });
        queue.runOne();
        assertThat(queue.size()).isZero();

        TenantContext.run(A, () -> channel.publish("event"));
        assertThat(queue.size()).isEqualTo(1);
    }

    @Test
    void aWorkerThreadThatHelpsOutWhileASubscriberWaitsMixesNobodyUp() throws Exception {
        ForkJoinPool pool = new ForkJoinPool(1);
        TenantChannel<String> channel = channel(pool).build();
        List<String> calls = new ArrayList<>();
        CountDownLatch done = new CountDownLatch(1);
        Recorder<String> helped = TenantContext.call(B, () -> new Recorder<>() {
            @Override
            void handle(String event) {
                calls.add("b");
            }
        });
        Recorder<String> waiting = TenantContext.call(A, () -> new Recorder<>() {
            @Override
            void handle(String event) {
                calls.add("a begins");
                TenantContext.run(B, () -> channel.publish("of b"));
                ForkJoinTask.helpQuiesce();
                assertThat(TenantContext.require()).isSameAs(A);
                calls.add("a ends");
                done.countDown();
            }
        });
        TenantContext.run(B, () -> channel.subscribe(helped));
        TenantContext.run(A, () -> {
            channel.subscribe(waiting);
            channel.publish("of a");
        });
        assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
        channel.close();
        assertThat(waiting.awaitEnd()).isTrue();
        assertThat(helped.awaitEnd()).isTrue();

        assertThat(calls).containsExactly("a begins", "b", "a ends");
        assertThat(waiting.breaches()).isEmpty();
        assertThat(helped.breaches()).isEmpty();
        assertThat(waiting.ends()).containsExactly(SubscriptionEnd.CHANNEL_CLOSED);
        pool.shutdown();
    }

    @Test
    void anExecutorThatWasGivenIsTheHostsToClose() {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        channel(pool).build().close();

        assertThat(pool.isShutdown()).isFalse();
        pool.shutdown();
    }

    @Test
    void whatOneWorkerIsRefusedForAnotherOneDoes() {
        List<Runnable> tasks = new ArrayList<>();
        TenantChannel<String> channel = channel(task -> {
                    if (tasks.size() == 1) {
                        throw new RejectedExecutionException("expected, once");
                    }
                    tasks.add(task);
                })
                .build();
        Recorder<String> first = TenantContext.call(A, Recorder::new);
        Recorder<String> second = TenantContext.call(A, Recorder::new);
        TenantContext.run(A, () -> {
            channel.subscribe(first);
            channel.subscribe(second);
            channel.publish("event");
        });
        assertThat(tasks).as("the second one was refused").hasSize(1);
        tasks.add(() -> {});
        tasks.get(0).run();
        tasks.get(2).run();

        assertThat(first.events()).containsExactly("event");
        assertThat(second.events()).containsExactly("event");
        assertThat(first.ends()).isEmpty();
        assertThat(second.ends()).isEmpty();
    }

    @Test
    void anExecutorThatTakesATaskAndThrowsHasTakenIt() {
        isServedBy(task -> {
            task.run();
            throw new IllegalStateException("expected");
        });
    }

    @Test
    void anExecutorThatRunsATaskAgainRunsItOnce() {
        List<Runnable> tasks = new ArrayList<>();
        isServedBy(task -> {
            tasks.add(task);
            task.run();
            tasks.get(0).run();
        });
    }

    private static void isServedBy(Executor executor) {
        TenantChannel<String> channel = channel(executor).build();
        Recorder<String> recorder = TenantContext.call(A, Recorder::new);
        Subscription subscription = TenantContext.call(A, () -> channel.subscribe(recorder));
        TenantContext.run(A, () -> {
            for (int i = 0; i < 3; i++) {
                assertThat(channel.publish("event")).isEqualTo(1);
            }
        });
        assertThat(recorder.events()).hasSize(3);
        assertThat(recorder.breaches()).isEmpty();
        assertThat(subscription.isEnded()).isFalse();
        subscription.close();
        assertThat(channel.lanes.all()).as("nobody is counted twice").isEmpty();
    }

    @Test
    void anExecutorWithoutThreadsRunsALongChainOnAShortStack() {
        TenantChannel<Integer> channel =
                TenantChannel.<Integer>builder("chain").executor(Runnable::run).build();
        Recorder<Integer> recorder = TenantContext.call(A, () -> new Recorder<>() {
            @Override
            void handle(Integer left) {
                if (left > 0) {
                    channel.publish(left - 1);
                }
            }
        });
        Subscription subscription = TenantContext.call(A, () -> channel.subscribe(recorder));

        TenantContext.run(A, () -> channel.publish(100_000));

        assertThat(recorder.ends()).isEmpty();
        assertThat(recorder.events()).hasSize(100_001).endsWith(1, 0);
        assertThat(recorder.breaches()).isEmpty();
        subscription.close();
        assertThat(channel.lanes.all()).isEmpty();
    }

    @Test
    void aPooledThreadIsLeftClean() throws Exception {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        TenantChannel<String> channel = channel(pool).build();
        Recorder<String> recorder = TenantContext.call(A, Recorder::new);
        TenantContext.run(A, () -> {
            channel.subscribe(recorder);
            channel.publish("event");
        });
        channel.close();

        assertThat(recorder.awaitEnd()).isTrue();
        assertThat(pool.submit(TenantContext::current).get()).isEmpty();
        assertThat(pool.submit(() -> String.valueOf(MDC.get(TenantContext.MDC_KEY)))
                        .get())
                .isEqualTo("null");
        pool.shutdown();
    }

    @Test
    void threadsOfItsOwnAreDaemonsThatInheritNothingAndEndWithTheChannel() throws Exception {
        InheritableThreadLocal<String> ofThePublisher = new InheritableThreadLocal<>();
        TenantChannel<String> channel =
                TenantChannel.<String>builder("own").handlersPerTenant(16).build();
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        CompletableFuture<String> inherited = new CompletableFuture<>();
        TenantContext.run(
                A,
                () -> channel.subscribe(event -> {
                    inherited.complete(String.valueOf(ofThePublisher.get()));
                    thread.complete(Thread.currentThread());
                }));
        ofThePublisher.set("secret of the publisher");
        TenantContext.run(A, () -> channel.publish("event"));

        assertThat(thread.get(60, TimeUnit.SECONDS).isDaemon()).isTrue();
        assertThat(thread.get().getName()).isEqualTo("tenancy-channel-own-1");
        assertThat(inherited.get()).isEqualTo("null");
        ofThePublisher.remove();

        channel.close();
        thread.get().join(30_000); // an idle one would stay for 60 seconds
        assertThat(thread.get().isAlive()).isFalse();
    }

    @Test
    void threadsOfItsOwnAreFewAndEndWhenIdle() {
        ThreadPoolExecutor threads = (ThreadPoolExecutor) HandlerThreads.of("own");

        assertThat(threads.getMaximumPoolSize()).isEqualTo(32);
        assertThat(threads.allowsCoreThreadTimeOut()).isTrue();
        threads.shutdown();
    }

    private static TenantChannel.Builder<String> channel(Executor executor) {
        return TenantChannel.<String>builder("test").executor(executor);
    }
}
