package dev.tenancy.jdbc;

import dev.tenancy.TenantIdentity;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;

/**
 * What is known of the session behind a physical connection, for as long as the driver has that connection: by whatever
 * data source it is borrowed, it is the same session. Used by one borrower at a time.
 */
final class ServerSession {
    private static final Map<BaseConnection, ServerSession> KNOWN = Collections.synchronizedMap(new WeakHashMap<>());

    private @Nullable Known known;
    private Residue residue = Residue.NONE;
    private Optional<TenantIdentity> user = Optional.empty();
    private final Map<BoundSettings, Prologue> cleaningPrologues = new HashMap<>(2);

    /** Whose traces a session may have. */
    private enum Residue {
        NONE,
        OF_USER,
        OF_SEVERAL
    }

    /** What was seen, and what follows from it. */
    private record Known(Baseline baseline, String cleaningAfterRows, String cleaningAfterAnything) {}

    private ServerSession() {}

    static ServerSession of(BaseConnection driver) {
        return KNOWN.computeIfAbsent(driver, unknown -> new ServerSession());
    }

    /** What the session was like when it was first seen; null if nobody has looked yet. */
    @Nullable
    Baseline baseline() {
        return known == null ? null : known.baseline;
    }

    void firstSeenAs(Baseline baseline) {
        known = new Known(
                baseline,
                Prologue.textOf(SessionCleaning.afterRows(baseline).statements()),
                Prologue.textOf(SessionCleaning.afterAnything(baseline).statements()));
    }

    /**
     * What takes the traces away, each statement with a semicolon; null if nobody has looked yet what the session was
     * like.
     *
     * @param anythingRan whether SQL ran whose traces cannot be looked for
     */
    @Nullable
    String cleaning(boolean anythingRan) {
        if (known == null) {
            return null;
        }
        return anythingRan ? known.cleaningAfterAnything : known.cleaningAfterRows;
    }

    /** What looks what the session is like, or takes the traces of SQL on rows away, and binds. */
    Prologue cleaningPrologue(BoundSettings settings) {
        Baseline baseline = baseline();
        if (baseline == null) {
            return settings.lookAndBind();
        }
        return cleaningPrologues.computeIfAbsent(
                settings, bound -> Prologue.cleanAndBind(SessionCleaning.afterRows(baseline), bound));
    }

    /** The seal of {@code identity} in this session, by the clock of the server. */
    String sealed(TenantSeal seal, TenantIdentity identity) {
        Baseline baseline = Objects.requireNonNull(known, "what the session is like").baseline;
        return seal.of(identity, Instant.now().plus(baseline.clockAhead()), baseline.backendPid());
    }

    /** Whether somebody else than {@code next} has left traces, or may have. */
    boolean hasTracesForeignTo(Optional<TenantIdentity> next) {
        return switch (residue) {
            case NONE -> false;
            case OF_USER -> !isSame(user, next);
            case OF_SEVERAL -> true;
        };
    }

    /** The subject counts too: what one may read, another of the same tenant may not. */
    private static boolean isSame(Optional<TenantIdentity> one, Optional<TenantIdentity> other) {
        return one.isPresent() ? other.isPresent() && one.get().hasSameAccessAs(other.get()) : other.isEmpty();
    }

    /** Says that there are no traces of anybody. */
    void isClean() {
        residue = Residue.NONE;
    }

    /** Says who used the session with SQL on rows, and that it has no traces of others. */
    void wasUsedBy(Optional<TenantIdentity> identity) {
        residue = Residue.OF_USER;
        user = identity;
    }

    /** Says that somebody used the session with SQL on rows while it had traces of others, which may be there still. */
    void wasUsedBySeveral() {
        residue = Residue.OF_SEVERAL;
    }
}
