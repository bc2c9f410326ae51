package dev.tenancy.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenancy.CapturedLog;
import dev.tenancy.NoTenantException;
import dev.tenancy.Problem;
import dev.tenancy.TenancyConfigException;
import dev.tenancy.TenantContext;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

/** Who gets what, and what is refused. */
class TenantChannelTest {
    private static final TenantIdentity A = TenantIdentity.of(TenantId.of("tenant-a"), "test");
    private static final TenantIdentity B = TenantIdentity.of(TenantId.of("tenant-b"), "test");

    private final QueueExecutor executor = new QueueExecutor();
    private final TenantChannel<String> channel =
            TenantChannel.<String>builder("orders").executor(executor).build();

    @AfterEach
    void thisThreadIsClean() {
        assertThat(TenantContext.current()).isEmpty();
        assertThat(MDC.get(TenantContext.MDC_KEY)).isNull();
    }

    @Test
    void anEventReachesTheSubscribersOfItsTenantAndNobodyElse() {
        Recorder<String> first = subscribe(A);
        Recorder<String> second = subscribe(A);
        Recorder<String> other = subscribe(B);

        assertThat(publish(A, "of a")).isEqualTo(2);
        assertThat(publish(B, "of b")).isEqualTo(1);
        assertThat(publish(TenantIdentity.of(TenantId.of("tenant-c"), "test"), "of c"))
                .isZero();
        executor.runAll();

        assertThat(first.events()).containsExactly("of a");
        assertThat(second.events()).containsExactly("of a");
        assertThat(other.events()).containsExactly("of b");
        noBreach(first, second, other);
    }

    @Test
    void tenantsWhoseNamesDifferInCaseAreTwo() {
        Recorder<String> upper = subscribe(TenantIdentity.of(TenantId.of("Tenant-A"), "test"));

        assertThat(publish(A, "of a")).isZero();
        executor.runAll();

        assertThat(upper.events()).isEmpty();
    }

    @Test
    void withoutATenantNothingIsPublishedAndNobodySubscribes() {
        Recorder<String> recorder = subscribe(A);

        assertThatThrownBy(() -> channel.publish("tenant-a")).isInstanceOf(NoTenantException.class);
        assertThatThrownBy(() -> channel.subscribe(event -> {})).isInstanceOf(NoTenantException.class);
        TenantContext.callAsSystem("test", () -> {
            assertThatThrownBy(() -> channel.publish("tenant-a")).isInstanceOf(NoTenantException.class);
            assertThatThrownBy(() -> channel.subscribe(event -> {})).isInstanceOf(NoTenantException.class);
            return "done";
        });
        executor.runAll();

        assertThat(recorder.events()).isEmpty();
        assertThat(channel.subscriptions()).isEqualTo(1);
    }

    @Test
    void aPayloadThatNamesAnotherTenantChangesNothing() {
        TenantChannel<TenantIdentity> identities = TenantChannel.<TenantIdentity>builder("identities")
                .executor(executor)
                .build();
        Recorder<TenantIdentity> ofA = TenantContext.call(A, Recorder::new);
        Recorder<TenantIdentity> ofB = TenantContext.call(B, Recorder::new);
        TenantContext.run(A, () -> identities.subscribe(ofA));
        TenantContext.run(B, () -> identities.subscribe(ofB));

        TenantContext.run(A, () -> identities.publish(B));
        executor.runAll();

        assertThat(ofA.events()).containsExactly(B);
        assertThat(ofB.events()).isEmpty();
        noBreach(ofA, ofB);
    }

    @Test
    void whoMayReadAnotherTenantsRowsDoesNotGetItsEvents() {
        TenantIdentity reader = TenantIdentity.builder(TenantId.of("reader"), "test")
                .readableTenants(Set.of(A.tenantId()))
                .build();
        Recorder<String> reading = subscribe(reader);
        Recorder<String> read = subscribe(A);

        assertThat(publish(A, "of a")).isEqualTo(1);
        assertThat(publish(reader, "of the reader")).isEqualTo(1);
        executor.runAll();

        assertThat(reading.events()).containsExactly("of the reader");
        assertThat(read.events()).containsExactly("of a");
    }

    @Test
    void aSubscriberIsCalledAsWhoSubscribedWhoeverPublishedAndWhosoeverThreadItIs() {
        TenantIdentity alice =
                TenantIdentity.builder(A.tenantId(), "test").subject("alice").build();
        TenantIdentity bob =
                TenantIdentity.builder(A.tenantId(), "test").subject("bob").build();
        Recorder<String> ofAlice = subscribe(alice);

        publish(bob, "event");
        TenantContext.run(B, () -> {
            executor.runAll();
            assertThat(TenantContext.require()).isSameAs(B);
            assertThat(MDC.get(TenantContext.MDC_KEY)).isEqualTo("tenant-b");
        });

        assertThat(ofAlice.events()).containsExactly("event");
        noBreach(ofAlice);
    }

