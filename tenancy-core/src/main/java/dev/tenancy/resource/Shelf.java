package dev.tenancy.resource;

import dev.tenancy.TenantId;
import dev.tenancy.UnavailableException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The slots that are handed out, and which of them nobody uses. Not thread-safe.
 *
 * @param <T> the resource
 */
final class Shelf<T> {
    private final int maximumSize;
    private final int maximumPerTenant;
    private final Map<Access, Slot<T>> slots = new HashMap<>();

    /** Of each tenant that has any. */
    private final Map<TenantId, Holding<T>> holdings = new HashMap<>();

    /** Those that nobody uses, the longest unused first. */
    private final Set<Slot<T>> idle = new LinkedHashSet<>();

    Shelf(int maximumSize, int maximumPerTenant) {
        this.maximumSize = maximumSize;
        this.maximumPerTenant = maximumPerTenant;
    }

    int size() {
        return slots.size();
    }

    @Nullable
    Slot<T> find(Access access) {
        return slots.get(access);
    }

    /** Puts up a slot that is about to be used. */
    void add(Slot<T> slot) {
        slots.put(slot.access, slot);
        holdings.computeIfAbsent(slot.access.tenantId(), tenant -> new Holding<>())
                .all
                .add(slot);
    }

    /** Notes that somebody uses a slot. */
    void used(Slot<T> slot) {
        idle.remove(slot);
        holding(slot).idle.remove(slot);
    }

    /** Notes that nobody uses a slot any more. */
    void unused(Slot<T> slot) {
        idle.add(slot);
        holding(slot).idle.add(slot);
    }

    /** Takes a slot away, in use or not. */
    void remove(Slot<T> slot) {
        slots.remove(slot.access);
        idle.remove(slot);
        Holding<T> holding = holding(slot);
        holding.idle.remove(slot);
        holding.all.remove(slot);
        if (holding.all.isEmpty()) {
            holdings.remove(slot.access.tenantId());
        }
    }

    /** {@return all slots} */
    List<Slot<T>> all() {
        return new ArrayList<>(slots.values());
    }

    /** {@return all slots of a tenant} */
    List<Slot<T>> allOf(TenantId tenantId) {
        Holding<T> holding = holdings.get(tenantId);
        return holding == null ? List.of() : new ArrayList<>(holding.all);
    }

    /** {@return those that nobody has used for {@code nanos}} */
    List<Slot<T>> idleFor(long nanos, long now) {
        List<Slot<T>> expired = new ArrayList<>();
        for (Slot<T> slot : idle) {
            if (now - slot.idleSince < nanos) {
                break;
            }
            expired.add(slot);
        }
        return expired;
    }

    /**
     * {@return what has to go before a tenant can have one more: its own that is unused longest if it has as many as it
     * may, else, if there is no place at all, anybody's; empty if nothing has to go}
     *
     * @throws ResourceLimitException if the tenant has as many as it may, all of them in use
     * @throws UnavailableException if there is no place, all being in use
     */
    Optional<Slot<T>> inTheWayOf(TenantId tenantId) {
        Holding<T> holding = holdings.get(tenantId);
        if (holding != null && holding.all.size() >= maximumPerTenant) {
            return Optional.of(longest(holding.idle, () -> new ResourceLimitException(tenantId, maximumPerTenant)));
        }
        if (slots.size() >= maximumSize) {
            return Optional.of(longest(
                    idle, () -> new UnavailableException("all " + maximumSize + " resources are in use", null)));
        }
        return Optional.empty();
    }

    private static <T> Slot<T> longest(Set<Slot<T>> unused, Supplier<RuntimeException> ifNone) {
        return unused.stream().findFirst().orElseThrow(ifNone);
    }

    private Holding<T> holding(Slot<T> slot) {
        return Objects.requireNonNull(holdings.get(slot.access.tenantId()));
    }

    /** What one tenant has. */
    private static final class Holding<T> {
        private final Set<Slot<T>> all = new LinkedHashSet<>();
        private final Set<Slot<T>> idle = new LinkedHashSet<>();
    }
}
