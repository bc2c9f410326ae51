package dev.tenancy.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tenancy.CapturedLog;
import dev.tenancy.NoTenantException;
import dev.tenancy.Problem;
import dev.tenancy.TenancyConfigException;
import dev.tenancy.TenantContext;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.UnavailableException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What one thread sees; see {@link ConcurrentResourcesTest} for several. */
class TenantResourcesTest {
    private static final TenantId ACME = TenantId.of("acme");
    private static final TenantId GLOBEX = TenantId.of("globex");

    private final List<Connection> made = new ArrayList<>();
    private final AtomicLong nanoTime = new AtomicLong(Long.MAX_VALUE - 50); // overflows in the tests of time
    private final TenantResources<Connection> resources = settings().build();

    @AfterEach
    void noTenantIsLeft() {
        assertThat(TenantContext.current()).isEmpty();
    }

    /** Says whom it was made for, and counts how often it is closed. */
    private static final class Connection implements AutoCloseable {
        private final TenantIdentity madeFor;
        private int closed;
        private TenantIdentity closedFor = TenantIdentity.of(TenantId.of("nobody"), "test");

        private Connection(TenantIdentity madeFor) {
            this.madeFor = madeFor;
        }

        @Override
        public void close() {
            closed++;
            closedFor = TenantContext.require();
        }
    }

    private TenantResources.Builder<Connection> settings() {
        return TenantResources.builder(this::make).maximumSize(100).nanoTime(nanoTime::get);
    }

    private Connection make(TenantIdentity identity) {
        Connection connection = new Connection(identity);
        made.add(connection);
        return connection;
    }

    private static TenantIdentity identity(TenantId tenant, String subject, TenantId... readable) {
        return TenantIdentity.builder(tenant, "test")
                .subject(subject)
                .readableTenants(Set.of(readable))
                .build();
    }

    private static <T> Lease<T> borrow(TenantResources<T> from, TenantIdentity as) {
        return TenantContext.call(as, from::borrow);
    }

    private Lease<Connection> borrow(TenantIdentity as) {
        return borrow(resources, as);
    }

    private static <T> T use(TenantResources<T> from, TenantIdentity as) {
        try (Lease<T> lease = borrow(from, as)) {
            return lease.get();
        }
    }

    private Connection use(TenantIdentity as) {
        return use(resources, as);
    }

    @Test
    void whoHasTheSameAccessSharesAResource() {
        TenantIdentity renewed = TenantIdentity.builder(ACME, "other resolver")
                .subject("alice")
                .attributes(Map.of("exp", 2))
                .build();

        assertThat(use(identity(ACME, "alice")))
                .isSameAs(use(identity(ACME, "alice")))
                .isSameAs(use(renewed));
        assertThat(made).hasSize(1);
        assertThat(resources.size()).isEqualTo(1);
    }

    @Test
    void nobodyElseDoes() {
        Set<Connection> all = Set.of(
                use(identity(ACME, "alice")),
                use(identity(ACME, "bob")),
                use(identity(GLOBEX, "alice")),
                use(identity(ACME, "alice", GLOBEX)),
                use(identity(ACME, "alice", TenantId.of("initech"))),
                use(TenantIdentity.of(ACME, "test")),
                use(TenantIdentity.of(GLOBEX, "test")));

        assertThat(all).hasSize(7);
        assertThat(made).hasSize(7);
        assertThat(use(identity(ACME, "alice")).madeFor.readableTenants()).isEmpty();
        assertThat(use(identity(ACME, "alice", GLOBEX)).madeFor.readableTenants())
                .containsExactly(GLOBEX);
    }

    @Test
    void identitiesOfATenantShareIfTheHostChoosesSo() {
        TenantResources<Connection> perTenant = settings().perTenant().build();

        Connection ofAlice = use(perTenant, identity(ACME, "alice", GLOBEX));

        assertThat(use(perTenant, identity(ACME, "bob"))).isSameAs(ofAlice);
        assertThat(use(perTenant, identity(GLOBEX, "alice"))).isNotSameAs(ofAlice);
        assertThat(ofAlice.madeFor.subject()).isEmpty();
        assertThat(ofAlice.madeFor.readableTenants()).isEmpty();
        assertThat(ofAlice.madeFor.tenantId()).isEqualTo(ACME);
    }

