package dev.tenancy.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenancy.Admission;
import dev.tenancy.Resolution;
import dev.tenancy.Tenancy;
import dev.tenancy.TenantCatalog;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.TenantRequest;
import dev.tenancy.TenantResolver;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * What every {@link TenantResolver} promises, as tests. Extend it for a resolver of your own:
 *
 * <pre>{@code
 * class PartnerResolverTest extends TenantResolverContract {
 *     protected TenantResolver resolver() {
 *         return new PartnerResolver();
 *     }
 *
 *     protected TenantId tenant() {
 *         return TenantId.of("p-1");
 *     }
 *
 *     protected List<TenantRequest> provingRequests() {
 *         return List.of(TenantRequest.builder().header("X-Partner", "p-1").build());
 *     }
 *
 *     protected List<TenantRequest> refusedRequests() {
 *         return List.of(
 *                 TenantRequest.builder().header("X-Partner", "garbage").build(),
 *                 TenantRequest.builder().header("X-Partner", "p-1").header("X-Partner", "p-2").build());
 *     }
 *
 *     protected Set<String> secrets() {
 *         return Set.of("garbage");
 *     }
 * }
 * }</pre>
 *
 * <p>The methods to implement are called once or more for each test, and from several threads at once; requests that
 * are not immutable are made anew in each call.
 *
 * @since 0.1
 */
public abstract class TenantResolverContract {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(?:-[a-z0-9]+)*");
    private static final int THREADS = 8;
    private static final int ROUNDS = 50;
    private static final long SECONDS_TO_WAIT = 60;

    /** For subclasses. */
    protected TenantResolverContract() {}

    /** {@return the resolver, or a new one of the same settings} */
    protected abstract TenantResolver resolver();

    /** {@return the tenant that all of {@link #provingRequests()} prove} */
    protected abstract TenantId tenant();

    /**
     * {@return requests that prove {@link #tenant()}, at least one}
     *
     * <p>Several if the same can be said in several ways: a name in another case, white space that does not count, one
     * value twice.
     */
    protected abstract List<TenantRequest> provingRequests();

    /**
     * {@return requests that present something that proves nothing}
     *
     * <p>Something unknown, something malformed, two different values where one belongs. Empty only for a resolver that
     * answers for requests that present nothing.
     */
    protected abstract List<TenantRequest> refusedRequests();

    /**
     * {@return requests that present nothing to this resolver}
     *
     * <p>An empty one, unless overridden: add blank values, other people's headers.
     */
    protected List<TenantRequest> absentRequests() {
        return List.of(TenantRequest.builder().build());
    }

    /**
     * {@return texts that must not be printed: what {@link #provingRequests()} and {@link #refusedRequests()} present
     * as a credential}
     *
     * <p>None, unless overridden.
     */
    protected Set<String> secrets() {
        return Set.of();
    }

    /** Its name has the form that {@code tenancy.resolvers} can have, and stays. */
    @Test
    public final void itsNameIsLowerCaseWithHyphensAndConstant() {
        TenantResolver resolver = resolver();
        String name = resolver.name();

        assertTrue(NAME.matcher(name).matches(), () -> "'" + name + "' is not lower case with hyphens");
        provingRequests().forEach(resolver::resolve);
        assertEquals(name, resolver.name());
    }

    /** What it says of itself stays, since a chain asks for it once. */
    @Test
    public final void whereItLooksAndWhetherItIsADefaultIsConstant() {
        TenantResolver resolver = resolver();
        Asked asked = new Asked(resolver);
        Set<?> sources = Set.copyOf(resolver.sources());
        boolean isDefault = resolver.isDefault();

        provingRequests().forEach(resolver::resolve);
        refusedRequests().forEach(request -> asked.answer(request));

        assertEquals(sources, resolver.sources());
        assertEquals(isDefault, resolver.isDefault());
    }

    /** A proof proves its tenant, and the identity says who proved it. */
    @Test
    public final void aProofProvesItsTenantInTheNameOfTheResolver() {
        TenantResolver resolver = resolver();
        Asked asked = new Asked(resolver);

        assertFalse(provingRequests().isEmpty(), "there is no proving request");
        for (TenantRequest request : provingRequests()) {
            TenantIdentity identity = assertInstanceOf(Resolution.Resolved.class, asked.answer(request))
                    .identity();
            assertEquals(tenant(), identity.tenantId());
            assertEquals(resolver.name(), identity.resolver());
            assertFalse(identity.readableTenants().contains(tenant()));
        }
    }

    /** Where nothing is, there is nothing to refuse; unless it is a default, it has no answer of its own. */
    @Test
    public final void nothingPresentedIsAbsent() {
        TenantResolver resolver = resolver();
        Asked asked = new Asked(resolver);

        for (TenantRequest request : absentRequests()) {
            Resolution answer = asked.answer(request);
            if (resolver.isDefault()) {
                assertInstanceOf(Resolution.Resolved.class, answer);
            } else {
                assertEquals(Resolution.absent(), answer);
                assertFalse(asked.presents(request), "a place has something, and the answer is absent");
            }
        }
    }

