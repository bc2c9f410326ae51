package dev.tenancy.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenancy.Guard;
import dev.tenancy.GuardedRequest;
import dev.tenancy.Tenancy;
import dev.tenancy.TenancyConfigException;
import dev.tenancy.Tenant;
import dev.tenancy.TenantCatalog;
import dev.tenancy.TenantContext;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.TenantRequest;
import dev.tenancy.TenantSetting;
import dev.tenancy.UnavailableException;
import dev.tenancy.resolver.HeaderTenantResolver;
import dev.tenancy.testing.TenantCatalogContract;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class CachedTenantCatalogTest extends TenantCatalogContract {
    private static final TenantId ACME = TenantId.of("acme");
    private static final TenantId GLOBEX = TenantId.of("globex");
    private static final Duration TIME = Duration.ofMinutes(1);
    private static final Duration UNKNOWN_TIME = Duration.ofSeconds(5);
    private static final Duration OUTAGE_TIME = Duration.ofMinutes(5);
    private static final int THREADS = 20;

    private final AtomicLong now = new AtomicLong(-17);
    private final Source source = new Source();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @Override
    protected TenantCatalog catalogOf(List<Tenant> tenants) {
        return CachedTenantCatalog.builder(TenantCatalog.of(tenants.toArray(Tenant[]::new)))
                .build();
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void aTenantIsAskedForOnceInItsTimeToLive() {
        CachedTenantCatalog catalog = cached().build();
        source.put(Tenant.of(ACME));

        Tenant first = catalog.find(ACME).orElseThrow();
        now.addAndGet(TIME.toNanos() - 1);

        assertThat(catalog.find(ACME)).containsSame(first);
        assertThat(source.asked).containsExactly(ACME);
        now.addAndGet(1);
        assertThat(catalog.find(ACME)).isPresent();
        assertThat(source.asked).containsExactly(ACME, ACME);
    }

    @Test
    void whatIsSuspendedAtTheSourceIsSuspendedAfterTheTimeToLive() {
        CachedTenantCatalog catalog = cached().servedInOutage(OUTAGE_TIME).build();
        source.put(Tenant.of(ACME));
        catalog.find(ACME);
        source.put(suspended(ACME));

        assertThat(statusOf(catalog, ACME)).isEqualTo(Tenant.Status.ACTIVE);
        pass(TIME);
        assertThat(statusOf(catalog, ACME)).isEqualTo(Tenant.Status.SUSPENDED);
    }

    @Test
    void theTimeToLiveCountsFromTheQuestionAndNotFromTheAnswer() {
        CachedTenantCatalog catalog = cached().build();
        source.put(Tenant.of(ACME));
        source.onAsk = () -> pass(TIME.minusNanos(1));

        catalog.find(ACME);
        source.onAsk = () -> {};
        catalog.find(ACME);
        assertThat(source.asked).hasSize(1);
        pass(Duration.ofNanos(1));
        catalog.find(ACME);

        assertThat(source.asked).hasSize(2);
    }

    @Test
    void anUnknownTenantIsRememberedForATimeOfItsOwn() {
        CachedTenantCatalog catalog = cached().build();

        assertThat(catalog.find(ACME)).isEmpty();
        source.put(Tenant.of(ACME));
        pass(UNKNOWN_TIME.minusNanos(1));
        assertThat(catalog.find(ACME)).isEmpty();
        assertThat(source.asked).hasSize(1);
        pass(Duration.ofNanos(1));

        assertThat(catalog.find(ACME)).isPresent();
        assertThat(source.asked).hasSize(2);
    }

    @Test
    void anUnknownTenantNeedNotBeRemembered() {
        CachedTenantCatalog catalog = cached().unknownTimeToLive(Duration.ZERO).build();

        assertThat(catalog.find(ACME)).isEmpty();
        source.put(Tenant.of(ACME));

        assertThat(catalog.find(ACME)).isPresent();
    }

    @Test
    void idsThatSomebodyMakesUpDoNotPushOutRealTenants() {
        CachedTenantCatalog catalog =
                cached().maximumSize(10).maximumUnknown(10).build();
        List<TenantId> real = ids("real-", 10);
        real.forEach(id -> source.put(Tenant.of(id)));
        real.forEach(catalog::find);

        for (TenantId madeUp : ids("made-up-", 10_000)) {
            assertThat(catalog.find(madeUp)).isEmpty();
        }
        source.asked.clear();

        assertThat(real).allSatisfy(id -> assertThat(catalog.find(id)).isPresent());
        assertThat(source.asked).isEmpty();
    }

    @Test
    void noMoreIsRememberedThanWasAllowed() {
        List<TenantId> real = ids("real-", 100);
        real.forEach(id -> source.put(Tenant.of(id)));
        List<TenantId> madeUp = ids("made-up-", 100);
        CachedTenantCatalog catalog = cached().maximumSize(3).maximumUnknown(2).build();
        real.forEach(catalog::find);
        madeUp.forEach(catalog::find);
        source.asked.clear();

        real.forEach(catalog::find);
        assertThat(source.asked).hasSizeGreaterThanOrEqualTo(97);
        source.asked.clear();
        madeUp.forEach(catalog::find);
        assertThat(source.asked).hasSizeGreaterThanOrEqualTo(98);
    }

    @Test
    void aFailureIsAnOutageAndIsNotRemembered() {
        CachedTenantCatalog catalog = cached().build();
        source.put(Tenant.of(ACME));
        for (Runnable broken : List.<Runnable>of(
                () -> {
                    throw new IllegalStateException("database");
                },
                () -> {
                    throw CachedTenantCatalogTest.<RuntimeException>undeclared();
                })) {
            source.onAsk = broken;
            assertThatThrownBy(() -> catalog.find(ACME))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessage("the catalog cannot be asked for tenant acme")
                    .hasRootCauseMessage("database");
        }
        source.onAsk = () -> {};

        assertThat(catalog.find(ACME)).isPresent();
        assertThat(source.asked).hasSize(3);
    }

    @SuppressWarnings("unchecked") // as languages without checked exceptions do
    private static <X extends Exception> RuntimeException undeclared() throws X {
        throw (X) new IOException("database");
    }

    @Test
    @SuppressWarnings("NullAway") // the source breaks its contract
    void aSourceThatGivesNothingOrAnotherTenantHasFailed() {
        for (TenantCatalog broken :
                List.<TenantCatalog>of(id -> null, id -> Optional.of(Tenant.of(TenantId.of("ACME"))))) {
            CachedTenantCatalog catalog = CachedTenantCatalog.builder(broken).build();

            assertThatThrownBy(() -> catalog.find(ACME)).isInstanceOf(UnavailableException.class);
        }
    }

    @Test
    void anErrorIsThrownOnAndNobodyWaitsForEver() {
        CachedTenantCatalog catalog = cached().servedInOutage(OUTAGE_TIME).build();
        source.put(Tenant.of(ACME));
        catalog.find(ACME);
        pass(TIME);
        source.onAsk = () -> {
            throw new StackOverflowError("expected");
        };

        assertThatThrownBy(() -> catalog.find(ACME)).isInstanceOf(StackOverflowError.class);
        source.onAsk = () -> {};
        assertThat(catalog.find(ACME)).isPresent();
    }

    @Test
    void manyFirstRequestsAreOneQuestion() throws Exception {
        CachedTenantCatalog catalog = cached().build();
        source.put(Tenant.of(ACME));
        CountDownLatch begun = new CountDownLatch(THREADS);
        source.onAsk = () -> await(begun);

        List<Future<Optional<Tenant>>> finding = findAll(catalog, begun);

        Tenant first = get(finding.get(0)).orElseThrow();
        for (Future<Optional<Tenant>> found : finding) {
            assertThat(get(found)).containsSame(first);
        }
        assertThat(source.asked).containsExactly(ACME);
    }

    @Test
    void oneTenantDoesNotWaitForAnother() throws Exception {
        CachedTenantCatalog catalog = cached().build();
        ids("t-", 200).forEach(id -> source.put(Tenant.of(id)));
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answered = new CountDownLatch(1);
        source.onAsk = () -> {
            asked.countDown();
            await(answered);
        };
        Future<Optional<Tenant>> slow = threads.submit(() -> catalog.find(ACME));
        await(asked);
        source.onAsk = () -> {};

        Future<Boolean> others = threads.submit(
                () -> ids("t-", 200).stream().allMatch(id -> catalog.find(id).isPresent()));
        assertThat(get(others)).isTrue();

        answered.countDown();
        assertThat(get(slow)).isEmpty();
    }

    @Test
    void manyThatWaitForAFailureAllSeeIt() throws Exception {
        CachedTenantCatalog catalog = cached().build();
        CountDownLatch begun = new CountDownLatch(THREADS);
        source.onAsk = () -> {
            await(begun);
            throw new IllegalStateException("database");
        };

        for (Future<Optional<Tenant>> found : findAll(catalog, begun)) {
            assertThatThrownBy(() -> get(found)).hasCauseInstanceOf(UnavailableException.class);
        }
    }

    @Test
    void whatWasAskedBeforeAnInvalidationIsNotRememberedAfterIt() throws Exception {
        for (Invalidation invalidation :
                List.<Invalidation>of(CachedTenantCatalog::invalidate, (catalog, id) -> catalog.invalidateAll())) {
            CachedTenantCatalog catalog = cached().build();
            source.put(Tenant.of(ACME));
            CountDownLatch asked = new CountDownLatch(1);
            CountDownLatch answered = new CountDownLatch(1);
            source.onAnswer = () -> {
                asked.countDown();
                await(answered);
            };
            Future<Optional<Tenant>> old = threads.submit(() -> catalog.find(ACME));
            await(asked);
            source.onAnswer = () -> {};
            source.put(suspended(ACME));
            invalidation.of(catalog, ACME);

            assertThat(statusOf(catalog, ACME)).isEqualTo(Tenant.Status.SUSPENDED);
            answered.countDown();
            assertThat(get(old).orElseThrow().status()).isEqualTo(Tenant.Status.ACTIVE);
            assertThat(statusOf(catalog, ACME)).isEqualTo(Tenant.Status.SUSPENDED);
        }
    }

    @Test
    void aLateAnswerFromBeforeAnInvalidationDoesNotTakeThePlaceOfTheQuestionAskedSince() throws Exception {
        CachedTenantCatalog catalog = cached().build();
        source.put(Tenant.of(ACME));
        CountDownLatch askedBefore = new CountDownLatch(1);
        CountDownLatch answeredBefore = new CountDownLatch(1);
        source.onAnswer = () -> {
            askedBefore.countDown();
            await(answeredBefore);
        };
        Future<Optional<Tenant>> before = threads.submit(() -> catalog.find(ACME));
        await(askedBefore);
        catalog.invalidate(ACME);
        source.put(suspended(ACME));
        CountDownLatch askedSince = new CountDownLatch(1);
        CountDownLatch answeredSince = new CountDownLatch(1);
        source.onAnswer = () -> {
            askedSince.countDown();
            await(answeredSince);
        };
        Future<Optional<Tenant>> since = threads.submit(() -> catalog.find(ACME));
        await(askedSince);

        answeredBefore.countDown();
        assertThat(get(before).orElseThrow().status()).isEqualTo(Tenant.Status.ACTIVE);
        answeredSince.countDown();
        assertThat(get(since).orElseThrow().status()).isEqualTo(Tenant.Status.SUSPENDED);
        assertThat(statusOf(catalog, ACME)).isEqualTo(Tenant.Status.SUSPENDED);
        assertThat(source.asked).hasSize(2);
    }

    @Test
    void whoFindsNothingJustBeforeAnotherIsToldDoesNotAskAgain() throws Exception {
        AtomicReference<Runnable> onClock = new AtomicReference<>(() -> {});
        CachedTenantCatalog catalog = cached().nanoTime(() -> {
                    onClock.getAndSet(() -> {}).run();
                    return now.get();
                })
                .build();
        source.put(Tenant.of(ACME));
        catalog.find(ACME);
        pass(TIME);
        // The clock is read once what is remembered has been looked up, and before its age is known.
        onClock.set(() -> {
            try {
                get(threads.submit(() -> catalog.find(ACME)));
            } catch (Exception failure) {
                throw new AssertionError(failure);
            }
        });

        assertThat(catalog.find(ACME)).isPresent();
        assertThat(source.asked).hasSize(2);
    }

    @Test
    void anAnswerToAQuestionFromBeforeAnInvalidationIsDroppedAlsoIfNobodyAskedSince() throws Exception {
        CachedTenantCatalog catalog = cached().build();
        source.put(Tenant.of(ACME));
        source.onAnswer = () -> catalog.invalidate(ACME);
        catalog.find(ACME);
        source.onAnswer = () -> {};
        source.put(suspended(ACME));

        assertThat(statusOf(catalog, ACME)).isEqualTo(Tenant.Status.SUSPENDED);
    }

    @Test
    void anInvalidatedTenantIsAskedForAgainAndTheOthersAreNot() {
        CachedTenantCatalog catalog = cached().build();
        source.put(Tenant.of(ACME));
        source.put(Tenant.of(GLOBEX));
        catalog.find(ACME);
        catalog.find(GLOBEX);
        catalog.find(TenantId.of("nobody"));
        source.asked.clear();

        catalog.invalidate(ACME);
        catalog.find(ACME);
        catalog.find(GLOBEX);
        catalog.find(TenantId.of("nobody"));
        assertThat(source.asked).containsExactly(ACME);

        catalog.invalidate(TenantId.of("nobody"));
        source.put(Tenant.of(TenantId.of("nobody")));
        assertThat(catalog.find(TenantId.of("nobody"))).isPresent();

        source.asked.clear();
        catalog.invalidateAll();
        catalog.find(ACME);
        catalog.find(GLOBEX);
        assertThat(source.asked).containsExactly(ACME, GLOBEX);
    }

    @Test
    void invalidatingAllForgetsUnknownIdsToo() {
        CachedTenantCatalog catalog = cached().build();
        catalog.find(ACME);
        source.put(Tenant.of(ACME));

        catalog.invalidateAll();

        assertThat(catalog.find(ACME)).isPresent();
    }

    @Test
    void whoAsksAfterAnInvalidationNeverSeesWhatWasBefore() throws Exception {
        AtomicInteger version = new AtomicInteger();
        AtomicInteger published = new AtomicInteger();
        CachedTenantCatalog catalog = CachedTenantCatalog.builder(id -> Optional.of(Tenant.builder(id)
                        .setting(PLAN.name(), Integer.toString(version.get()))
                        .build()))
                .build();
        List<Future<Integer>> readers = new ArrayList<>();
        for (int reader = 0; reader < 4; reader++) {
            readers.add(threads.submit(() -> {
                int stale = 0;
                int atLeast;
                do {
                    atLeast = published.get();
                    int seen = Integer.parseInt(
                            catalog.find(ACME).orElseThrow().setting(PLAN).orElseThrow());
                    stale += seen < atLeast ? 1 : 0;
                } while (atLeast < 20_000);
                return stale;
            }));
        }
        for (int next = 1; next <= 20_000; next++) {
            version.set(next);
            if (next % 10 == 0) {
                catalog.invalidateAll();
            } else {
                catalog.invalidate(ACME);
            }
            published.set(next);
        }
        for (Future<Integer> reader : readers) {
            assertThat(get(reader)).isZero();
        }
    }

    @Test
    void anOutageIsAnOutageAsSoonAsTheTimeToLiveIsOver() {
        CachedTenantCatalog catalog = cached().build();
        source.put(Tenant.of(ACME));
        catalog.find(ACME);
        source.onAsk = () -> {
            throw new IllegalStateException("database");
        };

        pass(TIME.minusNanos(1));
        assertThat(catalog.find(ACME)).isPresent();
        pass(Duration.ofNanos(1));
        assertThatThrownBy(() -> catalog.find(ACME)).isInstanceOf(UnavailableException.class);
    }

    @Test
    void inAnOutageWhatIsKnownIsServedForASetTimeIfTheHostSaysSo() {
        CachedTenantCatalog catalog = cached().servedInOutage(OUTAGE_TIME).build();
        source.put(Tenant.of(ACME));
        source.put(suspended(GLOBEX));
        catalog.find(ACME);
        catalog.find(GLOBEX);
        catalog.find(TenantId.of("nobody"));
        source.onAsk = () -> {
            throw new IllegalStateException("database");
        };

        pass(TIME.plus(OUTAGE_TIME).minusNanos(1));
        assertThat(statusOf(catalog, ACME)).isEqualTo(Tenant.Status.ACTIVE);
        assertThat(statusOf(catalog, GLOBEX)).isEqualTo(Tenant.Status.SUSPENDED);
        assertThatThrownBy(() -> catalog.find(TenantId.of("nobody"))).isInstanceOf(UnavailableException.class);
        assertThatThrownBy(() -> catalog.find(TenantId.of("never-seen"))).isInstanceOf(UnavailableException.class);

        pass(Duration.ofNanos(1));
        assertThatThrownBy(() -> catalog.find(ACME)).isInstanceOf(UnavailableException.class);
        source.onAsk = () -> {};
        source.put(suspended(ACME));
        assertThat(statusOf(catalog, ACME)).isEqualTo(Tenant.Status.SUSPENDED);
    }

    @Test
    void inAnOutageTheSourceIsAskedEachTime() {
        CachedTenantCatalog catalog = cached().servedInOutage(OUTAGE_TIME).build();
        source.put(Tenant.of(ACME));
        catalog.find(ACME);
        pass(TIME);
        source.onAsk = () -> {
            throw new IllegalStateException("database");
        };
        assertThat(statusOf(catalog, ACME)).isEqualTo(Tenant.Status.ACTIVE);
        source.onAsk = () -> {};
        source.put(suspended(ACME));

        assertThat(statusOf(catalog, ACME)).isEqualTo(Tenant.Status.SUSPENDED);
    }

    @Test
    void aTenantThatIsGoneOrInvalidatedDoesNotComeBackInAnOutage() {
        CachedTenantCatalog catalog = cached().servedInOutage(OUTAGE_TIME).build();
        source.put(Tenant.of(ACME));
        source.put(Tenant.of(GLOBEX));
        catalog.find(ACME);
        catalog.find(GLOBEX);
        source.tenants.remove(ACME);
        pass(TIME);
        assertThat(catalog.find(ACME)).isEmpty();
        catalog.invalidate(GLOBEX);

        source.onAsk = () -> {
            throw new IllegalStateException("database");
        };
        pass(UNKNOWN_TIME);

        assertThatThrownBy(() -> catalog.find(ACME)).isInstanceOf(UnavailableException.class);
        assertThatThrownBy(() -> catalog.find(GLOBEX)).isInstanceOf(UnavailableException.class);
    }

    @Test
    void aTenantThatIsBackIsNotUnknown() {
        CachedTenantCatalog catalog = cached().unknownTimeToLive(TIME).build();
        catalog.find(ACME);
        pass(TIME);
        source.put(Tenant.of(ACME));
        assertThat(catalog.find(ACME)).isPresent();
        source.tenants.clear();
        pass(TIME);

        assertThat(catalog.find(ACME)).isEmpty();
        assertThat(source.asked).hasSize(3);
    }

    @Test
    void theSourceIsAskedAsNobodyWhoeverIsCurrentOnThisThread() {
        List<Object> seen = new ArrayList<>();
        TenantIdentity other = TenantIdentity.of(GLOBEX, "test");
        CachedTenantCatalog catalog = TenantContext.call(
                other,
                () -> CachedTenantCatalog.builder(id -> {
                            seen.add(TenantContext.current());
                            seen.add(TenantContext.systemReason());
                            seen.add(Optional.ofNullable(MDC.get(TenantContext.MDC_KEY)));
                            seen.add(Thread.currentThread());
                            return Optional.of(Tenant.of(id));
                        })
                        .build());
        List<Object> nobody = List.of(Optional.empty(), Optional.empty(), Optional.empty(), Thread.currentThread());

        TenantContext.run(other, () -> {
            catalog.find(ACME);
            assertThat(TenantContext.current()).contains(other);
            assertThat(MDC.get(TenantContext.MDC_KEY)).isEqualTo("globex");
        });
        assertThat(seen).isEqualTo(nobody);
        seen.clear();
        TenantContext.callAsSystem("test", () -> catalog.find(GLOBEX));
        assertThat(seen).isEqualTo(nobody);
    }

    @Test
    void aSourceThatAsksTheCacheItselfFailsInsteadOfWaitingForItself() {
        List<CachedTenantCatalog> itself = new ArrayList<>();
        itself.add(CachedTenantCatalog.builder(id -> itself.get(0).find(id)).build());

        assertThatThrownBy(() -> itself.get(0).find(ACME))
                .isInstanceOf(UnavailableException.class)
                .hasRootCauseInstanceOf(IllegalStateException.class)
                .hasRootCauseMessage("the source of a cached catalog asks that catalog for tenant acme");
    }

    @Test
    void whoIsInterruptedStopsWaitingAndStaysInterrupted() throws Exception {
        CachedTenantCatalog catalog = cached().build();
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answered = new CountDownLatch(1);
        source.onAsk = () -> {
            asked.countDown();
            await(answered);
        };
        Future<Optional<Tenant>> first = threads.submit(() -> catalog.find(ACME));
        await(asked);

        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> catalog.find(ACME))
                .isInstanceOf(UnavailableException.class)
                .hasMessage("interrupted while the catalog was asked for tenant acme");
        assertThat(Thread.interrupted()).isTrue();
        answered.countDown();
        assertThat(get(first)).isEmpty();
    }

    @Test
    void aSettingIsParsedOnceAndABadOneIsAnOutageOfItsTenantUntilItIsMended() {
        AtomicInteger parsed = new AtomicInteger();
        TenantSetting<Integer> seats = TenantSetting.of("seats", text -> {
            parsed.incrementAndGet();
            return Integer.valueOf(text);
        });
        CachedTenantCatalog catalog = cached().build();
        source.put(Tenant.builder(ACME).setting("seats", "7").build());
        source.put(Tenant.builder(GLOBEX).setting("seats", "many").build());
        Tenancy tenancy = Tenancy.builder()
                .resolver(HeaderTenantResolver.of("X-Tenant"))
                .catalog(catalog)
                .guard(new Seats(seats))
                .build();

        for (int request = 0; request < 3; request++) {
            assertThat(answer(tenancy, ACME)).isEqualTo("7 seats");
        }
        assertThat(parsed).hasValue(1);
        assertThat(answer(tenancy, GLOBEX)).isEqualTo("503");
        assertThat(answer(tenancy, ACME)).isEqualTo("7 seats");
        assertThat(source.asked).containsExactly(ACME, GLOBEX);

        source.put(Tenant.builder(GLOBEX).setting("seats", "9").build());
        catalog.invalidate(GLOBEX);
        assertThat(answer(tenancy, GLOBEX)).isEqualTo("9 seats");
        assertThat(answer(tenancy, GLOBEX)).isEqualTo("9 seats");
        assertThat(parsed).hasValue(3);
    }

    @Test
    void badBoundsAreNamedAllAtOnce() {
        assertThatThrownBy(() -> CachedTenantCatalog.builder(source)
                        .maximumSize(0)
                        .maximumUnknown(0)
                        .timeToLive(Duration.ZERO)
                        .unknownTimeToLive(Duration.ofNanos(1))
                        .servedInOutage(Duration.ofDays(1).plusNanos(1))
                        .build())
                .isInstanceOfSatisfying(
                        TenancyConfigException.class,
                        bad -> assertThat(bad.faults())
                                .containsExactly(
                                        "maximumSize is 0; allowed: at least 1",
                                        "maximumUnknown is 0; allowed: at least 1",
                                        "timeToLive is PT0S; allowed: more than zero, to PT24H",
                                        "unknownTimeToLive is PT0.000000001S; allowed: PT0S to timeToLive, PT0S",
                                        "servedInOutage is PT24H0.000000001S; allowed: PT0S to PT24H"));
        assertThatThrownBy(() -> CachedTenantCatalog.builder(source)
                        .timeToLive(Duration.ofNanos(-1))
                        .unknownTimeToLive(Duration.ofNanos(-1))
                        .servedInOutage(Duration.ofNanos(-1))
                        .build())
                .isInstanceOfSatisfying(
                        TenancyConfigException.class,
                        bad -> assertThat(bad.faults()).hasSize(3));
        assertThat(CachedTenantCatalog.builder(source)
                        .maximumSize(1)
                        .maximumUnknown(1)
                        .timeToLive(Duration.ofDays(1))
                        .unknownTimeToLive(Duration.ofDays(1))
                        .servedInOutage(Duration.ofDays(1))
                        .build())
                .isNotNull();
    }

    @Test
    void unlessSaidAnUnknownIdIsRememberedForFiveSecondsOrTheTimeToLive() {
        CachedTenantCatalog usual =
                CachedTenantCatalog.builder(source).nanoTime(now::get).build();
        CachedTenantCatalog brief = CachedTenantCatalog.builder(source)
                .nanoTime(now::get)
                .timeToLive(Duration.ofSeconds(1))
                .build();
        usual.find(ACME);
        brief.find(ACME);
        source.put(Tenant.of(ACME));

        pass(Duration.ofSeconds(1));
        assertThat(brief.find(ACME)).isPresent();
        pass(Duration.ofSeconds(4).minusNanos(1));
        assertThat(usual.find(ACME)).isEmpty();
        pass(Duration.ofNanos(1));
        assertThat(usual.find(ACME)).isPresent();
    }

    private CachedTenantCatalog.Builder cached() {
        return CachedTenantCatalog.builder(source)
                .timeToLive(TIME)
                .unknownTimeToLive(UNKNOWN_TIME)
                .nanoTime(now::get);
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private List<Future<Optional<Tenant>>> findAll(CachedTenantCatalog catalog, CountDownLatch begun) {
        List<Future<Optional<Tenant>>> finding = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            finding.add(threads.submit(() -> {
                begun.countDown();
                return catalog.find(ACME);
            }));
        }
        return finding;
    }

    private static Tenant suspended(TenantId id) {
        return Tenant.builder(id).status(Tenant.Status.SUSPENDED).build();
    }

    private static Tenant.Status statusOf(TenantCatalog catalog, TenantId id) {
        return catalog.find(id).orElseThrow().status();
    }

    private static List<TenantId> ids(String prefix, int count) {
        List<TenantId> ids = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            ids.add(TenantId.of(prefix + number));
        }
        return ids;
    }

    private static String answer(Tenancy tenancy, TenantId tenant) {
        TenantRequest request =
                TenantRequest.builder().header("X-Tenant", tenant.value()).build();
        return tenancy.handle(
                request,
                admitted -> admitted.attachment(Integer.class).orElseThrow() + " seats",
                problem -> Integer.toString(problem.status()));
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.get(1, TimeUnit.MINUTES);
    }

    @FunctionalInterface
    private interface Invalidation {
        void of(CachedTenantCatalog catalog, TenantId id);
    }

    /** Lets through whoever has a number of seats, and hands that on. */
    private record Seats(TenantSetting<Integer> setting) implements Guard {
        @Override
        public String name() {
            return "seats";
        }

        @Override
        public Decision check(GuardedRequest request) {
            int seats = request.tenant().setting(setting).orElseThrow();
            return new Passed() {
                @Override
                public Optional<Object> attachment() {
                    return Optional.of(seats);
                }
            };
        }
    }

    /** A catalog that can change, fail and take its time. */
    private static final class Source implements TenantCatalog {
        private final Map<TenantId, Tenant> tenants = new ConcurrentHashMap<>();
        private final List<TenantId> asked = new CopyOnWriteArrayList<>();
        private volatile Runnable onAsk = () -> {};
        private volatile Runnable onAnswer = () -> {};

        private void put(Tenant tenant) {
            tenants.put(tenant.id(), tenant);
        }

        @Override
        public Optional<Tenant> find(TenantId id) {
            asked.add(id);
            onAsk.run();
            Optional<Tenant> tenant = Optional.ofNullable(tenants.get(id));
            onAnswer.run();
            return tenant;
        }
    }

    @Test
    void aSourceThatAsksTheCacheForAnotherTenantFailsAndWaitsForNobody() {
        List<CachedTenantCatalog> cache = new ArrayList<>();
        cache.add(CachedTenantCatalog.builder(id ->
                        id.equals(TenantId.of("a")) ? cache.get(0).find(TenantId.of("b")) : Optional.of(Tenant.of(id)))
                .build());

        assertThatThrownBy(() -> cache.get(0).find(TenantId.of("a")))
                .isInstanceOf(UnavailableException.class)
                .hasRootCauseInstanceOf(IllegalStateException.class);
        assertThat(cache.get(0).find(TenantId.of("b"))).isPresent();
    }

    @Test
    void aSourceWhoseWorkIsCancelledIsAnOutage() {
        CachedTenantCatalog cache = CachedTenantCatalog.builder(id -> {
                    throw new CancellationException("expected");
                })
                .build();

        assertThatThrownBy(() -> cache.find(TenantId.of("a")))
                .isInstanceOf(UnavailableException.class)
                .hasRootCauseMessage("expected");
    }
}
