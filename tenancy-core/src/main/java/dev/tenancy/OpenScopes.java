package dev.tenancy;

import dev.tenancy.TenantContext.Scope;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The scopes that are open on each thread, the innermost of which is in force. */
final class OpenScopes {
    private static final ThreadLocal<@Nullable Scope> INNERMOST = new ThreadLocal<>();

    private OpenScopes() {}

    /** For which tenant this thread works. Asked for every query, so what is certain takes a short way. */
    static Optional<TenantIdentity> identity() {
        Scope scope = INNERMOST.get();
        if (scope == null) {
            return Optional.empty();
        }
        return scope.isSurelyInForce() ? scope.identity() : actor().identity();
    }

    /** For whom this thread works. */
    static Actor actor() {
        Scope scope = innermost();
        return scope == null || scope.belongsToAnotherTask() ? Actor.NOBODY : scope.actor();
    }

    static Scope open(Actor actor) {
        Scope scope = new Scope(actor, innermost());
        INNERMOST.set(scope);
        return scope;
    }

    /**
     * The scope in force on this thread, after those that another thread closed, and those inside them, are dropped.
     */
    static @Nullable Scope innermost() {
        Scope innermost = INNERMOST.get();
        Scope outermostClosed = null;
        for (Scope scope = innermost; scope != null; scope = scope.outer()) {
            if (scope.isClosed()) {
                outermostClosed = scope;
            }
        }
        return outermostClosed == null ? innermost : drop(innermost, outermostClosed);
    }

    /**
     * Ends the scopes from {@code innermost} out to {@code last}; no failure on the way leaves one of them in force.
     */
    static @Nullable Scope drop(@Nullable Scope innermost, Scope last) {
        Scope left = last.outer();
        if (left == null) {
            INNERMOST.remove();
        } else {
            INNERMOST.set(left);
        }
        for (Scope scope = innermost; scope != null && scope != left; scope = scope.outer()) {
            scope.end();
        }
        return left;
    }
}
