package dev.tenancy;

import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The handling of one admitted request by a handler that returns before it is done.
 *
 * @param <R> the response
 */
final class AsyncHandling<R extends @Nullable Object> {
    private final Admitted admitted;
    private final Tenancy.Handler<Problem, R, ?> refused;
    private final CompletableFuture<R> result = new CompletableFuture<>();

    AsyncHandling(Admitted admitted, Tenancy.Handler<Problem, R, ?> refused) {
        this.admitted = admitted;
        this.refused = refused;
    }

    /** Starts {@code handler}; what is returned ends after the request was closed. */
    CompletableFuture<R> start(Tenancy.Handler<Admitted, ? extends CompletionStage<R>, ?> handler) {
        try {
            CompletionStage<R> stage = TenantContext.call(
                    admitted.identity(),
                    () -> Objects.requireNonNull(handler.handle(admitted), "the handler returned no stage"));
            stage.whenComplete(this::end);
        } catch (Throwable failure) { // an Error ends the request like any other failure of an asynchronous handler
            end(null, failure);
        }
        return result;
    }

    @SuppressWarnings("NullAway") // without a failure, the response is what the handler promised, perhaps null
    private void end(@Nullable R response, @Nullable Throwable failure) {
        try {
            R answer = TenantContext.call(
                    admitted.identity(), () -> failure == null ? succeeded(response) : answerTo(failure));
            admitted.close();
            result.complete(answer);
        } catch (Throwable unanswered) {
            admitted.close();
            result.completeExceptionally(unanswered);
        }
    }

    private R succeeded(R response) {
        admitted.markSucceeded();
        return response;
    }

    private R answerTo(Throwable failure) throws Exception {
        Optional<Problem> answer = Problems.of(failure);
        if (answer.isPresent()) {
            Problems.log(failure, answer.get());
            return refused.handle(answer.get());
        }
        throw failure instanceof Exception exception ? exception : new CompletionException(failure);
    }
}
