package dev.tenancy.resource;

import dev.tenancy.TenancyConfigException;
import dev.tenancy.TenancyException;
import dev.tenancy.TenantContext;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.UnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One resource for each identity, made when it is first borrowed: a connection pool, an HTTP client, a model client.
 *
 * <p>Identities with the same access (tenant, subject and readable tenants, see {@link TenantIdentity#hasSameAccessAs})
 * share a resource, and nobody else does; with {@link Builder#perTenant()} all identities of a tenant do. What the
 * factory is given, and finds in {@link TenantContext}, is what those who share have in common and no more: no
 * attributes, since a resource made from the claims of one token would serve requests with others.
 *
 * <p>A resource is made once, by the thread that asks first; others that ask for the same one wait, and nobody else
 * does. A failure goes to all who wait, and the next one to ask tries again. A resource is closed once, after its last
 * lease: when it is evicted, unused for long, in the way of another, or when all are closed. There is no thread in the
 * background: those that are unused for too long go when anybody borrows, or at {@link #cleanUp()}.
 *
 * <p>Thread-safe.
 *
 * @param <T> the resource
 * @since 0.1
 */
public final class TenantResources<T> implements AutoCloseable {
    private final ResourceFactory<? extends T> factory;
    private final Function<TenantIdentity, Access> sharing;
    private final Stock<T> stock;

    private TenantResources(Builder<T> builder, Stock<T> stock) {
        this.factory = builder.factory;
        this.sharing = builder.sharing;
        this.stock = stock;
    }

    /**
     * {@return a builder}
     *
     * @param <T> the resource
     * @param factory makes a resource
     */
    public static <T> Builder<T> builder(ResourceFactory<? extends T> factory) {
        return new Builder<>(Objects.requireNonNull(factory, "factory"));
    }

    /**
     * Borrows the resource of the current identity, which is made if there is none. Waits while it is being made,
     * however long that takes: a factory sets limits of its own.
     *
     * @return the resource, to be given back by closing the lease
     * @throws dev.tenancy.NoTenantException if no tenant is current
     * @throws ResourceLimitException if the tenant has as many in use as it may
     * @throws UnavailableException if the resource cannot be made (its cause says why), all that there may be are in
     *     use, or this thread is interrupted while it waits; then it still is
     * @throws TenancyException if the factory throws one
     * @throws IllegalStateException if this is closed, or if the factory needs what it makes
     */
    public Lease<T> borrow() {
        TenantIdentity current = TenantContext.require();
        while (true) {
            Slot<T> slot = stock.claim(accessOf(current), current);
            T resource = slot.isMineToMake() ? make(slot) : await(slot);
            if (resource != null) {
                return new Lease<>(this, slot, resource);
            }
        }
    }

    /**
     * Takes away all resources of a tenant, one that was suspended for instance: those in use are closed after their
     * last lease, and whoever borrows from now on gets a new one.
     */
    public void evict(TenantId tenantId) {
        stock.evict(tenantId);
    }

    /** Closes what has been unused for too long. Borrowing does that too. */
    public void cleanUp() {
        stock.cleanUp();
    }

    /** {@return how many resources there are now, without those that were taken away and are still in use} */
    public int size() {
        return stock.size();
    }

    /**
     * Closes all resources, those in use after their last lease. Nothing can be borrowed any more, and whoever waits
     * for a resource does not get it. Does not wait itself. Closing again does nothing.
     */
    @Override
    public void close() {
        stock.close();
    }

    /** {@return whom {@code identity} shares its resource with} */
    Access accessOf(TenantIdentity identity) {
        return sharing.apply(identity);
    }

    /** Takes back what was borrowed. */
    void giveBack(Slot<T> slot) {
        stock.giveBack(slot);
    }

    private T make(Slot<T> slot) {
        try (TenantContext.Scope scope = TenantContext.open(slot.identity)) {
            slot.resource = Objects.requireNonNull(factory.create(slot.identity), "the factory returned null");
        } catch (Throwable failure) { // also an Error, or those who wait would wait forever
            if (failure instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            // That this thread shall stop is no reason for those who wait to go without.
            boolean othersMayTry = Thread.currentThread().isInterrupted();
            giveUp(slot, othersMayTry ? null : failure);
            throw refusal(slot, failure);
        }
        if (stock.isClosed()) {
            giveUp(slot, null);
            throw Stock.closedAlready();
        }
        slot.made();
        return Objects.requireNonNull(slot.resource);
    }

    /** Takes a slot away for which nothing was made, or too late. Its users do not give it back. */
    private void giveUp(Slot<T> slot, @Nullable Throwable why) {
        stock.giveUp(slot);
        slot.notMade(why);
    }

    /** {@return what another thread makes; null if it gave up and this one is to try} */
    private @Nullable T await(Slot<T> slot) {
        try {
            return slot.await();
        } catch (ExecutionException failed) {
            throw refusal(slot, Objects.requireNonNull(failed.getCause()));
        } catch (InterruptedException interrupted) {
            stock.giveBack(slot);
            Thread.currentThread().interrupt();
            throw refusal(slot, interrupted);
        } catch (IllegalStateException circle) {
            stock.giveBack(slot);
            throw circle;
        }
    }

    private static RuntimeException refusal(Slot<?> slot, Throwable failure) {
        return failure instanceof TenancyException known
                ? known
                : new UnavailableException("tenant " + slot.access.tenantId() + " cannot have its resource", failure);
    }

    /**
     * Collects the settings. Not thread-safe.
     *
     * @param <T> the resource
     * @since 0.1
     */
    public static final class Builder<T> {
        private static final Duration NEVER = Duration.ofNanos(Long.MAX_VALUE);
        private static final int TENANTS_THAT_FILL_IT = 4;

        private final ResourceFactory<? extends T> factory;
        private ResourceCloser<? super T> closer = Builder::closeIfCloseable;
        private Executor closing = Runnable::run;
        private Function<TenantIdentity, Access> sharing = Access::ofIdentity;
        private LongSupplier nanoTime = System::nanoTime;
        private @Nullable Integer maximumSize;
        private @Nullable Integer maximumPerTenant;
        private Duration idleTime = NEVER;

        private Builder(ResourceFactory<? extends T> factory) {
            this.factory = factory;
        }

        /** Makes one resource for each tenant, shared by all its subjects, instead of one for each identity. */
        public Builder<T> perTenant() {
            this.sharing = Access::ofTenant;
            return this;
        }

        /**
         * Sets how many resources there may be, 1 or more; must be said. If there are as many, the one that is unused
         * longest makes room; if all are in use, borrowing fails. Those that were evicted and are still in use are not
         * counted.
         */
        public Builder<T> maximumSize(int resources) {
            this.maximumSize = resources;
            return this;
        }

        /**
         * Sets how many of them one tenant may have, 1 or more; a quarter of all, and at least one, if not said. If it
         * has as many, the one of its own that is unused longest makes room; if all are in use, borrowing fails.
         */
        public Builder<T> maximumPerTenant(int resources) {
            this.maximumPerTenant = resources;
            return this;
        }

        /** Sets after what time without a user a resource is closed, more than zero; never if not said. */
        public Builder<T> idleTime(Duration longest) {
            this.idleTime = longest;
            return this;
        }

        /**
         * Sets how a resource is closed; one that is {@link AutoCloseable} is closed, any other let go, if not said.
         */
        public Builder<T> closer(ResourceCloser<? super T> action) {
            this.closer = action;
            return this;
        }

        /**
         * Sets what runs the closer; the thread that gives back, evicts, or borrows when something makes room, if not
         * said. For resources that take long to close.
         */
        public Builder<T> closeOn(Executor executor) {
            this.closing = executor;
            return this;
        }

        /** Sets the monotonic clock, in nanoseconds of any origin. */
        public Builder<T> nanoTime(LongSupplier clock) {
            this.nanoTime = clock;
            return this;
        }

        /**
         * {@return the resources, none made yet}
         *
         * @throws TenancyConfigException if a setting is missing or bad; names all faults
         */
        public TenantResources<T> build() {
            Integer size = maximumSize;
            Integer share = maximumPerTenant;
            List<String> faults = new ArrayList<>();
            if (size == null || size < 1) {
                faults.add("maximumSize is " + (size == null ? "not set" : size) + "; allowed: 1 or more");
            } else if (share != null && (share < 1 || share > size)) {
                faults.add("maximumPerTenant is " + share + "; allowed: 1 to maximumSize, which is " + size);
            }
            if (idleTime.isZero() || idleTime.isNegative()) {
                faults.add("idleTime is " + idleTime + "; allowed: more than zero");
            }
            if (size == null || !faults.isEmpty()) {
                throw new TenancyConfigException(faults);
            }
            int tenants = share == null ? Math.max(1, size / TENANTS_THAT_FILL_IT) : share;
            Duration idle = idleTime.compareTo(NEVER) > 0 ? NEVER : idleTime;
            Disposal<T> disposal = new Disposal<>(closer, closing);
            return new TenantResources<>(
                    this, new Stock<>(new Shelf<>(size, tenants), idle.toNanos(), nanoTime, disposal));
        }

        private static void closeIfCloseable(Object resource) throws Exception {
            if (resource instanceof AutoCloseable closeable) {
                closeable.close();
            }
        }
    }
}
