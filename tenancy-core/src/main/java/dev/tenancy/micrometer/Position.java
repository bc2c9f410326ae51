package dev.tenancy.micrometer;

import dev.tenancy.TenantContext;
import dev.tenancy.TenantSnapshot;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A place in the nest of scopes that {@link TenantContextAccessor} opened on one thread, to which that thread returns
 * once.
 *
 * <p>What a thread is restored to is a place and not an identity: the same identity may stand at several depths, and a
 * place that is no more, or is of another thread, must not bring its identity back.
 */
final class Position {
    private static final Logger LOG = LoggerFactory.getLogger(TenantContextAccessor.class);
    private static final ThreadLocal<@Nullable Opened> INNERMOST = new ThreadLocal<>();

    private final Thread thread = Thread.currentThread();
    private final @Nullable Opened innermost = INNERMOST.get();

    /** Only read and written by {@link #thread}. */
    private boolean returned;

    /** {@return the place where this thread is} */
    static Position here() {
        return new Position();
    }

    /** Goes one place further in. */
    static void open(TenantSnapshot snapshot) {
        INNERMOST.set(new Opened(snapshot.open(), INNERMOST.get()));
    }

    /** Leaves all places on this thread. */
    static void closeAll() {
        closeOutTo(null);
    }

    /**
     * Ends all scopes that this thread opened after it was at this place. Does nothing on another thread, when done
     * before, or when the place itself was left.
     */
    void restore() {
        if (Thread.currentThread() == thread && !returned && isOpen(innermost)) {
            returned = true;
            closeOutTo(innermost);
        }
    }

    private static boolean isOpen(@Nullable Opened sought) {
        Opened opened = INNERMOST.get();
        while (opened != null && opened != sought) {
            opened = opened.outer;
        }
        return opened == sought;
    }

    private static void closeOutTo(@Nullable Opened last) {
        for (Opened opened = INNERMOST.get(); opened != null && opened != last; opened = opened.outer) {
            opened.close();
        }
        if (last == null) {
            INNERMOST.remove();
        } else {
            INNERMOST.set(last);
        }
    }

    private static final class Opened {
        private final TenantContext.Scope scope;
        private final @Nullable Opened outer;

        private Opened(TenantContext.Scope scope, @Nullable Opened outer) {
            this.scope = scope;
            this.outer = outer;
        }

        /** Contained, since a failure here would keep other accessors from cleaning the thread of their values. */
        void close() {
            try {
                scope.close();
            } catch (IllegalStateException misused) {
                LOG.error("a scope was left open; it and those inside it have ended now", misused);
            }
        }
    }
}
