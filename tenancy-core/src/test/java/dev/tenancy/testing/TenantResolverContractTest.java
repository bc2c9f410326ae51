package dev.tenancy.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.CredentialSource;
import dev.tenancy.Resolution;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.TenantRequest;
import dev.tenancy.TenantResolver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** The contract finds resolvers that break it. */
class TenantResolverContractTest {
    private static final CredentialSource SOURCE = CredentialSource.header("X-Token");
    private static final TenantId ACME = TenantId.of("acme");

    @Test
    void aResolverThatKeepsItBreaksNothing() {
        assertThat(brokenBy(new Stub())).isEmpty();
    }

    @Test
    void aBadOrChangingNameIsFound() {
        assertThat(brokenBy(new Stub() {
                    @Override
                    public String name() {
                        return "Not_A Name";
                    }
                }))
                .contains("name");
        AtomicInteger calls = new AtomicInteger();
        assertThat(brokenBy(new Stub() {
                    @Override
                    public String name() {
                        return "name-" + calls.incrementAndGet();
                    }
                }))
                .contains("name", "proof");
    }

    @Test
    void changingPlacesAreFound() {
        AtomicInteger calls = new AtomicInteger();
        assertThat(brokenBy(new Stub() {
                    @Override
                    public Set<CredentialSource> sources() {
                        return calls.getAndIncrement() % 2 == 0 ? Set.of(SOURCE) : Set.of();
                    }
                }))
                .contains("constant");
    }

    @Test
    void aPlaceThatIsNotNamedIsFound() {
        assertThat(brokenBy(new Stub() {
                    @Override
                    public Set<CredentialSource> sources() {
                        return Set.of(CredentialSource.header("X-Other"));
                    }
                }))
                .contains("refused", "default");
    }

    @Test
    void anAnswerForNothingIsFound() {
        assertThat(brokenBy(answering(request -> token(request).isEmpty() ? resolved("stub", "acme") : right(request))))
                .contains("absent");
        assertThat(brokenBy(
                        answering(request -> token(request).isEmpty() ? Resolution.unrecognized() : right(request))))
                .contains("absent");
    }

    @Test
    void anotherTenantAndAnotherNameAreFound() {
        assertThat(brokenBy(answering(request ->
                        right(request) instanceof Resolution.Resolved ? resolved("stub", "globex") : right(request))))
                .contains("proof");
        assertThat(brokenBy(answering(request ->
                        right(request) instanceof Resolution.Resolved ? resolved("other", "acme") : right(request))))
                .contains("proof");
    }

    @Test
    void whateverIsNoRefusalIsFound() {
        for (Resolution wrong : List.of(
                Resolution.absent(), resolved("stub", "acme"), Resolution.unavailable(new IOException("parser")))) {
            assertThat(brokenBy(answering(request -> token(request).equals("garbage") ? wrong : right(request))))
                    .contains("refused");
        }
    }

    @Test
    void aResolverThatAnswersDifferentlyTheNextTimeIsFound() {
        AtomicInteger calls = new AtomicInteger();
        assertThat(brokenBy(answering(request ->
                        calls.getAndIncrement() % 2 == 0 ? right(request) : Resolution.rejected("out of turn"))))
                .contains("same");
    }

    @Test
    void aResolverThatAnswersDifferentlyOnAnotherThreadIsFound() {
        Thread home = Thread.currentThread();
        assertThat(brokenBy(answering(request ->
                        Thread.currentThread() == home ? right(request) : Resolution.rejected("not at home"))))
                .containsExactly("threads");
    }

    @Test
    @SuppressWarnings("NullAway") // the resolver breaks its contract
    void aResolverThatFailsOrReturnsNullIsFound() {
        assertThat(brokenBy(answering(request -> {
                    if (request.rawPath().isEmpty()) {
                        throw new IllegalStateException("bug");
                    }
                    return right(request);
                })))
                .containsExactly("hostile");
        assertThat(brokenBy(answering(request -> request.rawPath().isEmpty() ? null : right(request))))
                .containsExactly("hostile");
    }

