package dev.tenancy.example.micronaut;

import dev.tenancy.Admission;
import dev.tenancy.Admitted;
import dev.tenancy.Problem;
import dev.tenancy.Problems;
import dev.tenancy.Tenancy;
import dev.tenancy.TenantContext;
import dev.tenancy.TenantIdentity;
import dev.tenancy.TenantRequest;
import io.micronaut.core.propagation.MutablePropagatedContext;
import io.micronaut.core.propagation.ThreadPropagatedContextElement;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.http.context.event.HttpRequestTerminatedEvent;
import io.micronaut.http.server.exceptions.ExceptionHandler;
import io.micronaut.runtime.event.annotation.EventListener;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

// region adapter
/** Lets requests through to controllers as the library says: the whole adapter between it and Micronaut. */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
final class TenancyFilter {
    static final String ADMITTED = Admitted.class.getName();

    private final Tenancy tenancy;

    TenancyFilter(Tenancy tenancy) {
        this.tenancy = tenancy;
    }

    @RequestFilter
    @ExecuteOn(TaskExecutors.BLOCKING)
    @Nullable
    HttpResponse<?> admit(HttpRequest<?> request, MutablePropagatedContext context) {
        Admission admission = tenancy.admit(TenantRequest.builder()
                .method(request.getMethodName())
                .target(request.getUri())
                .headers(request.getHeaders().asMap())
                .build());
        if (admission instanceof Admitted admitted) {
            request.setAttribute(ADMITTED, admitted);
            context.add(new OfTenant(admitted.identity()));
            return null;
        }
        return answer(((Admission.Denied) admission).problem());
    }

    @ResponseFilter
    void answered(HttpRequest<?> request, MutableHttpResponse<?> response) {
        request.getAttribute(ADMITTED, Admitted.class).ifPresent(admitted -> {
            admitted.headers().forEach(response::header);
            if (response.code() < HttpResponse.serverError().code()) {
                admitted.markSucceeded();
            }
        });
    }

    /** Also of streams. */
    @EventListener
    void end(HttpRequestTerminatedEvent over) {
        over.getSource().getAttribute(ADMITTED, Admitted.class).ifPresent(Admitted::close);
    }

    static HttpResponse<?> answer(Problem problem) {
        MutableHttpResponse<byte[]> response = HttpResponse.ok();
        problem.sendTo(
                response::header, (status, body) -> response.status(status).body(body));
        return response;
    }

    /** What controllers throw. */
    @Singleton
    static final class Failures implements ExceptionHandler<Exception, HttpResponse<?>> {
        @Override
        public HttpResponse<?> handle(HttpRequest request, Exception failure) {
            return answer(Problems.answerTo(failure));
        }
    }

    /** Micronaut carries the tenant to its own threads. */
    private record OfTenant(TenantIdentity identity) implements ThreadPropagatedContextElement<TenantContext.Scope> {
        @Override
        public TenantContext.Scope updateThreadContext() {
            return TenantContext.open(identity);
        }

        @Override
        public void restoreThreadContext(TenantContext.Scope scope) {
            scope.close();
        }
    }
}
// endregion
