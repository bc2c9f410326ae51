package dev.tenancy;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Stands in front of a handler and lets a request of a proven tenant pass, or not.
 *
 * <p>Guards are asked in order, in the tenant's {@link TenantContext}, by many threads at once; each knows itself what
 * a request costs. One that throws a {@link TenancyException} answers with its problem; one that throws anything else,
 * or returns null, answers with 503. A guard that has no limit for a tenant denies.
 *
 * @since 0.1
 */
public interface Guard {

    /** {@return the name by which the log speaks of it} */
    String name();

    /** {@return whether the request may pass} */
    Decision check(GuardedRequest request);

    /**
     * Whether a request may pass a guard.
     *
     * @since 0.1
     */
    sealed interface Decision {}

    /**
     * It may not.
     *
     * @param problem the answer
     * @since 0.1
     */
    record Denied(Problem problem) implements Decision {
        /** Makes the decision. */
        public Denied {
            Objects.requireNonNull(problem, "problem");
        }
    }

    /**
     * It may. Of {@link #undo()} and {@link #finished}, exactly one is called, once, from any thread.
     *
     * @since 0.1
     */
    non-sealed interface Passed extends Decision {

        /** {@return header fields for the response} */
        default Map<String, String> headers() {
            return Map.of();
        }

        /** {@return what this guard hands to the handler, a reservation for example} */
        default Optional<Object> attachment() {
            return Optional.empty();
        }

        /** Takes back what passing cost: a later guard denied, and no handler ran. */
        default void undo() {}

        /**
         * Ends what passing began: the handler has run.
         *
         * @param succeeded false if it failed
         */
        default void finished(boolean succeeded) {}
    }
}
