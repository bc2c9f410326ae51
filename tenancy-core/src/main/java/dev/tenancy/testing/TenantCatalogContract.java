package dev.tenancy.testing;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tenancy.Tenant;
import dev.tenancy.TenantCatalog;
import dev.tenancy.TenantContext;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.TenantSetting;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * What every {@link TenantCatalog} that knows a set of tenants does. A test of one extends this.
 *
 * <p>{@link TenantCatalog#acceptingAny()} knows no set of tenants: its promise is another.
 *
 * @since 0.1
 */
public abstract class TenantCatalogContract {

    /** The one setting that tenants of these tests have, if they have any. */
    protected static final TenantSetting<String> PLAN = TenantSetting.of("plan", text -> text);

    private static final TenantId ACME = TenantId.of("acme");
    private static final TenantId SHARED = TenantId.of("shared");
    private static final TenantId FROZEN = TenantId.of("frozen");

    private static final int THREADS = 16;
    private static final int ROUNDS = 200;

    /** For subclasses. */
    protected TenantCatalogContract() {}

    /**
     * {@return a catalog that knows exactly these tenants}
     *
     * @param tenants one or more, with their status, readable tenants and {@link #PLAN}
     */
    protected abstract TenantCatalog catalogOf(List<Tenant> tenants) throws Exception;

    /** A tenant is found with all that was said of it. */
    @Test
    public final void aKnownTenantIsFoundAsItIs() throws Exception {
        Tenant acme = Tenant.builder(ACME)
                .readableTenants(Set.of(SHARED, FROZEN))
                .setting(PLAN.name(), "gold: 7 = seven, \\ or # more")
                .build();

        assertSame(acme, found(catalogOf(List.of(acme, Tenant.of(SHARED))), ACME));
    }

    /** What was not said of a tenant is not there. */
    @Test
    public final void aTenantOfWhichNothingMoreIsSaidIsActiveAndHasNothing() throws Exception {
        assertSame(Tenant.of(ACME), found(catalogOf(List.of(Tenant.of(ACME))), ACME));
    }

    /** A suspended tenant is found, and not taken for an unknown one. */
    @Test
    public final void aSuspendedTenantIsFoundSuspended() throws Exception {
        Tenant frozen = Tenant.builder(FROZEN)
                .status(Tenant.Status.SUSPENDED)
                .setting(PLAN.name(), "silver")
                .build();
        TenantCatalog catalog = catalogOf(List.of(Tenant.of(ACME), frozen));

        assertSame(frozen, found(catalog, FROZEN));
        assertSame(Tenant.of(ACME), found(catalog, ACME));
    }

    /** A tenant that is only readable by another, and others that are nearly there, are not there. */
    @Test
    public final void anUnknownTenantIsEmpty() throws Exception {
        Tenant acme = Tenant.builder(ACME).readableTenants(Set.of(SHARED)).build();
        TenantCatalog catalog = catalogOf(List.of(acme));

        for (String unknown : List.of("nobody", "shared", "acm", "acme.", "acmee", "a_me", "acme/x", "plan", "ACME")) {
            assertUnknown(catalog, TenantId.of(unknown));
        }
    }

    /** Ids that differ only in upper and lower case are different tenants. */
    @Test
    public final void idsAreCaseSensitive() throws Exception {
        TenantId upper = TenantId.of("ACME");
        Tenant suspended = Tenant.builder(upper).status(Tenant.Status.SUSPENDED).build();
        TenantCatalog catalog = catalogOf(List.of(Tenant.of(ACME), suspended));

        assertSame(Tenant.of(ACME), found(catalog, ACME));
        assertSame(suspended, found(catalog, upper));
        assertUnknown(catalog, TenantId.of("Acme"));
    }

    /** Every character and length that an id may have. */
    @Test
    public final void everyIdIsKeptToTheLetter() throws Exception {
        List<TenantId> ids = List.of(
                TenantId.of("auth0|5f7c"),
                TenantId.of("9._:@/+=~|-"),
                TenantId.of("a=b"),
                TenantId.of("a:b"),
                TenantId.of("a.b"),
                TenantId.of("a"),
                TenantId.of("a.setting.plan"),
                TenantId.of("x".repeat(TenantId.MAX_LENGTH)));
        TenantCatalog catalog = catalogOf(ids.stream()
                .map(id -> Tenant.builder(id).setting(PLAN.name(), "of " + id).build())
                .toList());

        for (TenantId id : ids) {
            assertEquals(Optional.of("of " + id), found(catalog, id).setting(PLAN));
        }
        assertUnknown(catalog, TenantId.of("x".repeat(TenantId.MAX_LENGTH - 1)));
    }

    /** Whom a tenant may read is not changed by who asks. */
    @Test
    public final void whatATenantMayReadIsNotForOthersToChange() throws Exception {
        Tenant acme = Tenant.builder(ACME).readableTenants(Set.of(SHARED)).build();
        TenantCatalog catalog = catalogOf(List.of(acme, Tenant.of(FROZEN)));

        assertThrows(
                UnsupportedOperationException.class,
                () -> found(catalog, ACME).readableTenants().add(FROZEN));
        assertEquals(Set.of(SHARED), found(catalog, ACME).readableTenants());
        assertEquals(Set.of(), found(catalog, FROZEN).readableTenants());
    }

    /** The answer is the same whoever is current, who stays current. */
    @Test
    public final void theAnswerDoesNotDependOnWhoAsks() throws Exception {
        TenantIdentity frozen = TenantIdentity.of(FROZEN, "contract");
        TenantCatalog catalog = catalogOf(List.of(Tenant.of(ACME), Tenant.of(FROZEN)));

        TenantContext.run(frozen, () -> {
            assertSame(Tenant.of(ACME), found(catalog, ACME));
            assertUnknown(catalog, TenantId.of("nobody"));
            assertEquals(Optional.of(frozen), TenantContext.current());
        });
        assertSame(Tenant.of(ACME), found(catalog, ACME));
        assertEquals(Optional.empty(), TenantContext.current());
    }

    /** Many threads ask at once for several tenants, known and unknown. */
    @Test
    public final void manyThreadsMayAskAtOnce() throws Exception {
        Tenant acme = Tenant.builder(ACME).setting(PLAN.name(), "gold").build();
        Tenant frozen = Tenant.builder(FROZEN).status(Tenant.Status.SUSPENDED).build();
        TenantCatalog catalog = catalogOf(List.of(acme, frozen));
        CyclicBarrier together = new CyclicBarrier(THREADS);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<?>> asking = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                int first = thread;
                asking.add(threads.submit(() -> {
                    together.await(1, TimeUnit.MINUTES);
                    for (int round = 0; round < ROUNDS; round++) {
                        askForOneOf(catalog, first + round, acme, frozen);
                    }
                    return null;
                }));
            }
            for (Future<?> answer : asking) {
                answer.get(1, TimeUnit.MINUTES);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static void askForOneOf(TenantCatalog catalog, int number, Tenant acme, Tenant frozen) {
        switch (number % 3) {
            case 0 -> assertSame(acme, found(catalog, ACME));
            case 1 -> assertSame(frozen, found(catalog, FROZEN));
            default -> assertUnknown(catalog, TenantId.of("nobody"));
        }
    }

    private static void assertUnknown(TenantCatalog catalog, TenantId id) {
        assertEquals(Optional.empty(), catalog.find(id), () -> "what the catalog says of the unknown tenant " + id);
    }

    private static Tenant found(TenantCatalog catalog, TenantId id) {
        Optional<Tenant> found = catalog.find(id);
        assertNotNull(found, () -> "what the catalog says of tenant " + id);
        return found.orElseThrow(() -> new AssertionError("the catalog does not know tenant " + id));
    }

    private static void assertSame(Tenant expected, Tenant found) {
        assertAll(
                "tenant " + expected.id(),
                () -> assertEquals(expected.id(), found.id()),
                () -> assertEquals(expected.status(), found.status()),
                () -> assertEquals(expected.readableTenants(), found.readableTenants()),
                () -> assertEquals(expected.setting(PLAN), found.setting(PLAN)));
    }
}
