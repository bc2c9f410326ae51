package dev.tenancy;

import dev.tenancy.internal.ResolverNames;
import dev.tenancy.internal.SecurityLog;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of a request from what it presents to its handler: resolvers, catalog, guards, context.
 *
 * <pre>{@code
 * Tenancy tenancy = Tenancy.builder()
 *         .resolver(resolver)
 *         .catalog(TenantCatalog.of(Tenant.of(TenantId.of("acme"))))
 *         .build();
 * Response response = tenancy.handle(request, admitted -> handler.handle(request), problem -> Response.of(problem));
 * }</pre>
 *
 * <p>Thread-safe, and immutable until it is closed.
 *
 * @since 0.1
 */
public final class Tenancy implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Tenancy.class);

    private final ResolverChain chain;
    private final TenantCatalog catalog;
    private final GuardChain guards;
    private final TenancyListener listener;
    private final AtomicReference<List<TenantResolver>> own;

    private Tenancy(Builder builder, TenantCatalog catalog) {
        this.chain = new ResolverChain(builder.resolvers);
        this.catalog = catalog;
        this.listener = new Listeners(builder.listeners);
        this.guards = new GuardChain(builder.guards, listener);
        this.own = new AtomicReference<>(builder.own);
    }

    /** {@return a builder without resolvers} */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * {@return a builder with the resolvers that {@code tenancy.resolvers} names, in that order}
     *
     * <p>Those are found through the context class loader of this thread, or are among {@code made}.
     *
     * @param made resolvers made by hand; each takes the place of one of its name that is found
     * @throws TenancyConfigException if a setting is missing, bad or unknown, or a resolver is; names all faults
     */
    public static Builder load(TenancyConfig config, TenantResolver... made) {
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        return load(config, context == null ? Tenancy.class.getClassLoader() : context, made);
    }

    /**
     * {@return a builder with the resolvers that {@code tenancy.resolvers} names, in that order}
     *
     * <p>Every provider that is found must be sound, whether or not it is named: one that cannot be loaded, has no name
     * or that of another, or declares the key of another differently, fails the start. What is active and what is left
     * out is logged once. A resolver that is found, {@link AutoCloseable} and left out is closed.
     *
     * @param loader finds them
     * @param made resolvers made by hand; each takes the place of one of its name that is found
     * @throws TenancyConfigException if a setting is missing, bad or unknown, or a resolver is; names all faults
     */
    public static Builder load(TenancyConfig config, ClassLoader loader, TenantResolver... made) {
        return load(config, ResolverProviders.seenBy(Objects.requireNonNull(loader, "loader")), made);
    }

    /**
     * {@return a builder with the resolvers that {@code tenancy.resolvers} names, in that order}
     *
     * <p>As {@link #load(TenancyConfig, ClassLoader, TenantResolver...)}, among the modules of {@code layer} and of its
     * parents.
     *
     * @param layer finds them
     * @param made resolvers made by hand; each takes the place of one of its name that is found
     * @throws TenancyConfigException if a setting is missing, bad or unknown, or a resolver is; names all faults
     */
    public static Builder load(TenancyConfig config, ModuleLayer layer, TenantResolver... made) {
        return load(config, ResolverProviders.in(Objects.requireNonNull(layer, "layer")), made);
    }

    private static Builder load(TenancyConfig config, ResolverProviders found, TenantResolver... made) {
        Builder builder = new Builder();
        ResolverLoader.Loaded loaded = ResolverLoader.load(found, config, List.of(made));
        loaded.inOrder().forEach(builder::resolver);
        builder.own = loaded.own();
        return builder;
    }

    /**
     * Decides whether {@code request} may be handled. Throws no exception.
     *
     * @return the admitted request, to be closed when it has been handled, or the answer that refuses it
     */
    public Admission admit(TenantRequest request) {
        List<Admission> decision = new ArrayList<>(1);
        // Whoever the thread worked for before, the request is nobody's until it is admitted, and the thread again
        // after.
        try (TenantContext.Scope scope = TenantSnapshot.nobody().open()) {
            decision.add(decide(request));
        } catch (IllegalStateException leak) {
            decision.forEach(decided -> decided.fold(
                    admitted -> {
                        admitted.close();
                        return admitted;
                    },
                    denied -> denied));
            return unavailable(new UnavailableException(
                    "a resolver, the catalog or a listener left a scope of its own open", leak));
        }
        return decision.get(0);
    }

    private Admission decide(TenantRequest request) {
        return chain.resolve(request)
                .fold(
                        resolved -> admit(request, resolved.identity()),
                        () -> refuse("nothing presented", Problem.unauthenticated()),
                        () -> refuse("not recognised", Problem.refused()),
                        rejected -> refuse(rejected.reason(), Problem.refused()),
                        unavailable -> unavailable(unavailable.cause()));
    }

    /**
     * Admits {@code request} and handles it in the context of its tenant.
     *
     * <p>A failure of the handler that has an answer (see {@link Problems#of}) is given to {@code refused}; any other
     * is thrown on.
     *
     * @param <R> the response
     * @param <X> what the handler may throw
     * @param handler called if the request is admitted, on this thread, its tenant current
     * @param refused called with the answer if the request is not admitted, or, the tenant still current, if its
     *     handler failed with one
     * @return what the handler, or else {@code refused}, returned
     * @throws X if the handler does
     */
    public <R extends @Nullable Object, X extends Exception> R handle(
            TenantRequest request, Handler<Admitted, R, X> handler, Handler<Problem, R, X> refused) throws X {
        Admission admission = admit(request);
        if (admission instanceof Admission.Denied denied) {
            return refused.handle(denied.problem());
        }
        try (Admitted admitted = (Admitted) admission;
                TenantContext.Scope scope = TenantContext.open(admitted.identity())) {
            return handle(admitted, handler, refused);
        }
    }

    private static <R extends @Nullable Object, X extends Exception> R handle(
            Admitted admitted, Handler<Admitted, R, X> handler, Handler<Problem, R, X> refused) throws X {
        try {
            R response = handler.handle(admitted);
            if (Unfinished.is(response)) {
                throw new IllegalStateException("the handler returned before it was done, with a "
                        + Unfinished.nameOf(response) + "; use handleAsync");
            }
            admitted.markSucceeded();
            return response;
        } catch (Exception failure) {
            Optional<Problem> answer = Problems.of(failure);
            if (answer.isEmpty()) {
                throw failure;
            }
            Problems.log(failure, answer.get());
            return refused.handle(answer.get());
        }
    }

    /**
     * Admits {@code request} and handles it in the context of its tenant, by a handler that returns before it is done.
     *
     * <p>The request counts as handled when the stage that the handler returned ends; one that never ends holds what
     * the guards gave out, a reservation for example. The tenant is current while the handler itself runs; what it
     * starts elsewhere carries the tenant with {@link TenantContext#wrap}. Failures are answered as by {@link #handle}.
     *
     * @param <R> the response
     * @param handler called if the request is admitted, on this thread, its tenant current
     * @param refused called with the answer if the request is not admitted, or, the tenant current, on the thread that
     *     ends the stage, if its handler failed with one
     * @return ends, with what the handler's stage or else {@code refused} gave, when the request has been handled;
     *     cancelling it does not stop the handler
     */
    public <R extends @Nullable Object> CompletableFuture<R> handleAsync(
            TenantRequest request,
            Handler<Admitted, ? extends CompletionStage<R>, ?> handler,
            Handler<Problem, R, ?> refused) {
        Admission admission = admit(request);
        if (admission instanceof Admitted admitted) {
            return new AsyncHandling<>(admitted, refused).start(handler);
        }
        try {
            return CompletableFuture.completedFuture(refused.handle(((Admission.Denied) admission).problem()));
        } catch (Exception failure) {
            return CompletableFuture.failedFuture(failure);
        }
    }

    /**
     * Closes the resolvers that {@link #load} found or made and that can be closed. What was made by hand stays open.
     * Closing again does nothing. To be called when no request is being admitted any more.
     */
    @Override
    public void close() {
        ResolverLoader.closeAll(own.getAndSet(List.of()));
    }

    private Admission admit(TenantRequest request, TenantIdentity proven) {
        Optional<Tenant> found;
        try {
            found = Objects.requireNonNull(catalog.find(proven.tenantId()), "the catalog returned null");
        } catch (Exception failure) { // also a checked one, which other languages throw undeclared
            return unavailable(new UnavailableException("the catalog cannot be asked", failure));
        }
        if (found.isEmpty()) {
            return refuse("tenant " + proven.tenantId() + " is not in the catalog", Problem.refused());
        }
        Tenant tenant = found.get();
        if (!tenant.id().equals(proven.tenantId())) {
            return unavailable(new UnavailableException(
                    "the catalog was asked for tenant " + proven.tenantId() + " and gave " + tenant.id(), null));
        }
        if (tenant.status() != Tenant.Status.ACTIVE) {
            SecurityLog.info(
                    "refused with {}: tenant {} is suspended",
                    Problem.suspended().status(),
                    tenant.id());
            return refuseProven(proven, Problem.suspended());
        }
        TenantIdentity identity = proven.alsoReading(tenant.readableTenants());
        try {
            Admission admission = guards.pass(new GuardedRequest(request, identity, tenant));
            return admission.fold(
                    admitted -> {
                        listener.admitted(identity);
                        return admitted;
                    },
                    denied -> refuseProven(identity, denied.problem()));
        } catch (IllegalStateException leak) {
            LOG.error("a guard left a scope of its own open", leak);
            return refuseProven(identity, Problem.unavailable());
        }
    }

    private Admission refuseProven(TenantIdentity identity, Problem problem) {
        listener.refused(identity, problem);
        return new Admission.Denied(problem);
    }

    private Admission refuse(String reason, Problem problem) {
        SecurityLog.info("refused with {}: {}", problem.status(), reason);
        listener.refused(problem);
        return new Admission.Denied(problem);
    }

    private Admission unavailable(Throwable cause) {
        LOG.error("a request cannot be admitted", cause);
        listener.refused(Problem.unavailable());
        return new Admission.Denied(Problem.unavailable());
    }

    /**
     * Turns one thing into a response.
     *
     * @param <T> what is handled
     * @param <R> the response
     * @param <X> what it may throw
     * @since 0.1
     */
    @FunctionalInterface
    public interface Handler<T, R extends @Nullable Object, X extends Exception> {
        /**
         * Handles {@code subject}.
         *
         * @return the response
         * @throws X if that fails
         */
        R handle(T subject) throws X;
    }

    /**
     * Collects the parts. Not thread-safe.
     *
     * @since 0.1
     */
    public static final class Builder {
        private final List<TenantResolver> resolvers = new ArrayList<>();
        private final List<Guard> guards = new ArrayList<>();
        private List<TenantResolver> own = List.of();
        private @Nullable TenantCatalog catalog;
        private final List<TenancyListener> listeners = new ArrayList<>();

        private Builder() {}

        /** Adds a resolver, asked after those added before. */
        public Builder resolver(TenantResolver resolver) {
            resolvers.add(resolver);
            return this;
        }

        /** Sets which tenants there are. */
        public Builder catalog(TenantCatalog tenants) {
            this.catalog = tenants;
            return this;
        }

        /** Adds a guard, asked after those added before. */
        public Builder guard(Guard guard) {
            guards.add(guard);
            return this;
        }

        /** Adds one who is told what happens. */
        public Builder listener(TenancyListener listener) {
            listeners.add(listener);
            return this;
        }

        /**
         * {@return the tenancy}
         *
         * @throws TenancyConfigException if there is no resolver, one with a bad name, two of one name, or no catalog;
         *     names all faults
         */
        public Tenancy build() {
            TenantCatalog tenants = catalog;
            List<String> faults = new ArrayList<>();
            if (resolvers.isEmpty()) {
                faults.add("there is no resolver; add one with resolver(…), or name one in tenancy.resolvers");
            }
            Set<String> names = new LinkedHashSet<>();
            for (TenantResolver resolver : resolvers) {
                String name = resolver.name();
                if (name == null || !ResolverNames.isValid(name)) {
                    faults.add("resolver " + resolver.getClass().getName() + " has a bad name; allowed: "
                            + ResolverProvider.ALLOWED_NAMES);
                } else if (!names.add(name)) {
                    faults.add("two resolvers have the name '" + name + "'");
                }
            }
            if (tenants == null) {
                faults.add(
                        "there is no catalog; set one with catalog(…), TenantCatalog.acceptingAny() if every proven tenant"
                                + " is to be served");
            }
            if (tenants == null || !faults.isEmpty()) {
                ResolverLoader.closeAll(own);
                throw new TenancyConfigException(faults);
            }
            LOG.info("tenants are resolved by {}", names);
            return new Tenancy(this, tenants);
        }
    }
}
