package dev.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenancy.resolver.HeaderTenantResolver;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SubmissionPublisher;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class HandleAsyncTest {
    private static final TenantRequest OF_ACME =
            TenantRequest.builder().header("X-Tenant", "acme").build();
    private static final Tenancy.Handler<Problem, String, RuntimeException> ANSWER =
            problem -> problem.status() + " for "
                    + TenantContext.current().map(who -> who.tenantId().value()).orElse("nobody");

    private final RecordingGuard guard = new RecordingGuard(Map.of());
    private final Tenancy tenancy = Tenancy.builder()
            .resolver(HeaderTenantResolver.of("X-Tenant"))
            .catalog(TenantCatalog.acceptingAny())
            .guard(guard)
            .build();

    @AfterEach
    void thisThreadIsClean() {
        assertThat(TenantContext.current()).isEmpty();
    }

    @Test
    void theRequestIsHandledWhenItsStageEndsOnWhateverThread() {
        CompletableFuture<String> work = new CompletableFuture<>();

        CompletableFuture<String> response = tenancy.handleAsync(
                OF_ACME,
                admitted -> {
                    assertThat(TenantContext.require()).isEqualTo(admitted.identity());
                    return work;
                },
                ANSWER);

        assertThat(TenantContext.current()).isEmpty();
        assertThat(response).isNotDone();
        assertThat(guard.ends).isEmpty();
        TenantContext.run(Identities.B, () -> work.complete("done"));
        assertThat(response.join()).isEqualTo("done");
        assertThat(guard.ends).containsExactly("succeeded for acme");
    }

    @Test
    void theRequestIsClosedBeforeItsResponseIsThere() {
        CompletableFuture<String> work = new CompletableFuture<>();
        CompletableFuture<List<String>> endsWhenAnswered =
                tenancy.handleAsync(OF_ACME, admitted -> work, ANSWER).thenApply(response -> List.copyOf(guard.ends));

        work.complete("done");

        assertThat(endsWhenAnswered.join()).containsExactly("succeeded for acme");
    }

    @Test
    void aRefusedRequestNeverReachesTheHandler() {
        TenantRequest ofNobody = TenantRequest.builder().build();

        assertThat(tenancy.handleAsync(
                                ofNobody,
                                admitted -> {
                                    throw new AssertionError("not reached");
                                },
                                ANSWER)
                        .join())
                .isEqualTo("401 for nobody");
        assertThat(guard.ends).isEmpty();
    }

    @Test
    void aFailureThatHasAnAnswerIsAnsweredInTheTenantsContext() {
        UnavailableException outage = new UnavailableException("expected", null);

        assertThat(tenancy.handleAsync(OF_ACME, admitted -> CompletableFuture.failedStage(outage), ANSWER)
                        .join())
                .isEqualTo("503 for acme");
        assertThat(tenancy.handleAsync(
                                OF_ACME,
                                admitted -> CompletableFuture.supplyAsync(() -> {
                                    throw outage;
                                }),
                                ANSWER)
                        .join())
                .isEqualTo("503 for acme");
        assertThat(tenancy.handleAsync(
                                OF_ACME,
                                admitted -> {
                                    throw outage;
                                },
                                ANSWER)
                        .join())
                .isEqualTo("503 for acme");
        assertThat(guard.ends).containsExactly("failed for acme", "failed for acme", "failed for acme");
    }

    @Test
    @SuppressWarnings("NullAway") // a handler breaks its contract
    void anyOtherFailureIsThatOfTheResponse() {
        IOException bug = new IOException("bug");
        StackOverflowError error = new StackOverflowError("expected");

        assertThatThrownBy(tenancy.handleAsync(OF_ACME, admitted -> CompletableFuture.failedStage(bug), ANSWER)::join)
                .isInstanceOf(CompletionException.class)
                .hasCause(bug);
        assertThatThrownBy(tenancy.handleAsync(
                        OF_ACME,
                        admitted -> {
                            throw bug;
                        },
                        ANSWER)::join)
                .hasCause(bug);
        assertThatThrownBy(tenancy.handleAsync(
                        OF_ACME,
                        admitted -> {
                            throw error;
                        },
                        ANSWER)::join)
                .hasRootCause(error);
        assertThatThrownBy(tenancy.handleAsync(OF_ACME, admitted -> null, ANSWER)::join)
                .hasRootCauseMessage("the handler returned no stage");
        assertThat(guard.ends).hasSize(4).containsOnly("failed for acme");
    }

    @Test
    void anAnswerThatFailsIsTheFailureOfTheResponse() {
        Tenancy.Handler<Problem, String, IOException> broken = problem -> {
            throw new IOException("no answer to " + problem.status());
        };

        assertThatThrownBy(
                        tenancy.handleAsync(
                                TenantRequest.builder().build(),
                                admitted -> CompletableFuture.completedFuture("done"),
                                broken)::join)
                .hasRootCauseMessage("no answer to 401");
        assertThatThrownBy(tenancy.handleAsync(
                        OF_ACME,
                        admitted -> CompletableFuture.failedStage(new UnavailableException("expected", null)),
                        broken)::join)
                .hasRootCauseMessage("no answer to 503");
        assertThat(guard.ends).containsExactly("failed for acme");
    }

    @Test
    void aHandlerThatLeavesItsScopeOpenFailsAndTheThreadIsClean() {
        assertThatThrownBy(tenancy.handleAsync(
                        OF_ACME,
                        admitted -> {
                            TenantContext.open(Identities.B);
                            return CompletableFuture.completedFuture("done");
                        },
                        ANSWER)::join)
                .hasCauseInstanceOf(IllegalStateException.class);
        assertThat(guard.ends).containsExactly("failed for acme");
    }

    @Test
    void aResponseMayBeNull() {
        assertThat(tenancy.<Object>handleAsync(
                                OF_ACME, admitted -> CompletableFuture.completedFuture(null), problem -> "refused")
                        .join())
                .isNull();
        assertThat(guard.ends).containsExactly("succeeded for acme");
    }

    @Test
    void aHandlerOfHandleThatIsNotDoneWhenItReturnsIsAnError() {
        try (SubmissionPublisher<String> publisher = new SubmissionPublisher<>()) {
            for (Object unfinished : List.of(
                    new CompletableFuture<String>(),
                    new FutureTask<>(() -> "later"),
                    (Flow.Publisher<String>) publisher,
                    Mono.just("later"))) {
                assertThatThrownBy(() -> tenancy.handle(OF_ACME, admitted -> unfinished, problem -> problem))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("handleAsync");
            }
        }
        assertThat(guard.ends).hasSize(4).containsOnly("failed for acme");
    }

    @Test
    void aListenerThatLeavesAScopeOpenAtTheEndChangesNothing() {
        Tenancy leaking = Tenancy.builder()
                .resolver(HeaderTenantResolver.of("X-Tenant"))
                .catalog(TenantCatalog.acceptingAny())
                .listener(new TenancyListener() {
                    @Override
                    public void finished(TenantIdentity identity, boolean succeeded) {
                        TenantContext.open(Identities.B);
                    }
                })
                .build();

        assertThat(leaking.handle(OF_ACME, admitted -> "done", ANSWER)).isEqualTo("done");
        assertThat(leaking.handleAsync(OF_ACME, admitted -> CompletableFuture.completedFuture("done"), ANSWER)
                        .join())
                .isEqualTo("done");
        assertThatThrownBy(leaking.handleAsync(
                        OF_ACME, admitted -> CompletableFuture.failedStage(new IOException("bug")), ANSWER)::join)
                .hasRootCauseMessage("bug");
    }

    @Test
    @SuppressWarnings("unchecked") // only what is needed of a stage
    void aStageThatCannotBeFollowedEndsTheRequest() {
        CompletionStage<String> odd = (CompletionStage<String>) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {CompletionStage.class}, (proxy, method, arguments) -> {
                    throw new UnsupportedOperationException("odd");
                });

        assertThatThrownBy(tenancy.handleAsync(OF_ACME, admitted -> odd, ANSWER)::join)
                .hasRootCauseMessage("odd");
        assertThat(guard.ends).containsExactly("failed for acme");
    }
}
