package dev.tenancy.servlet;

import dev.tenancy.Admission;
import dev.tenancy.Admitted;
import dev.tenancy.Problem;
import dev.tenancy.Problems;
import dev.tenancy.Tenancy;
import dev.tenancy.TenantContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * Lets requests of proven tenants through to filters and servlets behind it, and runs those in the tenant's context.
 *
 * <p>A request is admitted once, when it comes in. Where it is dispatched again (asynchronously, forwarded, included,
 * to an error page), what is behind this filter runs in the context of the same tenant, and guards are not asked again.
 * A request that is refused reaches nothing behind this filter, except an error page that something in front of it asks
 * for, which runs as nobody. What clients may reach without a tenant is not mapped to this filter; if that forwards to
 * what is, it fails.
 *
 * <p>A refusal, and a failure that has an answer (see {@link Problems#of}), is written as problem details, never as an
 * error page of the host; header fields set in front of this filter stay. Other failures, and those that come too late
 * because the response is committed or asynchronous work has started, are thrown on to the container.
 *
 * <p>The guards are told of the end when the dispatch ends in which no asynchronous work was started, before an error
 * page and before the container sends what it has buffered; or when asynchronous work is over. The request has
 * succeeded if its handler threw nothing, its asynchronous work had neither timeout nor error, and its status is below
 * 500.
 *
 * <p>In asynchronous work these are in the tenant's context: tasks given to {@link jakarta.servlet.AsyncContext#start},
 * listeners added to the {@code AsyncContext} that {@code startAsync} returned, and asynchronous dispatches. Callbacks
 * of non-blocking reads and writes, upgraded connections, and the host's own threads have no tenant unless the host
 * carries it there with {@link TenantContext}.
 *
 * <p>Immutable and thread-safe. Two of them in front of one servlet both have to admit, and the inner one's tenant is
 * current.
 *
 * @since 0.1
 */
public final class TenancyFilter implements Filter {
    private static final String ADMITTED = Admitted.class.getName();

    private final Tenancy tenancy;

    /** Where a request carries what this filter, and no other one, decided. */
    private final String decision = TenancyFilter.class.getName() + "." + UUID.randomUUID();

    private TenancyFilter(Tenancy tenancy) {
        this.tenancy = Objects.requireNonNull(tenancy, "tenancy");
    }

    /** {@return a filter that admits what {@code tenancy} admits} */
    public static TenancyFilter of(Tenancy tenancy) {
        return new TenancyFilter(tenancy);
    }

    /** {@return what the innermost filter that {@code request} has passed admitted; empty if it passed none} */
    public static Optional<Admitted> admitted(ServletRequest request) {
        return request.getAttribute(ADMITTED) instanceof Admitted admitted ? Optional.of(admitted) : Optional.empty();
    }

    /**
     * Registers this filter, with support for asynchronous work and for every way of dispatch, behind the filters that
     * are declared or registered before. One that authenticates users has to be among those.
     *
     * @param urlPatterns what is behind this filter, such as {@code /*} or {@code /api/*}
     * @throws IllegalStateException if it is registered already, or the context has been initialized
     * @throws IllegalArgumentException if there is no pattern
     */
    public void register(ServletContext context, String... urlPatterns) {
        if (urlPatterns.length == 0) {
            throw new IllegalArgumentException(
                    "the filter is registered for no URL pattern; name what is behind it, /* for all");
        }
        FilterRegistration.Dynamic registration = context.addFilter(decision, this);
        if (registration == null) {
            throw new IllegalStateException("this filter is registered already");
        }
        registration.setAsyncSupported(true);
        registration.addMappingForUrlPatterns(EnumSet.allOf(DispatcherType.class), true, urlPatterns);
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (!(request instanceof HttpServletRequest httpRequest)
                || !(response instanceof HttpServletResponse httpResponse)) {
            throw new ServletException("only HTTP requests have a tenant");
        }
        Object decided = request.getAttribute(decision);
        DispatcherType dispatch = request.getDispatcherType();
        if (decided instanceof Exchange exchange) {
            if (dispatch == DispatcherType.ASYNC) {
                handle(exchange, httpRequest, httpResponse, chain);
            } else {
                handleWithin(exchange, httpRequest, httpResponse, chain);
            }
        } else if (dispatch == DispatcherType.ERROR || decided == DispatcherType.ERROR) {
            showErrorPage(request, response, chain);
        } else if (dispatch == DispatcherType.REQUEST && decided == null) {
            admit(httpRequest, httpResponse, chain);
        } else {
            throw new ServletException("a request that was not admitted when it came in is dispatched (" + dispatch
                    + ") to what is behind the tenancy filter");
        }
    }

    /** Shows the error page of a request that was not admitted, and what the page forwards to and includes. */
    private void showErrorPage(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (TenantContext.current().isPresent()) {
            throw new ServletException("the error page of a request of nobody is asked for in a tenant's context");
        }
        request.setAttribute(decision, DispatcherType.ERROR);
        chain.doFilter(request, response);
    }

    private void admit(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Admission admission = tenancy.admit(ServletTenantRequest.of(request));
        if (admission instanceof Admission.Denied denied) {
            request.setAttribute(decision, denied);
            new ProblemResponse(response).send(denied.problem());
        } else {
            handle(new Exchange((Admitted) admission, response), request, response, chain);
        }
    }

    /** Handles a dispatch with which the exchange may end. */
    private void handle(Exchange exchange, HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        exchange.enter();
        try (TenantContext.Scope scope = TenantContext.open(exchange.identity())) {
            request.setAttribute(decision, exchange);
            request.setAttribute(ADMITTED, exchange.admitted());
            exchange.admitted().headers().forEach(response::setHeader);
            answer(exchange, request, response, chain);
        } catch (Throwable failure) { // also that the handler left a scope of its own open
            exchange.fail();
            throw failure;
        } finally {
            exchange.leave(request);
        }
    }

    private static void answer(
            Exchange exchange, HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        ProblemResponse inItsPlace = new ProblemResponse(response);
        try {
            chain.doFilter(new TenantServletRequest(request, exchange), response);
        } catch (Throwable failure) {
            exchange.fail();
            Optional<Problem> problem = Problems.of(failure);
            if (problem.isEmpty() || response.isCommitted() || request.isAsyncStarted()) {
                throw failure;
            }
            Problems.log(failure, problem.get());
            inItsPlace.send(problem.get());
        }
    }

    /** Handles a dispatch within another one, to which failures go, or to an error page. */
    private static void handleWithin(
            Exchange exchange, HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        try (TenantContext.Scope scope = TenantContext.open(exchange.identity())) {
            chain.doFilter(new TenantServletRequest(request, exchange), response);
        }
    }
}
