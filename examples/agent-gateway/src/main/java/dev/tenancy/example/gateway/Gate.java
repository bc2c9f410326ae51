package dev.tenancy.example.gateway;

import dev.tenancy.Admitted;
import dev.tenancy.Problem;
import dev.tenancy.Tenancy;
import dev.tenancy.TenantRequest;
import dev.tenancy.servlet.ServletTenantRequest;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.security.Principal;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/** Lets requests through to handlers as the library says: the whole adapter between it and Javalin. */
final class Gate {
    private final Tenancy tenancy;

    Gate(Tenancy tenancy) {
        this.tenancy = tenancy;
    }

    /** Handles a request of a proven tenant, whose context is open. */
    interface TenantHandler {
        void handle(Context ctx, Admitted admitted) throws Exception;
    }

    /** A handler that runs in the context of the request's tenant, or not at all. */
    Handler to(TenantHandler handler) {
        return to(handler, ctx -> Optional.empty());
    }

    /**
     * A handler that runs in the context of the request's tenant, or not at all.
     *
     * @param subject what the request is about, for guards that ask; read only then, so only from those who have passed
     *     before
     */
    Handler to(TenantHandler handler, Function<Context, Optional<Object>> subject) {
        return ctx -> tenancy.handle(
                JavalinRequest.of(ctx, subject),
                admitted -> {
                    admit(ctx, admitted);
                    handler.handle(ctx, admitted);
                    return ctx;
                },
                problem -> answer(ctx, problem));
    }

    /** Handles a request of a proven tenant, whose context is open, and returns before it is done. */
    interface AsyncTenantHandler {
        CompletionStage<Context> handle(Context ctx, Admitted admitted) throws Exception;
    }

    /** As {@link #to}, for a handler that returns before it is done; the guards are told when its stage ends. */
    Handler toAsync(AsyncTenantHandler handler) {
        return ctx -> ctx.future(() -> tenancy.handleAsync(
                JavalinRequest.of(ctx, context -> Optional.empty()),
                admitted -> {
                    admit(ctx, admitted);
                    return handler.handle(ctx, admitted);
                },
                problem -> answer(ctx, problem)));
    }

    private static void admit(Context ctx, Admitted admitted) {
        RequestLog.admitted(ctx, admitted.tenant().id());
        admitted.headers().forEach(ctx::header);
    }

    static Context answer(Context ctx, Problem problem) {
        problem.sendTo(ctx::header, (status, body) -> ctx.status(status).result(body));
        return ctx;
    }

    /** The request as any servlet container has it, and what it is about. */
    private record JavalinRequest(TenantRequest request, Supplier<Optional<Object>> subject) implements TenantRequest {
        private static final Set<Class<?>> SENDER = Set.of(Principal.class, X509Certificate.class);

        static JavalinRequest of(Context ctx, Function<Context, Optional<Object>> subject) {
            return new JavalinRequest(ServletTenantRequest.of(ctx.req()), () -> subject.apply(ctx));
        }

        @Override
        public String method() {
            return request.method();
        }

        @Override
        public String rawPath() {
            return request.rawPath();
        }

        @Override
        public Optional<String> rawQuery() {
            return request.rawQuery();
        }

        @Override
        public Optional<String> authority() {
            return request.authority();
        }

        @Override
        public List<String> headers(String name) {
            return request.headers(name);
        }

        /** Who sent the request is asked before anybody is admitted, and for that the body is not read. */
        @Override
        public <T> Optional<T> attribute(Class<T> type) {
            Optional<T> known = request.attribute(type);
            return known.isPresent() || SENDER.contains(type)
                    ? known
                    : subject.get().filter(type::isInstance).map(type::cast);
        }
    }
}
