package dev.tenancy.catalog;

import dev.tenancy.TenancyConfigException;
import dev.tenancy.Tenant;
import dev.tenancy.TenantCatalog;
import dev.tenancy.TenantId;
import dev.tenancy.UnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers for a while what another catalog, one that asks a database, says of each tenant.
 *
 * <pre>{@code
 * TenantCatalog catalog = CachedTenantCatalog.builder(inDatabase)
 *         .timeToLive(Duration.ofSeconds(30))
 *         .build();
 * }</pre>
 *
 * <p>What changes at the source is seen after {@link Builder#timeToLive} at the latest, counted from when the source
 * was asked, or at once after {@link #invalidate}. Ids that the source does not know are remembered apart from the
 * tenants that it knows, so that somebody who makes up ids cannot push out real tenants. A failure is not remembered.
 *
 * <p>Threads that ask for one tenant at once wait for the first of them to ask the source. It asks on its own thread,
 * but as nobody: no tenant is current meanwhile. A source needs a timeout of its own. Thread-safe.
 *
 * @since 0.1
 */
public final class CachedTenantCatalog implements TenantCatalog {
    private static final Logger LOG = LoggerFactory.getLogger(CachedTenantCatalog.class);

    private final TenantMemory memory;
    private final TenantLoads loads;

    private CachedTenantCatalog(TenantCatalog source, TenantMemory memory) {
        this.memory = memory;
        this.loads = new TenantLoads(source, memory);
    }

    /** {@return a builder of a cache of what {@code source} says} */
    public static Builder builder(TenantCatalog source) {
        return new Builder(Objects.requireNonNull(source, "source"));
    }

    /**
     * {@return the tenant, or empty if the source does not know it}
     *
     * @throws UnavailableException if the source fails, which it also does if it asks this catalog in turn, and nothing
     *     is known that may be served instead
     */
    @Override
    public Optional<Tenant> find(TenantId id) {
        Optional<Answer> answer = memory.find(id);
        return answer.isPresent() ? answer.get().tenant() : load(id);
    }

    /** Forgets a tenant: whoever asks for it after this call is told what the source says after this call. */
    public void invalidate(TenantId id) {
        loads.forget(id);
    }

    /** Forgets all tenants, as {@link #invalidate} does one. */
    public void invalidateAll() {
        loads.forgetAll();
    }

    private Optional<Tenant> load(TenantId id) {
        try {
            return loads.load(id);
        } catch (UnavailableException outage) {
            Optional<Answer> last = memory.findInOutage(id);
            if (last.isEmpty()) {
                throw outage;
            }
            LOG.warn("tenant {} is served as it was last known", id, outage);
            return last.get().tenant();
        }
    }

    /**
     * Collects the bounds. Not thread-safe.
     *
     * @since 0.1
     */
    public static final class Builder {
        private static final Duration LONGEST = Duration.ofDays(1);
        private static final Duration USUAL_UNKNOWN = Duration.ofSeconds(5);

        private final TenantCatalog source;
        private long maximumSize = 10_000;
        private long maximumUnknown = 1_000;
        private Duration timeToLive = Duration.ofMinutes(1);
        private @Nullable Duration unknownTimeToLive;
        private Duration outageTime = Duration.ZERO;
        private LongSupplier nanoTime = System::nanoTime;

        private Builder(TenantCatalog source) {
            this.source = source;
        }

        /** Sets how many tenants are remembered, at least 1; 10,000 if not said. */
        public Builder maximumSize(long tenants) {
            this.maximumSize = tenants;
            return this;
        }

        /** Sets how long a tenant is remembered, more than zero and at most a day; a minute if not said. */
        public Builder timeToLive(Duration time) {
            this.timeToLive = Objects.requireNonNull(time, "time");
            return this;
        }

        /** Sets how many ids are remembered that the source does not know, at least 1; 1,000 if not said. */
        public Builder maximumUnknown(long ids) {
            this.maximumUnknown = ids;
            return this;
        }

        /**
         * Sets how long an id is remembered that the source does not know, from zero, which is not at all, to
         * {@link #timeToLive}; if not said, 5 seconds or the time to live, whichever is shorter. A tenant that is added
         * at the source is refused for so long.
         */
        public Builder unknownTimeToLive(Duration time) {
            this.unknownTimeToLive = Objects.requireNonNull(time, "time");
            return this;
        }

        /**
         * Sets for how long after its time to live a tenant is served as it was last known, if the source fails; from
         * zero, which is not at all, to a day; zero if not said.
         *
         * <p>A tenant that is suspended during an outage is served until the source answers or the time is over.
         */
        public Builder servedInOutage(Duration time) {
            this.outageTime = Objects.requireNonNull(time, "time");
            return this;
        }

        /** Sets a monotonic clock, in nanoseconds of any origin; {@link System#nanoTime} if not said. */
        public Builder nanoTime(LongSupplier clock) {
            this.nanoTime = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /**
         * {@return the catalog}
         *
         * @throws TenancyConfigException if a bound is out of its range; names all that are
         */
        public CachedTenantCatalog build() {
            Duration forUnknown = unknownTimeToLive == null ? shorter(USUAL_UNKNOWN, timeToLive) : unknownTimeToLive;
            List<String> faults = new ArrayList<>();
            check(faults, maximumSize >= 1, "maximumSize is " + maximumSize + "; allowed: at least 1");
            check(faults, maximumUnknown >= 1, "maximumUnknown is " + maximumUnknown + "; allowed: at least 1");
            check(
                    faults,
                    isWithin(timeToLive, LONGEST) && !timeToLive.isZero(),
                    "timeToLive is " + timeToLive + "; allowed: more than zero, to " + LONGEST);
            check(
                    faults,
                    isWithin(forUnknown, timeToLive),
                    "unknownTimeToLive is " + forUnknown + "; allowed: PT0S to timeToLive, " + timeToLive);
            check(
                    faults,
                    isWithin(outageTime, LONGEST),
                    "servedInOutage is " + outageTime + "; allowed: PT0S to " + LONGEST);
            if (!faults.isEmpty()) {
                throw new TenancyConfigException(faults);
            }
            return new CachedTenantCatalog(
                    source,
                    new TenantMemory(
                            nanoTime,
                            TenantMemory.Kind.of(maximumSize, timeToLive.toNanos()),
                            TenantMemory.Kind.of(maximumUnknown, forUnknown.toNanos()),
                            timeToLive.plus(outageTime).toNanos()));
        }

        private static void check(List<String> faults, boolean holds, String fault) {
            if (!holds) {
                faults.add(fault);
            }
        }

        private static Duration shorter(Duration first, Duration second) {
            return first.compareTo(second) < 0 ? first : second;
        }

        private static boolean isWithin(Duration time, Duration longest) {
            return !time.isNegative() && time.compareTo(longest) <= 0;
        }
    }
}
