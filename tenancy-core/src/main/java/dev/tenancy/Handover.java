package dev.tenancy;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Work that is handed to another thread, and done there as whoever handed it over.
 *
 * @param actor who handed it over
 */
record Handover(Actor actor) {

    /** The handover of {@code work} by whoever is current now. */
    static Handover of(Object work) {
        Objects.requireNonNull(work, "what is to be wrapped");
        return new Handover(OpenScopes.actor());
    }

    <X extends Exception> void run(TenantContext.Task<X> work) throws X {
        try (TenantContext.Scope scope = OpenScopes.open(actor)) {
            work.run();
        }
    }

    <R extends @Nullable Object, X extends Exception> R call(TenantContext.Work<R, X> work) throws X {
        try (TenantContext.Scope scope = OpenScopes.open(actor)) {
            return work.call();
        }
    }
}
