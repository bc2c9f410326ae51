package dev.tenancy;

import java.util.function.Function;

/**
 * The answer of {@link Tenancy#admit}: the request may be handled, or this is why not.
 *
 * @since 0.1
 */
public sealed interface Admission permits Admitted, Admission.Denied {

    /**
     * The request is refused, and nothing was spent.
     *
     * @param problem the answer to the caller
     * @since 0.1
     */
    record Denied(Problem problem) implements Admission {}

    /**
     * Goes on by the kind of this answer; exactly one of the functions is called.
     *
     * @param <R> what the functions return
     * @return what the called one returned
     */
    default <R> R fold(Function<Admitted, R> admitted, Function<Denied, R> denied) {
        if (this instanceof Admitted answer) {
            return admitted.apply(answer);
        }
        return denied.apply((Denied) this);
    }
}
