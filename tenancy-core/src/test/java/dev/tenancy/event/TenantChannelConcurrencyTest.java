package dev.tenancy.event;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.tenancy.TenantContext;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.VirtualThreads;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** Many tenants at once, on every kind of executor; what is random has a seed, which a failure prints. */
class TenantChannelConcurrencyTest {
    private static final int TENANTS = 64;
    private static final int PUBLISHERS = 4;
    private static final long LONGEST_WAIT_SECONDS = 120;

    /** What one publisher sent: which tenant it meant, and how many it had sent to that tenant before. */
    private record Event(TenantId tenant, int publisher, int number) {}

    enum Threads {
        ONE,
        POOL,
        FORK_JOIN,
        VIRTUAL;

        ExecutorService start() throws ReflectiveOperationException {
            return switch (this) {
                case ONE -> Executors.newSingleThreadExecutor();
                case POOL -> Executors.newFixedThreadPool(4);
                case FORK_JOIN -> new ForkJoinPool(4);
                case VIRTUAL -> VirtualThreads.executor().orElseThrow();
            };
        }
    }

    private static final Logger LOG = (Logger) LoggerFactory.getLogger(TenantChannel.class);

    @BeforeAll
    static void thousandsOfSlowSubscribersAreNoNews() {
        LOG.setLevel(Level.OFF);
    }

    @AfterAll
    static void theLogSpeaksAgain() {
        LOG.setLevel(null);
    }

    static Stream<Threads> threads() {
        return Stream.of(Threads.values())
                .filter(kind -> kind != Threads.VIRTUAL || Runtime.version().feature() >= 21);
    }