    @Test
    void aSubscriberThatPublishesDoesSoAsItself() {
        TenantChannel<String> answers =
                TenantChannel.<String>builder("answers").executor(executor).build();
        Recorder<String> answersOfA = TenantContext.call(A, Recorder::new);
        Recorder<String> answersOfB = TenantContext.call(B, Recorder::new);
        TenantContext.run(A, () -> answers.subscribe(answersOfA));
        TenantContext.run(B, () -> answers.subscribe(answersOfB));
        TenantContext.run(A, () -> channel.subscribe(answers::publish));

        TenantContext.run(B, () -> {
            channel.publishToAll("test", "question");
            executor.runAll();
        });

        assertThat(answersOfA.events()).containsExactly("question");
        assertThat(answersOfB.events()).isEmpty();
    }

    @Test
    void whatIsForAllReachesAllAndIsWrittenToTheSecurityLog() {
        Recorder<String> ofA = subscribe(A);
        Recorder<String> ofB = subscribe(B);

        try (CapturedLog log = CapturedLog.ofSecurity()) {
            assertThat(channel.publishToAll("maintenance\nat noon", "1")).isEqualTo(2);
            TenantContext.run(A, () -> channel.publishToAll("by a", "2"));
            TenantContext.callAsSystem("job", () -> channel.publishToAll("by the system", "3"));
            executor.runAll();

            assertThat(log.messages())
                    .containsExactly(
                            "event for all tenants on channel 'orders', sent as nobody: maintenance?at noon",
                            "event for all tenants on channel 'orders', sent as " + A + ": by a",
                            "work as the system, begun as nobody: job",
                            "event for all tenants on channel 'orders', sent as the system: by the system");
        }
        assertThat(ofA.events()).containsExactly("1", "2", "3");
        assertThat(ofB.events()).containsExactly("1", "2", "3");
        noBreach(ofA, ofB);
    }