    @Test
    void theFactorySeesNothingOfTheFirstRequestThatTheOthersDoNotShare() {
        List<TenantIdentity> current = new ArrayList<>();
        TenantResources<Connection> watched = TenantResources.builder(identity -> {
                    current.add(TenantContext.require());
                    return make(identity);
                })
                .maximumSize(10)
                .build();
        TenantIdentity admin = TenantIdentity.builder(ACME, "jwt")
                .subject("alice")
                .readableTenants(Set.of(GLOBEX))
                .attributes(Map.of("scope", "admin"))
                .build();

        TenantIdentity madeFor = use(watched, admin).madeFor;

        assertThat(current).singleElement().isSameAs(madeFor);
        assertThat(madeFor.attributes()).isEmpty();
        assertThat(madeFor.hasSameAccessAs(admin)).isTrue();
        assertThat(madeFor.resolver()).isEqualTo("jwt");
    }

    @Test
    void withoutATenantNothingIsBorrowed() {
        assertThatThrownBy(resources::borrow).isInstanceOf(NoTenantException.class);
        assertThatThrownBy(() -> TenantContext.callAsSystem("a test", resources::borrow))
                .isInstanceOf(NoTenantException.class);
        assertThat(made).isEmpty();
    }

    @Test
    void aLeaseIsOverWhenItIsClosed() {
        Lease<Connection> lease = borrow(identity(ACME, "alice"));
        lease.close();

        assertThatThrownBy(lease::get)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("acme")
                .hasMessageContaining("closed");
        assertThat(lease).hasToString("Lease[acme]");
    }

    @Test
    void aLeaseIsOfUseOnlyToThoseWhoShareTheResource() {
        Lease<Connection> lease = borrow(identity(ACME, "alice"));

        assertThat(lease.get()).as("a thread that works for nobody").isSameAs(made.get(0));
        assertThat(TenantContext.call(identity(ACME, "alice"), lease::get)).isSameAs(made.get(0));
        for (TenantIdentity other :
                List.of(identity(GLOBEX, "alice"), identity(ACME, "bob"), identity(ACME, "alice", GLOBEX))) {
            assertThatThrownBy(() -> TenantContext.call(other, lease::get))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("of tenant acme is used");
        }
        lease.close();
    }

    @Test
    void returningALeaseTwiceTakesItFromNobodyElse() {
        Lease<Connection> first = borrow(identity(ACME, "alice"));
        Lease<Connection> second = borrow(identity(ACME, "alice"));
        first.close();
        first.close();
        resources.evict(ACME);

        assertThat(second.get().closed).isZero();
        second.close();
        assertThat(made.get(0).closed).isEqualTo(1);
    }

    @Test
    void whatIsEvictedAndUnusedIsClosedAtOnceForWhomItWasMade() {
        Connection ofAlice = use(identity(ACME, "alice"));
        Connection ofBob = use(identity(ACME, "bob"));
        Connection ofGlobex = use(identity(GLOBEX, "alice"));

        TenantContext.run(identity(GLOBEX, "admin"), () -> resources.evict(ACME));

        assertThat(ofAlice.closed).isEqualTo(1);
        assertThat(ofAlice.closedFor).isSameAs(ofAlice.madeFor);
        assertThat(ofBob.closed).isEqualTo(1);
        assertThat(ofBob.closedFor).isSameAs(ofBob.madeFor);
        assertThat(ofGlobex.closed).isZero();
        assertThat(resources.size()).isEqualTo(1);
        resources.evict(ACME);
        assertThat(ofAlice.closed).isEqualTo(1);
    }

    @Test
    void whatIsEvictedInUseIsClosedAfterItsLastUserAndOthersGetANewOne() {
        Lease<Connection> first = borrow(identity(ACME, "alice"));
        Lease<Connection> second = borrow(identity(ACME, "alice"));
        resources.evict(ACME);
        assertThat(resources.size()).isZero();

        Lease<Connection> third = borrow(identity(ACME, "alice"));
        assertThat(third.get()).isNotSameAs(first.get());

        first.close();
        assertThat(second.get().closed).isZero();
        second.close();
        assertThat(made.get(0).closed).isEqualTo(1);
        assertThat(third.get().closed).isZero();
        third.close();
        assertThat(made.get(1).closed).isZero();
        assertThat(use(identity(ACME, "alice"))).isSameAs(made.get(1));
    }