    @ParameterizedTest
    @MethodSource("threads")
    void everySubscriberGetsAllEventsOfItsTenantInOrderAndNoOther(Threads kind) throws Exception {
        long seed = System.nanoTime();
        int subscribersPerTenant = 3;
        int eventsPerPublisher = 25_000;
        ExecutorService executor = kind.start();
        TenantChannel<Event> channel = TenantChannel.<Event>builder("all")
                .bufferSize(PUBLISHERS * eventsPerPublisher)
                .executor(executor)
                .build();
        List<Recorder<Event>> recorders = new ArrayList<>();
        for (int i = 0; i < TENANTS * subscribersPerTenant; i++) {
            TenantContext.run(identity(i % TENANTS, "subscriber"), () -> {
                Recorder<Event> recorder = new Recorder<>();
                recorders.add(recorder);
                channel.subscribe(recorder);
            });
        }

        AtomicIntegerArray published = new AtomicIntegerArray(TENANTS);
        together(PUBLISHERS, publisher -> {
            SplittableRandom random = new SplittableRandom(seed + publisher);
            int[] sent = new int[TENANTS];
            for (int i = 0; i < eventsPerPublisher; i++) {
                int tenant = random.nextInt(TENANTS);
                TenantIdentity identity = identity(tenant, "publisher");
                Event event = new Event(identity.tenantId(), publisher, sent[tenant]++);
                int reached = TenantContext.call(identity, () -> channel.publish(event));
                assertThat(reached).isEqualTo(subscribersPerTenant);
                published.incrementAndGet(tenant);
            }
        });
        channel.close();

        for (Recorder<Event> recorder : recorders) {
            assertThat(recorder.awaitEnd()).as("seed %d", seed).isTrue();
        }
        stop(executor);
        Map<TenantId, List<Event>> firstSaw = new HashMap<>();
        for (int i = 0; i < recorders.size(); i++) {
            Recorder<Event> recorder = recorders.get(i);
            TenantId tenant = recorder.identity().tenantId();
            assertThat(recorder.breaches()).as("seed %d", seed).isEmpty();
            assertThat(recorder.ends()).as("seed %d", seed).containsExactly(SubscriptionEnd.CHANNEL_CLOSED);
            assertThat(recorder.events().stream()
                            .allMatch(event -> event.tenant().equals(tenant)))
                    .as("seed %d", seed)
                    .isTrue();
            assertThat(recorder.events()).as("seed %d", seed).hasSize(published.get(i % TENANTS));
            assertThat(inOrderOfEachPublisher(recorder.events()))
                    .as("seed %d", seed)
                    .isTrue();
            assertThat(recorder.events().equals(firstSaw.computeIfAbsent(tenant, unseen -> recorder.events())))
                    .as("all subscribers of a tenant saw the same order, seed %d", seed)
                    .isTrue();
        }
        assertThat(channel.lanes.all()).as("seed %d", seed).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("threads")
    void whateverIsDoneInWhateverOrderEverySubscriberIsToldOnceAndNothingIsLeft(Threads kind) throws Exception {
        long seed = System.nanoTime();
        ExecutorService executor = kind.start();
        TenantChannel<Event> channel = TenantChannel.<Event>builder("churn")
                .bufferSize(3)
                .subscribersPerTenant(4)
                .handlersPerTenant(2)
                .executor(executor)
                .build();
        Queue<Recorder<Event>> recorders = new ConcurrentLinkedQueue<>();

        together(PUBLISHERS, worker -> {
            SplittableRandom random = new SplittableRandom(seed + worker);
            List<Subscription> own = new ArrayList<>();
            for (int i = 0; i < 10_000; i++) {
                TenantIdentity identity = identity(random.nextInt(8), "worker");
                Event event = new Event(identity.tenantId(), worker, i);
                switch (random.nextInt(10)) {
                    case 0, 1 ->
                        TenantContext.run(identity, () -> {
                            Recorder<Event> recorder = new Recorder<>();
                            try {
                                own.add(channel.subscribe(recorder));
                                recorders.add(recorder);
                            } catch (TooManySubscribersException full) {
                                assertThat(full.problem().status()).isEqualTo(429);
                            }
                        });
                    case 2 -> {
                        if (!own.isEmpty()) {
                            own.remove(random.nextInt(own.size())).close();
                        }
                    }
                    case 3 -> {
                        if (random.nextInt(20) == 0) {
                            channel.endSubscriptions(identity.tenantId());
                        }
                    }
                    default -> TenantContext.run(identity, () -> channel.publish(event));
                }
            }
        });
        channel.close();

        for (Recorder<Event> recorder : recorders) {
            assertThat(recorder.awaitEnd()).as("seed %d", seed).isTrue();
        }
        stop(executor);
        assertThat(recorders).as("seed %d", seed).hasSizeGreaterThan(100);
        for (Recorder<Event> recorder : recorders) {
            TenantId tenant = recorder.identity().tenantId();
            assertThat(recorder.breaches()).as("seed %d", seed).isEmpty();
            assertThat(recorder.ends()).as("seed %d", seed).hasSize(1);
            assertThat(recorder.events())
                    .as("seed %d", seed)
                    .allMatch(event -> event.tenant().equals(tenant));
        }
        assertThat(channel.lanes.all()).as("seed %d", seed).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("threads")
    void subscribingPublishingAndEndingMayMeetAtAnyMoment(Threads kind) throws Exception {
        ExecutorService executor = kind.start();
        int rounds = 5_000;
        List<Recorder<Event>> recorders = new ArrayList<>();
        List<Subscription> subscriptions = new ArrayList<>();
        List<TenantChannel<Event>> channels = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            TenantIdentity identity = identity(i % TENANTS, "racing");
            Recorder<Event> recorder = TenantContext.call(identity, Recorder::new);
            TenantChannel<Event> channel = TenantChannel.<Event>builder("race")
                    .bufferSize(2)
                    .executor(executor)
                    .build();
            recorders.add(recorder);
            channels.add(channel);
            subscriptions.add(TenantContext.call(identity, () -> channel.subscribe(recorder)));
        }
        Queue<Recorder<Event>> late = new ConcurrentLinkedQueue<>();
        CyclicBarrier round = new CyclicBarrier(5);

        together(5, racer -> {
            for (int i = 0; i < rounds; i++) {
                round.await(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
                TenantChannel<Event> channel = channels.get(i);
                TenantIdentity identity = recorders.get(i).identity();
                switch (racer) {
                    case 0 -> subscriptions.get(i).close();
                    case 1 -> channel.close();
                    case 2 -> channel.endSubscriptions(identity.tenantId());
                    case 3 ->
                        TenantContext.run(identity, () -> {
                            Recorder<Event> recorder = new Recorder<>();
                            try {
                                channel.subscribe(recorder);
                                late.add(recorder);
                            } catch (IllegalStateException closed) {
                                assertThat(closed).hasMessageContaining("closed");
                            }
                        });
                    default ->
                        TenantContext.run(identity, () -> {
                            try {
                                for (int n = 0; n < 4; n++) {
                                    channel.publish(new Event(identity.tenantId(), 0, n));
                                }
                            } catch (IllegalStateException closed) {
                                assertThat(closed).hasMessageContaining("closed");
                            }
                        });
                }
            }
        });

        recorders.addAll(late);
        for (Recorder<Event> recorder : recorders) {
            assertThat(recorder.awaitEnd()).isTrue();
        }
        stop(executor);
        for (Recorder<Event> recorder : recorders) {
            assertThat(recorder.breaches()).isEmpty();
            assertThat(recorder.ends()).hasSize(1);
            assertThat(inOrderOfEachPublisher(recorder.events())).isTrue();
        }
        for (TenantChannel<Event> channel : channels) {
            assertThat(channel.lanes.all()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void whoHasSubscribedIsReachedWhileOthersOfItsTenantComeAndGo(Threads kind) throws Exception {
        ExecutorService executor = kind.start();
        TenantChannel<Event> channel = TenantChannel.<Event>builder("coming-and-going")
                .bufferSize(PUBLISHERS * 20_000)
                .executor(executor)
                .build();

        together(PUBLISHERS, worker -> {
            TenantIdentity identity = identity(1, "worker " + worker);
            for (int i = 0; i < 20_000; i++) {
                Event event = new Event(identity.tenantId(), worker, i);
                boolean publishing = i % 4 == 0; // not always, for the tenant to leave altogether now and then
                int reached = TenantContext.call(identity, () -> {
                    try (Subscription subscription = channel.subscribe(each -> {})) {
                        return publishing ? channel.publish(event) : 1;
                    }
                });
                assertThat(reached).isPositive();
            }
        });

        stop(executor);
        assertThat(channel.lanes.all()).isEmpty();
    }

    /** Whether the events of each publisher follow each other without a gap. */
    private static boolean inOrderOfEachPublisher(List<Event> events) {
        Map<Integer, Integer> last = new HashMap<>();
        for (Event event : events) {
            Integer before = last.put(event.publisher(), event.number());
            if (before != null && event.number() != before + 1) {
                return false;
            }
        }
        return true;
    }

    private static TenantIdentity identity(int tenant, String subject) {
        return TenantIdentity.builder(TenantId.of("tenant-" + tenant), "test")
                .subject(subject)
                .build();
    }

    private static void stop(ExecutorService executor) throws InterruptedException {
        executor.shutdown();
        assertThat(executor.awaitTermination(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS))
                .isTrue();
    }

    /** Does the work on several threads that start together, and fails if one of them does. */
    private static void together(int threads, Work work) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        CyclicBarrier start = new CyclicBarrier(threads);
        List<Future<?>> done = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            int number = i;
            Callable<String> task = () -> {
                start.await(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
                work.run(number);
                return "done";
            };
            done.add(pool.submit(task));
        }
        for (Future<?> one : done) {
            one.get(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
        }
        stop(pool);
    }

    private interface Work {
        void run(int number) throws Exception;
    }
}