    @Test
    void aPrintedCredentialIsFound() {
        assertThat(brokenBy(answering(request ->
                        token(request).equals("garbage") ? Resolution.rejected("what is garbage?") : right(request))))
                .containsExactly("secret");
        assertThat(brokenBy(answering(request -> token(request).equals("garbage")
                        ? Resolution.unavailable(new IOException("down", new IOException("garbage")))
                        : right(request))))
                .contains("secret");
        assertThat(brokenBy(new Stub() {
                    @Override
                    public String toString() {
                        return "knows key-1";
                    }
                }))
                .containsExactly("secret");
    }

    private static Set<String> brokenBy(TenantResolver resolver) {
        TenantResolverContract contract = new ContractOf(resolver);
        Map<String, Executable> promises = new LinkedHashMap<>();
        promises.put("name", contract::itsNameIsLowerCaseWithHyphensAndConstant);
        promises.put("constant", contract::whereItLooksAndWhetherItIsADefaultIsConstant);
        promises.put("proof", contract::aProofProvesItsTenantInTheNameOfTheResolver);
        promises.put("absent", contract::nothingPresentedIsAbsent);
        promises.put("refused", contract::whatProvesNothingIsRefused);
        promises.put("default", contract::whatProvesNothingIsNotServedByADefaultTenant);
        promises.put("same", contract::theSameRequestGetsTheSameAnswer);
        promises.put("threads", contract::manyThreadsGetTheAnswersThatOneGets);
        promises.put("hostile", contract::noRequestMakesItFail);
        promises.put("secret", contract::noSecretIsPrinted);
        Set<String> broken = new TreeSet<>();
        promises.forEach((promise, test) -> {
            try {
                test.execute();
            } catch (Throwable failure) {
                broken.add(promise);
            }
        });
        return broken;
    }

    private static TenantResolver answering(Function<TenantRequest, Resolution> answers) {
        return new Stub() {
            @Override
            public Resolution resolve(TenantRequest request) {
                return answers.apply(request);
            }
        };
    }

    private static Resolution right(TenantRequest request) {
        return SOURCE.resolve(
                request, token -> token.equals("key-1") ? resolved("stub", "acme") : Resolution.unrecognized());
    }

    private static Resolution resolved(String resolver, String tenant) {
        return Resolution.resolved(TenantIdentity.of(TenantId.of(tenant), resolver));
    }

    private static String token(TenantRequest request) {
        return String.join(",", request.headers("X-Token"));
    }

    /** Keeps the contract, as far as nothing is overridden. */
    private static class Stub implements TenantResolver {
        @Override
        public String name() {
            return "stub";
        }

        @Override
        public Set<CredentialSource> sources() {
            return Set.of(SOURCE);
        }

        @Override
        public Resolution resolve(TenantRequest request) {
            return right(request);
        }
    }

    private static final class ContractOf extends TenantResolverContract {
        private final TenantResolver resolver;

        ContractOf(TenantResolver resolver) {
            this.resolver = resolver;
        }

        @Override
        protected TenantResolver resolver() {
            return resolver;
        }

        @Override
        protected TenantId tenant() {
            return ACME;
        }

        @Override
        protected List<TenantRequest> provingRequests() {
            return tokens("key-1");
        }

        @Override
        protected List<TenantRequest> refusedRequests() {
            return tokens("garbage", "garbage-2");
        }

        @Override
        protected Set<String> secrets() {
            return Set.of("key-1", "garbage");
        }

        private static List<TenantRequest> tokens(String... tokens) {
            List<TenantRequest> requests = new ArrayList<>();
            for (String token : tokens) {
                requests.add(TenantRequest.builder().header("X-Token", token).build());
            }
            return requests;
        }
    }
}