    @Test
    void closingClosesAllAndNothingIsBorrowedAfterwards() {
        Lease<Connection> inUse = borrow(identity(ACME, "alice"));
        Connection unused = use(identity(GLOBEX, "alice"));

        resources.close();
        resources.close();

        assertThat(unused.closed).isEqualTo(1);
        assertThat(inUse.get().closed).isZero();
        assertThatThrownBy(() -> borrow(identity(ACME, "alice")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the resources are closed");
        inUse.close();
        assertThat(made).extracting(connection -> connection.closed).containsExactly(1, 1);
        assertThat(resources.size()).isZero();
    }

    @Test
    void whatIsUnusedForTooLongIsClosedAndNotHandedOutAgain() {
        TenantResources<Connection> short1 =
                settings().idleTime(Duration.ofNanos(100)).build();
        Connection ofAlice = use(short1, identity(ACME, "alice"));
        nanoTime.addAndGet(99);
        assertThat(use(short1, identity(ACME, "alice")))
                .as("used again in time")
                .isSameAs(ofAlice);
        nanoTime.addAndGet(60);
        Connection ofBob = use(short1, identity(ACME, "bob"));
        nanoTime.addAndGet(39);
        short1.cleanUp();
        assertThat(ofAlice.closed).isZero();

        nanoTime.addAndGet(1);
        assertThat(use(short1, identity(ACME, "alice"))).isNotSameAs(ofAlice);

        assertThat(ofAlice.closed).isEqualTo(1);
        assertThat(ofBob.closed).isZero();
        nanoTime.addAndGet(60);
        short1.cleanUp();
        assertThat(ofBob.closed).isEqualTo(1);
        assertThat(short1.size()).isEqualTo(1);
    }

    @Test
    void whatIsInUseIsNeverUnusedForTooLong() {
        TenantResources<Connection> short1 =
                settings().idleTime(Duration.ofNanos(100)).build();
        Lease<Connection> lease = borrow(short1, identity(ACME, "alice"));
        nanoTime.addAndGet(1000);
        short1.cleanUp();
        assertThat(lease.get().closed).isZero();

        lease.close();
        nanoTime.addAndGet(99);
        short1.cleanUp();
        assertThat(made.get(0).closed).isZero();
    }

    @Test
    void unlessToldOtherwiseNothingIsUnusedForTooLong() {
        TenantResources<Connection> forever =
                settings().idleTime(Duration.ofSeconds(Long.MAX_VALUE)).build();
        Connection first = use(identity(ACME, "alice"));
        Connection second = use(forever, identity(ACME, "alice"));
        nanoTime.addAndGet(Duration.ofDays(365 * 200).toNanos());

        assertThat(use(identity(ACME, "alice"))).isSameAs(first);
        assertThat(use(forever, identity(ACME, "alice"))).isSameAs(second);
    }

    @Test
    void theOneThatIsUnusedLongestMakesRoom() {
        TenantResources<Connection> two = settings().maximumSize(2).build();
        Connection ofAcme = use(two, identity(ACME, "alice"));
        Connection ofGlobex = use(two, identity(GLOBEX, "alice"));
        use(two, identity(ACME, "alice"));

        Connection third = use(two, identity(TenantId.of("initech"), "alice"));

        assertThat(ofGlobex.closed).isEqualTo(1);
        assertThat(ofAcme.closed).isZero();
        assertThat(third.closed).isZero();
        assertThat(two.size()).isEqualTo(2);
    }

    @Test
    void whenAllAreInUseAnotherIsRefusedAsAnOutageAndNothingIsMade() {
        TenantResources<Connection> two = settings().maximumSize(2).build();
        Lease<Connection> ofAcme = borrow(two, identity(ACME, "alice"));
        Lease<Connection> ofGlobex = borrow(two, identity(GLOBEX, "alice"));

        assertThatThrownBy(() -> borrow(two, identity(TenantId.of("initech"), "alice")))
                .isInstanceOfSatisfying(
                        UnavailableException.class,
                        full -> assertThat(full.problem()).isEqualTo(Problem.unavailable()))
                .hasMessageContaining("2 resources");

        assertThat(borrow(two, identity(ACME, "alice")).get()).isSameAs(ofAcme.get());
        assertThat(made).hasSize(2);
        ofGlobex.close();
        assertThat(use(two, identity(TenantId.of("initech"), "alice"))).isSameAs(made.get(2));
    }

    @Test
    void aTenantOfManySubjectsTakesNothingFromOthers() {
        TenantResources<Connection> eight = settings().maximumSize(8).build();
        Connection ofGlobex = use(eight, identity(GLOBEX, "alice"));

        for (int i = 0; i < 1000; i++) {
            use(eight, identity(ACME, "subject-" + i));
        }

        assertThat(use(eight, identity(GLOBEX, "alice"))).isSameAs(ofGlobex);
        assertThat(ofGlobex.closed).isZero();
        assertThat(eight.size()).as("a quarter, and the one of the other").isEqualTo(3);
        assertThat(use(eight, identity(ACME, "subject-999"))).isSameAs(made.get(1000));
        assertThat(use(eight, identity(ACME, "subject-998"))).isSameAs(made.get(999));
        assertThat(made.stream().filter(connection -> connection.closed == 1)).hasSize(998);
    }

    @Test
    void aTenantThatHasAllItMayInUseIsLimitedAndOthersAreNot() {
        TenantResources<Connection> some = settings().maximumPerTenant(2).build();
        Lease<Connection> ofAlice = borrow(some, identity(ACME, "alice"));
        borrow(some, identity(ACME, "bob"));

        assertThatThrownBy(() -> borrow(some, identity(ACME, "carol")))
                .isInstanceOfSatisfying(ResourceLimitException.class, limited -> {
                    assertThat(limited.problem().status()).isEqualTo(429);
                    assertThat(limited.problem().type().toString()).endsWith("/resources-in-use");
                    assertThat(limited.problem().headers()).containsEntry("Retry-After", "1");
                })
                .hasMessage("tenant acme has 2 resources in use, as many as it may at once");

        assertThat(use(some, identity(GLOBEX, "alice")).closed).isZero();
        ofAlice.close();
        assertThat(use(some, identity(ACME, "carol")).closed).isZero();
        assertThat(made.get(0).closed).isEqualTo(1);
    }

    @Test
    void aFailureIsNotKept() {
        AtomicInteger attempts = new AtomicInteger();
        IOException down = new IOException("down");
        TenantResources<Connection> flaky = TenantResources.<Connection>builder(identity -> {
                    if (attempts.incrementAndGet() == 1) {
                        throw down;
                    }
                    return make(identity);
                })
                .maximumSize(1)
                .build();

        assertThatThrownBy(() -> borrow(flaky, identity(ACME, "alice")))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("acme")
                .cause()
                .isSameAs(down);
        assertThat(flaky.size()).isZero();

        assertThat(use(flaky, identity(ACME, "alice"))).isSameAs(made.get(0));
        assertThat(use(flaky, identity(ACME, "alice"))).isSameAs(made.get(0));
        assertThat(attempts).hasValue(2);
    }

    @Test
    void aFailureThatKnowsItsAnswerKeepsIt() {
        NoTenantException known = catchThrowableOfType(NoTenantException.class, TenantContext::require);
        TenantResources<Connection> failing = failing(known);

        assertThatThrownBy(() -> borrow(failing, identity(ACME, "alice"))).isSameAs(known);
    }

    @Test
    void anErrorIsAFailureToo() {
        Error error = new NoClassDefFoundError("driver");

        assertThatThrownBy(() -> borrow(failing(error), identity(ACME, "alice")))
                .isInstanceOf(UnavailableException.class)
                .cause()
                .isSameAs(error);
    }

    private static TenantResources<Connection> failing(Throwable failure) {
        return TenantResources.<Connection>builder(identity -> {
                    if (failure instanceof Error error) {
                        throw error;
                    }
                    throw (Exception) failure;
                })
                .maximumSize(1)
                .build();
    }

    @Test
    @SuppressWarnings("NullAway") // it is the point
    void aFactoryThatReturnsNothingIsSaidToDoSo() {
        TenantResources<Connection> nothing = TenantResources.<Connection>builder(identity -> null)
                .maximumSize(1)
                .build();

        assertThatThrownBy(() -> borrow(nothing, identity(ACME, "alice")))
                .isInstanceOf(UnavailableException.class)
                .hasRootCauseMessage("the factory returned null");
        assertThat(nothing.size()).isZero();
    }

    @Test
    void aFactoryThatNeedsWhatItMakesFailsInsteadOfWaitingForItself() {
        CompletableFuture<TenantResources<Connection>> self = new CompletableFuture<>();
        TenantResources<Connection> recursive = TenantResources.<Connection>builder(
                        identity -> self.join().borrow().get())
                .maximumSize(10)
                .build();
        self.complete(recursive);

        assertThatThrownBy(() -> borrow(recursive, identity(ACME, "alice")))
                .isInstanceOf(UnavailableException.class)
                .rootCause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("acme")
                .hasMessageContaining("borrows");
        assertThat(recursive.size()).isZero();
    }

    @Test
    void aFactoryThatLivesWithNotGettingItselfMakesAResourceThatIsClosedInTheEnd() {
        CompletableFuture<TenantResources<Connection>> self = new CompletableFuture<>();
        TenantResources<Connection> recursive = TenantResources.<Connection>builder(identity -> {
                    assertThatThrownBy(() -> self.join().borrow()).isInstanceOf(IllegalStateException.class);
                    return make(identity);
                })
                .maximumSize(10)
                .build();
        self.complete(recursive);

        Connection connection = use(recursive, identity(ACME, "alice"));
        recursive.close();

        assertThat(connection.closed).isEqualTo(1);
    }

    @Test
    void aFactoryMayBorrowOtherResources() {
        TenantResources<List<Connection>> outer = TenantResources.builder(identity -> {
                    try (Lease<Connection> inner = resources.borrow()) {
                        return List.of(inner.get());
                    }
                })
                .maximumSize(10)
                .build();

        assertThat(use(outer, identity(ACME, "alice"))).containsExactly(made.get(0));
        assertThat(made.get(0).closed).isZero();
    }

    @Test
    void aFactoryThatLeavesAScopeOpenFailsAndWhatItMadeIsClosed() {
        TenantResources<Connection> careless = TenantResources.<Connection>builder(identity -> {
                    TenantContext.open(identity(GLOBEX, "mallory"));
                    return make(identity);
                })
                .maximumSize(10)
                .build();

        try (TenantContext.Scope scope = TenantContext.open(identity(ACME, "alice"))) {
            assertThatThrownBy(careless::borrow).isInstanceOf(UnavailableException.class);
            assertThat(TenantContext.require().tenantId()).isEqualTo(ACME);
        }

        assertThat(made.get(0).closed).isEqualTo(1);
        assertThat(careless.size()).isZero();
    }

    @Test
    void whatEvictsItselfWhileItIsMadeIsClosedAfterItsUse() {
        CompletableFuture<TenantResources<Connection>> self = new CompletableFuture<>();
        TenantResources<Connection> evicting = TenantResources.<Connection>builder(identity -> {
                    self.join().evict(ACME);
                    return make(identity);
                })
                .maximumSize(10)
                .build();
        self.complete(evicting);

        Lease<Connection> lease = borrow(evicting, identity(ACME, "alice"));
        assertThat(lease.get().closed).isZero();
        assertThat(evicting.size()).isZero();
        lease.close();

        assertThat(made.get(0).closed).isEqualTo(1);
    }

    @Test
    void whatIsMadeWhenAllIsClosedIsNotHandedOut() {
        CompletableFuture<TenantResources<Connection>> self = new CompletableFuture<>();
        TenantResources<Connection> closing = TenantResources.<Connection>builder(identity -> {
                    self.join().close();
                    return make(identity);
                })
                .maximumSize(10)
                .build();
        self.complete(closing);

        assertThatThrownBy(() -> borrow(closing, identity(ACME, "alice")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the resources are closed");
        assertThat(made.get(0).closed).isEqualTo(1);
    }

    @Test
    void aFailureToCloseIsLoggedAndHarmsNobody() {
        TenantResources<Connection> stubborn = settings()
                .maximumSize(1)
                .closer(connection -> {
                    throw new AssertionError("stays open");
                })
                .build();
        use(stubborn, identity(ACME, "alice"));

        try (CapturedLog log = CapturedLog.of(TenantResources.class.getName())) {
            assertThat(use(stubborn, identity(GLOBEX, "alice"))).isSameAs(made.get(1));
            assertThat(log.messages()).containsExactly("a resource of tenant acme failed to close");
        }
    }

    @Test
    void aCloserThatLeavesAScopeOpenLeavesItToNobody() {
        TenantResources<Connection> careless = settings()
                .maximumSize(1)
                .closer(connection -> TenantContext.open(connection.madeFor))
                .build();
        use(careless, identity(ACME, "alice"));

        try (CapturedLog log = CapturedLog.of(TenantResources.class.getName());
                TenantContext.Scope scope = TenantContext.open(identity(GLOBEX, "alice"))) {
            careless.borrow().close();
            assertThat(TenantContext.require().tenantId()).isEqualTo(GLOBEX);
            assertThat(log.messages()).containsExactly("closing a resource of tenant acme left a scope open");
        }
    }

    @Test
    void aCloserThatIsInterruptedLeavesTheThreadInterrupted() {
        TenantResources<Connection> interrupted = settings()
                .closer(connection -> {
                    throw new InterruptedException("stop");
                })
                .build();
        use(interrupted, identity(ACME, "alice"));

        interrupted.close();

        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void aCloserOfItsOwnTakesThePlaceOfTheResourcesOwn() {
        List<Object> closed = new ArrayList<>();
        TenantResources<Connection> other = settings().closer(closed::add).build();
        Connection connection = use(other, identity(ACME, "alice"));

        other.close();

        assertThat(closed).containsExactly(connection);
        assertThat(connection.closed).isZero();
    }

    @Test
    void aResourceThatCannotBeClosedIsLetGo() {
        TenantResources<String> texts = TenantResources.builder(
                        identity -> identity.tenantId().value())
                .maximumSize(1)
                .build();
        assertThat(use(texts, identity(ACME, "alice"))).isEqualTo("acme");

        try (CapturedLog log = CapturedLog.of(TenantResources.class.getName())) {
            texts.close();
            assertThat(log.messages()).isEmpty();
        }
    }

    @Test
    void resourcesAreClosedWhereTheHostSays() {
        List<Runnable> later = new ArrayList<>();
        TenantResources<Connection> elsewhere = settings().closeOn(later::add).build();
        Connection connection = use(elsewhere, identity(ACME, "alice"));

        elsewhere.evict(ACME);
        assertThat(connection.closed).isZero();
        later.forEach(Runnable::run);

        assertThat(connection.closed).isEqualTo(1);
    }

    @Test
    void anExecutorThatRefusesKeepsNothingOpenAndOneThatRunsAndFailsClosesNothingTwice() {
        Executor refusing = task -> {
            throw new RejectedExecutionException("full");
        };
        Executor confused = task -> {
            task.run();
            throw new RejectedExecutionException("not quite");
        };
        for (Executor executor : List.of(refusing, confused)) {
            TenantResources<Connection> elsewhere = settings().closeOn(executor).build();
            Connection connection = use(elsewhere, identity(ACME, "alice"));

            try (CapturedLog log = CapturedLog.of(TenantResources.class.getName())) {
                elsewhere.close();
                assertThat(log.messages()).hasSize(1);
            }
            assertThat(connection.closed).isEqualTo(1);
        }
    }

    @Test
    void aRefusalStillClosesWhatItFoundUnusedForTooLong() {
        TenantResources<Connection> one = settings()
                .maximumSize(2)
                .maximumPerTenant(1)
                .idleTime(Duration.ofNanos(100))
                .build();
        Connection ofGlobex = use(one, identity(GLOBEX, "alice"));
        borrow(one, identity(ACME, "alice"));
        nanoTime.addAndGet(100);

        assertThatThrownBy(() -> borrow(one, identity(ACME, "bob"))).isInstanceOf(ResourceLimitException.class);

        assertThat(ofGlobex.closed).isEqualTo(1);
    }

    @Test
    void allBadSettingsAreNamedAtOnce() {
        assertThatThrownBy(() -> TenantResources.builder(this::make)
                        .idleTime(Duration.ZERO)
                        .build())
                .isInstanceOfSatisfying(
                        TenancyConfigException.class,
                        bad -> assertThat(bad.faults())
                                .containsExactly(
                                        "maximumSize is not set; allowed: 1 or more",
                                        "idleTime is PT0S; allowed: more than zero"));
        assertThatThrownBy(() ->
                        settings().maximumSize(0).idleTime(Duration.ofNanos(-1)).build())
                .isInstanceOfSatisfying(
                        TenancyConfigException.class,
                        bad -> assertThat(bad.faults())
                                .containsExactly(
                                        "maximumSize is 0; allowed: 1 or more",
                                        "idleTime is PT-0.000000001S; allowed: more than zero"));
        assertThatThrownBy(() -> settings().maximumPerTenant(101).build())
                .hasMessageContaining("maximumPerTenant is 101; allowed: 1 to maximumSize, which is 100");
        assertThatThrownBy(() -> settings().maximumPerTenant(0).build()).isInstanceOf(TenancyConfigException.class);
        assertThat(settings().maximumSize(1).maximumPerTenant(1).build().size()).isZero();
    }
}
