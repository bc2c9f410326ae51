package dev.tenancy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;

/** One thread that takes part in interleavings, and what it must see. */
record Lane(ExecutorService thread, ExpectedContext context) {
    static Lane on(ExecutorService thread) {
        return new Lane(thread, Waiting.until(CompletableFuture.supplyAsync(ExpectedContext::ofThisThread, thread)));
    }

    void takeTurn(Consumer<ExpectedContext> turn) {
        Waiting.until(CompletableFuture.runAsync(() -> turn.accept(context), thread));
    }
}
