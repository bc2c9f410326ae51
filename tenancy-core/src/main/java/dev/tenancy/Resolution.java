package dev.tenancy;

import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What a {@link TenantResolver} makes of a request: one of five answers, kept apart so that nothing refused is ever
 * taken for nothing presented.
 *
 * @since 0.1
 */
public sealed interface Resolution {

    /**
     * The request proves this identity. The chain ends.
     *
     * @param identity who is proven
     * @since 0.1
     */
    record Resolved(TenantIdentity identity) implements Resolution {
        /** Makes the answer. */
        public Resolved {
            Objects.requireNonNull(identity, "identity");
        }
    }

    /**
     * The request has nothing at the places this resolver looks at. The chain goes on.
     *
     * @since 0.1
     */
    record Absent() implements Resolution {
        private static final Absent INSTANCE = new Absent();
    }

    /**
     * Something is there, but not in the form of this resolver. The chain goes on to those who look at the same place;
     * if none of them recognises it, the request is refused.
     *
     * @since 0.1
     */
    record Unrecognized() implements Resolution {
        private static final Unrecognized INSTANCE = new Unrecognized();
    }

    /**
     * Something is there, meant for this resolver, and it is no good. The chain ends and the request is refused.
     *
     * @param reason why, for the security log and not for the caller; without any part of the credential
     * @since 0.1
     */
    record Rejected(String reason) implements Resolution {}

    /**
     * The resolver cannot tell, because something that it needs is down. The chain ends with 503.
     *
     * @param cause what is down
     * @since 0.1
     */
    record Unavailable(Throwable cause) implements Resolution {}

    /** {@return the answer that {@code identity} is proven} */
    static Resolution resolved(TenantIdentity identity) {
        return new Resolved(identity);
    }

    /** {@return the answer that nothing was presented} */
    static Resolution absent() {
        return Absent.INSTANCE;
    }

    /** {@return the answer that something else was presented} */
    static Resolution unrecognized() {
        return Unrecognized.INSTANCE;
    }

    /** {@return the answer that what was presented is refused} */
    static Resolution rejected(String reason) {
        return new Rejected(reason);
    }

    /** {@return the answer that it cannot be told} */
    static Resolution unavailable(Throwable cause) {
        return new Unavailable(cause);
    }

    /**
     * Goes on by the kind of this answer; exactly one of the functions is called.
     *
     * @param <R> what the functions return
     * @return what the called one returned
     */
    default <R> R fold(
            Function<Resolved, R> resolved,
            Supplier<R> absent,
            Supplier<R> unrecognized,
            Function<Rejected, R> rejected,
            Function<Unavailable, R> unavailable) {
        if (this instanceof Resolved answer) {
            return resolved.apply(answer);
        }
        if (this instanceof Absent) {
            return absent.get();
        }
        if (this instanceof Unrecognized) {
            return unrecognized.get();
        }
        if (this instanceof Rejected answer) {
            return rejected.apply(answer);
        }
        return unavailable.apply((Unavailable) this);
    }
}
