package dev.tenancy.event;

import dev.tenancy.NoTenantException;
import dev.tenancy.TenancyConfigException;
import dev.tenancy.TenantContext;
import dev.tenancy.TenantId;
import dev.tenancy.TenantSnapshot;
import dev.tenancy.internal.SecurityLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings events to the subscribers of the tenant that published them: server-sent events, websockets, domain events
 * within one server.
 *
 * <pre>{@code
 * TenantChannel<Order> orders = TenantChannel.<Order>builder("orders").build();
 * Subscription subscription = orders.subscribe(order -> out.println(order.id()));
 * orders.publish(order);
 * }</pre>
 *
 * <p>The tenant of a publisher and of a subscriber is the current one of its thread, whatever the event says. Who may
 * read another tenant's rows does not get its events.
 *
 * <p>A subscriber is called on a thread of the executor, as the identity that subscribed, one event at a time. All
 * subscribers of a tenant get its events in the same order, those of one publisher in the order in which it published
 * them. Nobody gets an event published before it subscribed, and an event is gone when this server is.
 *
 * <p>A publisher never waits for a subscriber. Each subscriber has a buffer; an event that finds it full ends the
 * subscription ({@link SubscriptionEnd#TOO_SLOW}) and nobody else's. A tenant holds at most as many events as its
 * subscribers have room for, and one without subscribers leaves nothing behind. However much a tenant publishes, and to
 * however many subscribers, it has no more of the executor than {@link Builder#handlersPerTenant} tasks at a time, each
 * of which brings at most 16 events to one subscriber and then goes to the end of the executor's queue.
 *
 * <p>A subscription lasts until somebody ends it: longer than the request that made it, and longer than the credential
 * that proved its identity. A host that suspends a tenant calls {@link #endSubscriptions}.
 *
 * <p>Thread-safe. Events are shared between subscribers, those of {@link #publishToAll} between tenants, and are to be
 * immutable.
 *
 * @param <T> the events
 * @since 0.1
 */
public final class TenantChannel<T> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TenantChannel.class);

    private final String name;
    final Lanes<T> lanes;
    private final Courier<T> courier;

    private TenantChannel(Builder<T> builder) {
        this.name = builder.name;
        Lane.Limits limits =
                new Lane.Limits(builder.bufferSize, builder.subscribersPerTenant, builder.handlersPerTenant);
        Executor executor = builder.executor;
        if (executor == null) {
            ExecutorService threads = HandlerThreads.of(name);
            this.lanes = new Lanes<>(name, limits, threads::shutdown);
            this.courier = new Courier<>(name, threads, builder.listener, lanes);
        } else {
            this.lanes = new Lanes<>(name, limits, () -> {});
            this.courier = new Courier<>(name, executor, builder.listener, lanes);
        }
    }

    /**
     * {@return a builder of a channel}
     *
     * @param <T> the events
     * @param name names the channel in logs and thread names: 1–64 ASCII letters, digits, {@code . _ -}
     */
    public static <T> Builder<T> builder(String name) {
        return new Builder<>(name);
    }

    /**
     * Gives an event to the subscribers of the current tenant.
     *
     * @return how many have it now; those that were dropped because their buffer is full are not among them
     * @throws NoTenantException if no tenant is current
     * @throws IllegalStateException if this channel is closed
     */
    public int publish(T event) {
        Objects.requireNonNull(event, "event");
        Lane<T> lane = lanes.find(TenantContext.require().tenantId());
        lanes.refuseIfClosed();
        return lane == null ? 0 : publish(lane, event);
    }

    /**
     * Gives an event to the subscribers of all tenants, whoever is current or nobody. The reason is written to the log
     * {@code dev.tenancy.security}.
     *
     * @param reason why, for those who read the log; not blank
     * @param event what all tenants may know
     * @return how many have it now; those that were dropped because their buffer is full are not among them
     * @throws IllegalArgumentException if the reason is blank
     * @throws IllegalStateException if this channel is closed
     */
    public int publishToAll(String reason, T event) {
        if (reason.isBlank()) {
            throw new IllegalArgumentException("the reason of an event for all tenants is blank; say why it is sent");
        }
        Objects.requireNonNull(event, "event");
        lanes.refuseIfClosed();
        SecurityLog.info(
                "event for all tenants on channel '{}', sent as {}: {}", name, TenantSnapshot.capture(), reason);
        int reached = 0;
        for (Lane<T> lane : lanes.all()) {
            reached += publish(lane, event);
        }
        return reached;
    }

    /**
     * Subscribes the current identity. Its first event may be handled before this returns.
     *
     * @return the subscription, to be closed when events are wanted no more
     * @throws NoTenantException if no tenant is current
     * @throws TooManySubscribersException if the tenant has as many subscriptions as it may. One that is over counts
     *     until its subscriber has handled what waits and is about to be told
     * @throws IllegalStateException if this channel is closed
     */
    public Subscription subscribe(Subscriber<? super T> subscriber) {
        Objects.requireNonNull(subscriber, "subscriber");
        return lanes.join(TenantContext.require(), subscriber, courier);
    }

    /**
     * Ends all subscriptions of a tenant, for example because it was suspended, and drops what waits for them. Does not
     * wait: a subscriber that handles an event, or is about to, is told after that event. The tenant may subscribe
     * again; to keep it from that, suspend it in the catalog first.
     *
     * @return how many it ended
     */
    public int endSubscriptions(TenantId tenant) {
        Lane<T> lane = lanes.find(Objects.requireNonNull(tenant, "tenant"));
        return lane == null ? 0 : end(lane, SubscriptionEnd.REVOKED);
    }

    /** {@return how many subscriptions there are, of all tenants; a number to watch, exact when nothing happens} */
    public int subscriptions() {
        return lanes.all().stream().mapToInt(Lane::size).sum();
    }

    /**
     * Ends all subscriptions; each subscriber handles what was published before, and is told. Does not wait for that,
     * and may be called by a subscriber. Closing again does nothing.
     *
     * <p>Close the channel before the executor that it was given: a task that an executor throws away, as
     * {@code shutdownNow} does, leaves its subscribers untold.
     */
    @Override
    public void close() {
        lanes.close().forEach(lane -> end(lane, SubscriptionEnd.CHANNEL_CLOSED));
    }

    @Override
    public String toString() {
        return "TenantChannel[" + name + "]";
    }

    private int publish(Lane<T> lane, T event) {
        Lane.Outcome outcome = lane.publish(event);
        if (outcome.ended() > 0) {
            LOG.warn(
                    "channel '{}': subscribers of tenant {} dropped because they were too slow: {}",
                    name,
                    lane.tenantId,
                    outcome.ended());
        }
        courier.start(lane, outcome.newWorkers());
        return outcome.reached();
    }

    private int end(Lane<T> lane, SubscriptionEnd end) {
        Lane.Outcome outcome = lane.endAll(end);
        courier.start(lane, outcome.newWorkers());
        return outcome.ended();
    }

    /**
     * Collects the settings of a channel. Not thread-safe.
     *
     * @param <T> the events
     * @since 0.1
     */
    public static final class Builder<T> {
        private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

        private final String name;
        private int bufferSize = 256;
        private int subscribersPerTenant = 100;
        private int handlersPerTenant = 4;
        private @Nullable Executor executor;
        private TenantChannelListener listener = new TenantChannelListener() {};

        private Builder(String name) {
            this.name = Objects.requireNonNull(name, "name");
        }

        /** Sets how many events may wait for one subscriber: at least 1, 256 if not said. */
        public Builder<T> bufferSize(int events) {
            this.bufferSize = events;
            return this;
        }

        /** Sets how many subscriptions a tenant may have: at least 1, 100 if not said. */
        public Builder<T> subscribersPerTenant(int maximum) {
            this.subscribersPerTenant = maximum;
            return this;
        }

        /**
         * Sets how many subscribers of one tenant may be called at once: at least 1, 4 if not said; at most 16 unless
         * an executor is set.
         *
         * <p>So many threads of the executor can one tenant hold whose subscribers block; the executor should have
         * several times as many.
         */
        public Builder<T> handlersPerTenant(int maximum) {
            this.handlersPerTenant = maximum;
            return this;
        }

        /**
         * Sets who calls subscribers; the host closes it. If not said, the channel has up to 32 daemon threads of its
         * own, which end when they are idle and when the channel is closed.
         *
         * <p>It should begin tasks in the order in which it gets them, so that every tenant has its turn: a
         * {@code ForkJoinPool} does so in async mode only, which the common pool is not in. One with a thread for each
         * task, a virtual one for example, has no turns to wait for. One that runs a task on the thread that hands it
         * over makes publishers wait for subscribers. One that refuses a task ends the subscriptions it was for
         * ({@link SubscriptionEnd#REFUSED}), which are then told by the thread that met the refusal.
         */
        public Builder<T> executor(Executor callsSubscribers) {
            this.executor = Objects.requireNonNull(callsSubscribers, "executor");
            return this;
        }

        /** Sets who is told what becomes of subscriptions; nobody if not said. */
        public Builder<T> listener(TenantChannelListener told) {
            this.listener = Objects.requireNonNull(told, "listener");
            return this;
        }

        /**
         * {@return the channel}
         *
         * @throws TenancyConfigException if a setting is out of its range; names all faults
         */
        public TenantChannel<T> build() {
            List<String> faults = new ArrayList<>();
            if (!NAME.matcher(name).matches()) {
                faults.add("the name of a channel is not allowed; allowed: 1–64 ASCII letters, digits, . _ -");
            }
            addFault(faults, "bufferSize", bufferSize);
            addFault(faults, "subscribersPerTenant", subscribersPerTenant);
            addFault(faults, "handlersPerTenant", handlersPerTenant);
            if (executor == null && handlersPerTenant > HandlerThreads.MAXIMUM_PER_TENANT) {
                faults.add("handlersPerTenant of a channel is " + handlersPerTenant
                        + "; allowed without an executor: 1–" + HandlerThreads.MAXIMUM_PER_TENANT);
            }
            if (!faults.isEmpty()) {
                throw new TenancyConfigException(faults);
            }
            return new TenantChannel<>(this);
        }

        private static void addFault(List<String> faults, String setting, int value) {
            if (value < 1) {
                faults.add(setting + " of a channel is " + value + "; allowed: at least 1");
            }
        }
    }
}
