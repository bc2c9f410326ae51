package dev.tenancy.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenancy.Admission;
import dev.tenancy.CredentialSource;
import dev.tenancy.InvalidTenantIdException;
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
        Set<?> sources = Set.copyOf(resolver.sources());
        boolean isDefault = resolver.isDefault();

        provingRequests().forEach(resolver::resolve);
        refusedRequests().forEach(request -> answer(resolver, request));

        assertEquals(sources, resolver.sources());
        assertEquals(isDefault, resolver.isDefault());
    }

    /** A proof proves its tenant, and the identity says who proved it. */
    @Test
    public final void aProofProvesItsTenantInTheNameOfTheResolver() {
        TenantResolver resolver = resolver();

        assertFalse(provingRequests().isEmpty(), "there is no proving request");
        for (TenantRequest request : provingRequests()) {
            TenantIdentity identity = assertInstanceOf(Resolution.Resolved.class, answer(resolver, request))
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

        for (TenantRequest request : absentRequests()) {
            Resolution answer = answer(resolver, request);
            if (resolver.isDefault()) {
                assertInstanceOf(Resolution.Resolved.class, answer);
            } else {
                assertEquals(Resolution.absent(), answer);
                assertFalse(presents(resolver, request), "a place has something, and the answer is absent");
            }
        }
    }

    /** What is no proof is neither a proof nor nothing, and its place is known. */
    @Test
    public final void whatProvesNothingIsNeitherResolvedNorAbsent() {
        TenantResolver resolver = resolver();

        assertEquals(resolver.isDefault(), refusedRequests().isEmpty(), "refused requests belong to all but defaults");
        for (TenantRequest request : refusedRequests()) {
            Resolution answer = answer(resolver, request);
            assertFalse(answer instanceof Resolution.Resolved, () -> answer + " for something that proves nothing");
            assertFalse(answer instanceof Resolution.Absent, "absent for something that is presented");
            assertTrue(
                    resolver.sources().isEmpty() || presents(resolver, request),
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
        TenantResolver resolver = resolver();

        for (Supplier<TenantRequest> request : allRequests()) {
            assertEquals(summary(answer(resolver, request.get())), summary(answer(resolver, request.get())));
        }
    }

    /** Many threads at once get the answers that one gets alone. */
    @Test
    public final void manyThreadsGetTheAnswersThatOneGets() throws Exception {
        TenantResolver resolver = resolver();
        List<Supplier<TenantRequest>> requests = allRequests();
        List<String> alone = requests.stream()
                .map(request -> summary(answer(resolver, request.get())))
                .toList();
        CyclicBarrier start = new CyclicBarrier(THREADS);
        Callable<List<String>> asking = () -> {
            start.await(SECONDS_TO_WAIT, TimeUnit.SECONDS);
            List<String> answers = new ArrayList<>();
            for (int round = 0; round < ROUNDS; round++) {
                answers.clear();
                requests.forEach(request -> answers.add(summary(answer(resolver, request.get()))));
                assertEquals(alone, answers);
            }
            return answers;
        };
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<List<String>>> asked = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                asked.add(threads.submit(asking));
            }
            for (Future<List<String>> answers : asked) {
                assertEquals(alone, answers.get(SECONDS_TO_WAIT, TimeUnit.SECONDS));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** Whatever a client sends, there is an answer, and what is absent is presented nowhere. */
    @Test
    public final void noRequestMakesItFail() {
        TenantResolver resolver = resolver();

        for (TenantRequest request : HostileRequests.all()) {
            Resolution answer = answer(resolver, request);
            if (answer.equals(Resolution.absent())) {
                assertFalse(presents(resolver, request), "a place has something, and the answer is absent");
            }
        }
    }

    /** What was presented is in no text that may be logged. */
    @Test
    public final void noSecretIsPrinted() {
        TenantResolver resolver = resolver();
        List<String> printed = new ArrayList<>(List.of(resolver.toString(), String.valueOf(resolver.sources())));
        for (Supplier<TenantRequest> request : allRequests()) {
            Resolution answer = answer(resolver, request.get());
            printed.add(String.valueOf(answer));
            if (answer instanceof Resolution.Unavailable unavailable) {
                Throwable cause = unavailable.cause();
                for (int depth = 0; cause != null && depth < 10; depth++, cause = cause.getCause()) {
                    printed.add(cause.toString());
                }
            }
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

    private static boolean presents(TenantResolver resolver, TenantRequest request) {
        return resolver.sources().stream().anyMatch(source -> source.presentIn(request));
    }

    /** As a chain asks: an {@link InvalidTenantIdException} is a refusal, anything else thrown is a failure. */
    private static Resolution answer(TenantResolver resolver, TenantRequest request) {
        try {
            Resolution answer = resolver.resolve(request);
            assertNotNull(answer, "the answer is null");
            return answer;
        } catch (InvalidTenantIdException invalid) {
            return Resolution.rejected(invalid.fault());
        }
    }

    /** What two answers to one request must agree in. */
    private static String summary(Resolution answer) {
        return answer.fold(
                resolved ->
                        resolved.identity() + " reading " + resolved.identity().readableTenants() + " with "
                                + resolved.identity().attributes(),
                () -> "absent",
                () -> "unrecognized",
                rejected -> "rejected: " + rejected.reason(),
                unavailable -> "unavailable");
    }

    /** Stands beside the resolver under test. */
    private static final class DefaultTenant implements TenantResolver {
        @Override
        public String name() {
            return "default-of-the-contract";
        }

        @Override
        public Set<CredentialSource> sources() {
            return Set.of();
        }

        @Override
        public boolean isDefault() {
            return true;
        }

        @Override
        public Resolution resolve(TenantRequest request) {
            return Resolution.resolved(TenantIdentity.of(TenantId.of("default"), name()));
        }
    }
}
