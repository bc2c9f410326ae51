package dev.tenancy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A future whose dependents run as whoever registers them, and not as whoever completes it.
 *
 * <p>Every way to register one is overridden; what each returns is again such a future. Of two stages of which either
 * will do, the JDK lets the one that has ended make the result, so both have to be such futures.
 */
@SuppressWarnings("NullAway") // nulls are as CompletableFuture has them
final class CarryingFuture<T extends @Nullable Object> extends CompletableFuture<T> {

    static <T extends @Nullable Object> CarryingFuture<T> following(CompletionStage<T> stage) {
        CarryingFuture<T> future = new CarryingFuture<>();
        stage.whenComplete((result, failure) -> {
            if (failure == null) {
                future.complete(result);
            } else {
                future.completeExceptionally(failure);
            }
        });
        return future;
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new CarryingFuture<>();
    }

    /** A copy, as a plain minimal stage would not carry anybody. */
    @Override
    public CompletionStage<T> minimalCompletionStage() {
        return copy();
    }

    @Override
    public <U> CompletableFuture<U> thenApply(Function<? super T, ? extends U> function) {
        return super.thenApply(TenantContext.wrap(function));
    }

    @Override
    public <U> CompletableFuture<U> thenApplyAsync(Function<? super T, ? extends U> function) {
        return super.thenApplyAsync(TenantContext.wrap(function));
    }

    @Override
    public <U> CompletableFuture<U> thenApplyAsync(Function<? super T, ? extends U> function, Executor executor) {
        return super.thenApplyAsync(TenantContext.wrap(function), executor);
    }

    @Override
    public CompletableFuture<Void> thenAccept(Consumer<? super T> consumer) {
        return super.thenAccept(TenantContext.wrap(consumer));
    }

    @Override
    public CompletableFuture<Void> thenAcceptAsync(Consumer<? super T> consumer) {
        return super.thenAcceptAsync(TenantContext.wrap(consumer));
    }

    @Override
    public CompletableFuture<Void> thenAcceptAsync(Consumer<? super T> consumer, Executor executor) {
        return super.thenAcceptAsync(TenantContext.wrap(consumer), executor);
    }

    @Override
    public CompletableFuture<Void> thenRun(Runnable task) {
        return super.thenRun(TenantContext.wrap(task));
    }

    @Override
    public CompletableFuture<Void> thenRunAsync(Runnable task) {
        return super.thenRunAsync(TenantContext.wrap(task));
    }

    @Override
    public CompletableFuture<Void> thenRunAsync(Runnable task, Executor executor) {
        return super.thenRunAsync(TenantContext.wrap(task), executor);
    }

    @Override
    public <U, V> CompletableFuture<V> thenCombine(
            CompletionStage<? extends U> other, BiFunction<? super T, ? super U, ? extends V> function) {
        return super.thenCombine(other, TenantContext.wrap(function));
    }

    @Override
    public <U, V> CompletableFuture<V> thenCombineAsync(
            CompletionStage<? extends U> other, BiFunction<? super T, ? super U, ? extends V> function) {
        return super.thenCombineAsync(other, TenantContext.wrap(function));
    }

    @Override
    public <U, V> CompletableFuture<V> thenCombineAsync(
            CompletionStage<? extends U> other,
            BiFunction<? super T, ? super U, ? extends V> function,
            Executor executor) {
        return super.thenCombineAsync(other, TenantContext.wrap(function), executor);
    }

    @Override
    public <U> CompletableFuture<Void> thenAcceptBoth(
            CompletionStage<? extends U> other, BiConsumer<? super T, ? super U> consumer) {
        return super.thenAcceptBoth(other, TenantContext.wrap(consumer));
    }

    @Override
    public <U> CompletableFuture<Void> thenAcceptBothAsync(
            CompletionStage<? extends U> other, BiConsumer<? super T, ? super U> consumer) {
        return super.thenAcceptBothAsync(other, TenantContext.wrap(consumer));
    }

    @Override
    public <U> CompletableFuture<Void> thenAcceptBothAsync(
            CompletionStage<? extends U> other, BiConsumer<? super T, ? super U> consumer, Executor executor) {
        return super.thenAcceptBothAsync(other, TenantContext.wrap(consumer), executor);
    }

    @Override
    public CompletableFuture<Void> runAfterBoth(CompletionStage<?> other, Runnable task) {
        return super.runAfterBoth(other, TenantContext.wrap(task));
    }

    @Override
    public CompletableFuture<Void> runAfterBothAsync(CompletionStage<?> other, Runnable task) {
        return super.runAfterBothAsync(other, TenantContext.wrap(task));
    }

    @Override
    public CompletableFuture<Void> runAfterBothAsync(CompletionStage<?> other, Runnable task, Executor executor) {
        return super.runAfterBothAsync(other, TenantContext.wrap(task), executor);
    }

    @Override
    public <U> CompletableFuture<U> applyToEither(CompletionStage<? extends T> other, Function<? super T, U> function) {
        return super.applyToEither(following(other), TenantContext.wrap(function));
    }