    /** What is no proof is neither a proof, nor nothing, nor an outage, and its place is known. */
    @Test
    public final void whatProvesNothingIsRefused() {
        TenantResolver resolver = resolver();
        Asked asked = new Asked(resolver);

        assertEquals(resolver.isDefault(), refusedRequests().isEmpty(), "refused requests belong to all but defaults");
        for (TenantRequest request : refusedRequests()) {
            Resolution answer = asked.answer(request);
            assertFalse(answer instanceof Resolution.Resolved, () -> answer + " for something that proves nothing");
            assertFalse(answer instanceof Resolution.Absent, "absent for something that is presented");
            assertFalse(answer instanceof Resolution.Unavailable, "an outage for something that proves nothing");
            assertTrue(
                    resolver.sources().isEmpty() || asked.presents(request),
                    "something is refused, and no place of sources() has anything");
        }
    }

    /**
     * A default tenant does not answer for what this resolver was shown: wherever it stands if the resolver says where
     * it looks, and else behind it.
     */
    @Test
    public final void whatProvesNothingIsNotServedByADefaultTenant() {
        TenantResolver resolver = resolver();
        TenantResolver other = new DefaultTenant();

        for (TenantRequest request : refusedRequests()) {
            assertDenied(request, resolver, other);
            if (!resolver.sources().isEmpty()) {
                assertDenied(request, other, resolver);
            }
        }
    }

    private static void assertDenied(TenantRequest request, TenantResolver first, TenantResolver second) {
        Tenancy tenancy = Tenancy.builder()
                .resolver(first)
                .resolver(second)
                .catalog(TenantCatalog.acceptingAny())
                .build();
        assertInstanceOf(Admission.Denied.class, tenancy.admit(request));
    }

    /** The same request gets the same answer. */
    @Test
    public final void theSameRequestGetsTheSameAnswer() {
        Asked asked = new Asked(resolver());

        for (Supplier<TenantRequest> request : allRequests()) {
            assertEquals(asked.summary(request.get()), asked.summary(request.get()));
        }
    }

    /** Many threads at once get the answers that one gets alone. */
    @Test
    public final void manyThreadsGetTheAnswersThatOneGets() throws Exception {
        Asked asked = new Asked(resolver());
        List<Supplier<TenantRequest>> requests = allRequests();
        List<String> alone =
                requests.stream().map(request -> asked.summary(request.get())).toList();
        CyclicBarrier start = new CyclicBarrier(THREADS);
        Callable<List<String>> asking = () -> {
            start.await(SECONDS_TO_WAIT, TimeUnit.SECONDS);
            List<String> answers = new ArrayList<>();
            for (int round = 0; round < ROUNDS; round++) {
                answers.clear();
                requests.forEach(request -> answers.add(asked.summary(request.get())));
                assertEquals(alone, answers);
            }
            return answers;
        };
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<List<String>>> running = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                running.add(threads.submit(asking));
            }
            for (Future<List<String>> answers : running) {
                assertEquals(alone, answers.get(SECONDS_TO_WAIT, TimeUnit.SECONDS));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** Whatever a client sends, there is an answer, and what is absent is presented nowhere. */
    @Test
    public final void noRequestMakesItFail() {
        Asked asked = new Asked(resolver());

        for (TenantRequest request : HostileRequests.all()) {
            Resolution answer = asked.answer(request);
            if (answer.equals(Resolution.absent())) {
                assertFalse(asked.presents(request), "a place has something, and the answer is absent");
            }
        }
    }

    /** What was presented is in no text that may be logged. */
    @Test
    public final void noSecretIsPrinted() {
        TenantResolver resolver = resolver();
        Asked asked = new Asked(resolver);
        List<String> printed = new ArrayList<>(List.of(resolver.toString(), String.valueOf(resolver.sources())));
        for (Supplier<TenantRequest> request : allRequests()) {
            printed.addAll(asked.texts(request.get()));
        }

        for (String secret : secrets()) {
            assertFalse(
                    printed.stream().anyMatch(text -> text.contains(secret)),
                    "a credential is in the text of an answer, of the resolver, or of its sources");
        }
    }

    private List<Supplier<TenantRequest>> allRequests() {
        List<Supplier<TenantRequest>> all = new ArrayList<>();
        for (Supplier<List<TenantRequest>> kind : List.<Supplier<List<TenantRequest>>>of(
                this::provingRequests, this::refusedRequests, this::absentRequests)) {
            for (int at = 0; at < kind.get().size(); at++) {
                int index = at;
                all.add(() -> kind.get().get(index));
            }
        }
        return all;
    }
}