    @Test
    void whatIsForAllNeedsAReason() {
        Recorder<String> recorder = subscribe(A);

        assertThatThrownBy(() -> channel.publishToAll(" \t", "event"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("reason");
        executor.runAll();

        assertThat(recorder.events()).isEmpty();
    }

    @Test
    void nullIsNoEventNoSubscriberAndNoTenant() {
        TenantContext.run(A, () -> {
            assertThatThrownBy(() -> channel.publish(nothing())).hasMessage("event");
            assertThatThrownBy(() -> channel.publishToAll("test", nothing())).hasMessage("event");
            assertThatThrownBy(() -> channel.subscribe(nothing())).hasMessage("subscriber");
            assertThatThrownBy(() -> channel.endSubscriptions(nothing())).hasMessage("tenant");
        });
    }

    @Test
    void eventsComeInOrderFromTheSubscriptionOn() {
        publish(A, "before");
        Recorder<String> recorder = subscribe(A);
        List<String> published = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            published.add("event " + i);
            publish(A, "event " + i);
        }
        executor.runAll();

        assertThat(recorder.events()).isEqualTo(published);
    }

    @Test
    void whoIsTooSlowIsDroppedAndToldAfterWhatWaitedAndNobodyElseIs() {
        TenantChannel<String> small = TenantChannel.<String>builder("small")
                .bufferSize(2)
                .executor(executor)
                .build();
        Recorder<String> slow = TenantContext.call(A, Recorder::new);
        Recorder<String> late = TenantContext.call(A, Recorder::new);
        Recorder<String> other = TenantContext.call(B, Recorder::new);
        TenantContext.run(B, () -> small.subscribe(other));
        TenantContext.run(A, () -> {
            Subscription subscription = small.subscribe(slow);
            assertThat(small.publish("1")).isEqualTo(1);
            assertThat(small.publish("2")).isEqualTo(1);
            small.subscribe(late);
            assertThat(subscription.isEnded()).isFalse();

            try (CapturedLog log = CapturedLog.of(TenantChannel.class.getName())) {
                assertThat(small.publish("3")).isEqualTo(1);
                assertThat(small.publish("4")).isEqualTo(1);

                assertThat(log.messages())
                        .containsExactly(
                                "channel 'small': subscribers of tenant tenant-a dropped because they were too slow: 1");
            }
            assertThat(subscription.isEnded()).isTrue();
            assertThat(slow.ends()).isEmpty();
        });
        TenantContext.run(B, () -> small.publish("of b"));
        executor.runAll();

        assertThat(slow.events()).containsExactly("1", "2");
        assertThat(slow.ends()).containsExactly(SubscriptionEnd.TOO_SLOW);
        assertThat(late.events()).containsExactly("3", "4");
        assertThat(late.ends()).isEmpty();
        assertThat(other.events()).containsExactly("of b");
        noBreach(slow, late, other);
    }

    @Test
    void aTenantHasNoMoreSubscriptionsThanItMayAndAnotherIsNotConcerned() {
        TenantChannel<String> two = TenantChannel.<String>builder("two")
                .subscribersPerTenant(2)
                .executor(executor)
                .build();
        TenantContext.run(A, () -> {
            Subscription first = two.subscribe(event -> {});
            two.subscribe(event -> {});
            assertThatThrownBy(() -> two.subscribe(event -> {}))
                    .isInstanceOfSatisfying(
                            TooManySubscribersException.class,
                            refused -> assertThat(refused.problem())
                                    .isEqualTo(Problem.of(
                                                    "subscriber-limit",
                                                    429,
                                                    "Too many subscribers",
                                                    "This tenant has as many open subscriptions as it may have.")
                                            .withHeader("Retry-After", "10")))
                    .hasMessage("tenant tenant-a has 2 subscriptions to channel 'two', as many as it may");
            assertThat(two.publish("event")).isEqualTo(2);

            first.close();
            two.subscribe(event -> {});
        });
        TenantContext.run(B, () -> two.subscribe(event -> {}));

        assertThat(two.subscriptions()).isEqualTo(3);
    }

    @Test
    void whoIsToldOfItsEndMaySubscribeAgain() {
        TenantChannel<String> one = TenantChannel.<String>builder("one")
                .subscribersPerTenant(1)
                .executor(executor)
                .build();
        Recorder<String> again = TenantContext.call(A, Recorder::new);
        Recorder<String> first = TenantContext.call(A, () -> new Recorder<>() {
            @Override
            void handleEnd(SubscriptionEnd end) {
                one.subscribe(again);
            }
        });
        TenantContext.run(A, () -> one.subscribe(first));

        one.endSubscriptions(A.tenantId());
        TenantContext.run(
                A,
                () -> assertThatThrownBy(() -> one.subscribe(event -> {}))
                        .isInstanceOf(TooManySubscribersException.class));
        executor.runAll();
        TenantContext.run(A, () -> one.publish("event"));
        executor.runAll();

        assertThat(first.events()).isEmpty();
        assertThat(again.events()).containsExactly("event");
        noBreach(first, again);
    }

    @Test
    void allFaultsOfTheSettingsAreNamedAtOnce() {
        assertThatThrownBy(() -> TenantChannel.<String>builder("two\nlines")
                        .bufferSize(0)
                        .subscribersPerTenant(-1)
                        .handlersPerTenant(0)
                        .build())
                .isInstanceOfSatisfying(
                        TenancyConfigException.class,
                        fault -> assertThat(fault.faults())
                                .containsExactly(
                                        "the name of a channel is not allowed; allowed: 1–64 ASCII letters, digits, . _ -",
                                        "bufferSize of a channel is 0; allowed: at least 1",
                                        "subscribersPerTenant of a channel is -1; allowed: at least 1",
                                        "handlersPerTenant of a channel is 0; allowed: at least 1"));
        assertThatThrownBy(() ->
                        TenantChannel.builder("orders").handlersPerTenant(17).build())
                .isInstanceOfSatisfying(
                        TenancyConfigException.class,
                        fault -> assertThat(fault.faults())
                                .containsExactly(
                                        "handlersPerTenant of a channel is 17; allowed without an executor: 1–16"));
    }

    @Test
    void theSmallestSettingsAndTheLargestWithoutAnExecutorAreAllowed() {
        TenantChannel.builder("x".repeat(64))
                .bufferSize(1)
                .subscribersPerTenant(1)
                .handlersPerTenant(1)
                .build()
                .close();
        TenantChannel.builder("A-z_0.9").handlersPerTenant(16).build().close();
        TenantChannel.builder("orders")
                .handlersPerTenant(17)
                .executor(executor)
                .build()
                .close();
        for (String name : new String[] {"", "x".repeat(65), "o'clock"}) {
            assertThatThrownBy(() -> TenantChannel.builder(name).build()).isInstanceOf(TenancyConfigException.class);
        }
    }

    @Test
    void theSettingsNotSaidAreThoseOfTheDocumentation() {
        Recorder<String> recorder = subscribe(A);
        for (int i = 0; i < 256; i++) {
            assertThat(publish(A, "event")).isEqualTo(1);
        }
        assertThat(publish(A, "event 257")).isZero();
        executor.runAll();
        assertThat(recorder.events()).hasSize(256);

        TenantContext.run(A, () -> {
            for (int i = 0; i < 100; i++) {
                channel.subscribe(event -> {});
            }
            assertThatThrownBy(() -> channel.subscribe(event -> {})).isInstanceOf(TooManySubscribersException.class);
        });
        publish(A, "event");
        assertThat(executor.size()).as("tasks of one tenant").isEqualTo(4);
    }

    @Test
    void whatIsPrintedNamesTheChannelAndWhoSubscribed() {
        Subscription subscription = TenantContext.call(A, () -> channel.subscribe(event -> {}));

        assertThat(channel).hasToString("TenantChannel[orders]");
        assertThat(subscription).hasToString("Subscription[" + A + "]");
        assertThat(subscription.identity()).isSameAs(A);
    }

    private Recorder<String> subscribe(TenantIdentity identity) {
        return TenantContext.call(identity, () -> {
            Recorder<String> recorder = new Recorder<>();
            channel.subscribe(recorder);
            return recorder;
        });
    }

    private int publish(TenantIdentity identity, String event) {
        return TenantContext.call(identity, () -> channel.publish(event));
    }

    private static void noBreach(Recorder<?>... recorders) {
        for (Recorder<?> recorder : recorders) {
            assertThat(recorder.breaches()).isEmpty();
        }
    }

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <X> X nothing() {
        return null;
    }
}