    @Override
    public <U> CompletableFuture<U> applyToEitherAsync(
            CompletionStage<? extends T> other, Function<? super T, U> function) {
        return super.applyToEitherAsync(following(other), TenantContext.wrap(function));
    }

    @Override
    public <U> CompletableFuture<U> applyToEitherAsync(
            CompletionStage<? extends T> other, Function<? super T, U> function, Executor executor) {
        return super.applyToEitherAsync(following(other), TenantContext.wrap(function), executor);
    }

    @Override
    public CompletableFuture<Void> acceptEither(CompletionStage<? extends T> other, Consumer<? super T> consumer) {
        return super.acceptEither(following(other), TenantContext.wrap(consumer));
    }

    @Override
    public CompletableFuture<Void> acceptEitherAsync(CompletionStage<? extends T> other, Consumer<? super T> consumer) {
        return super.acceptEitherAsync(following(other), TenantContext.wrap(consumer));
    }

    @Override
    public CompletableFuture<Void> acceptEitherAsync(
            CompletionStage<? extends T> other, Consumer<? super T> consumer, Executor executor) {
        return super.acceptEitherAsync(following(other), TenantContext.wrap(consumer), executor);
    }

    @Override
    public CompletableFuture<Void> runAfterEither(CompletionStage<?> other, Runnable task) {
        return super.runAfterEither(following(other), TenantContext.wrap(task));
    }

    @Override
    public CompletableFuture<Void> runAfterEitherAsync(CompletionStage<?> other, Runnable task) {
        return super.runAfterEitherAsync(following(other), TenantContext.wrap(task));
    }

    @Override
    public CompletableFuture<Void> runAfterEitherAsync(CompletionStage<?> other, Runnable task, Executor executor) {
        return super.runAfterEitherAsync(following(other), TenantContext.wrap(task), executor);
    }

    @Override
    public <U> CompletableFuture<U> thenCompose(Function<? super T, ? extends CompletionStage<U>> function) {
        return super.thenCompose(TenantContext.wrap(function));
    }

    @Override
    public <U> CompletableFuture<U> thenComposeAsync(Function<? super T, ? extends CompletionStage<U>> function) {
        return super.thenComposeAsync(TenantContext.wrap(function));
    }

    @Override
    public <U> CompletableFuture<U> thenComposeAsync(
            Function<? super T, ? extends CompletionStage<U>> function, Executor executor) {
        return super.thenComposeAsync(TenantContext.wrap(function), executor);
    }

    @Override
    public CompletableFuture<T> whenComplete(BiConsumer<? super T, ? super Throwable> consumer) {
        return super.whenComplete(TenantContext.wrap(consumer));
    }

    @Override
    public CompletableFuture<T> whenCompleteAsync(BiConsumer<? super T, ? super Throwable> consumer) {
        return super.whenCompleteAsync(TenantContext.wrap(consumer));
    }

    @Override
    public CompletableFuture<T> whenCompleteAsync(
            BiConsumer<? super T, ? super Throwable> consumer, Executor executor) {
        return super.whenCompleteAsync(TenantContext.wrap(consumer), executor);
    }

    @Override
    public <U> CompletableFuture<U> handle(BiFunction<? super T, Throwable, ? extends U> function) {
        return super.handle(TenantContext.wrap(function));
    }

    @Override
    public <U> CompletableFuture<U> handleAsync(BiFunction<? super T, Throwable, ? extends U> function) {
        return super.handleAsync(TenantContext.wrap(function));
    }

    @Override
    public <U> CompletableFuture<U> handleAsync(
            BiFunction<? super T, Throwable, ? extends U> function, Executor executor) {
        return super.handleAsync(TenantContext.wrap(function), executor);
    }

    @Override
    public CompletableFuture<T> exceptionally(Function<Throwable, ? extends T> function) {
        return super.exceptionally(TenantContext.wrap(function));
    }

    @Override
    public CompletableFuture<T> exceptionallyAsync(Function<Throwable, ? extends T> function) {
        return super.exceptionallyAsync(TenantContext.wrap(function));
    }

    @Override
    public CompletableFuture<T> exceptionallyAsync(Function<Throwable, ? extends T> function, Executor executor) {
        return super.exceptionallyAsync(TenantContext.wrap(function), executor);
    }

    @Override
    public CompletableFuture<T> exceptionallyCompose(Function<Throwable, ? extends CompletionStage<T>> function) {
        return super.exceptionallyCompose(TenantContext.wrap(function));
    }

    @Override
    public CompletableFuture<T> exceptionallyComposeAsync(Function<Throwable, ? extends CompletionStage<T>> function) {
        return super.exceptionallyComposeAsync(TenantContext.wrap(function));
    }

    @Override
    public CompletableFuture<T> exceptionallyComposeAsync(
            Function<Throwable, ? extends CompletionStage<T>> function, Executor executor) {
        return super.exceptionallyComposeAsync(TenantContext.wrap(function), executor);
    }
}
