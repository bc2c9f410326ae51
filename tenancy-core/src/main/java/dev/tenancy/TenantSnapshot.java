package dev.tenancy;

import dev.tenancy.TenantContext.Scope;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whom a thread works for at one moment (a tenant, the system, or nobody), to be carried by hand to where work goes on.
 * Where {@link TenantContext#wrap(Runnable)} fits, it is the simpler way.
 *
 * <p>Immutable and thread-safe.
 *
 * @since 0.1
 */
public final class TenantSnapshot {
    private static final TenantSnapshot NOBODY = new TenantSnapshot(Actor.NOBODY);

    private final Actor actor;

    private TenantSnapshot(Actor actor) {
        this.actor = actor;
    }

    /** {@return whom this thread works for now} */
    public static TenantSnapshot capture() {
        return new TenantSnapshot(OpenScopes.actor());
    }

    /** {@return whom this thread works for now, who hands over {@code work}} */
    static TenantSnapshot handingOver(Object work) {
        Objects.requireNonNull(work, "what is to be wrapped");
        return capture();
    }

    /** {@return {@code identity}} */
    public static TenantSnapshot of(TenantIdentity identity) {
        return new TenantSnapshot(Actor.tenant(Objects.requireNonNull(identity, "identity")));
    }

    /** {@return nobody} */
    public static TenantSnapshot nobody() {
        return NOBODY;
    }

    /** {@return the identity, or empty for the system and for nobody} */
    public Optional<TenantIdentity> identity() {
        return actor.identity();
    }

    /**
     * Makes this thread work for whom this is, until the returned scope is closed.
     *
     * @return the scope, for try-with-resources on this thread
     */
    public Scope open() {
        return OpenScopes.open(actor);
    }

    <X extends Exception> void run(TenantContext.Task<X> work) throws X {
        try (Scope scope = open()) {
            work.run();
        }
    }

    <R extends @Nullable Object, X extends Exception> R call(TenantContext.Work<R, X> work) throws X {
        try (Scope scope = open()) {
            return work.call();
        }
    }

    @Override
    public String toString() {
        return actor.toString();
    }
}
