package dev.tenancy.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;

/** An admitted request, whose asynchronous work is the tenant's and ends its exchange. */
final class TenantServletRequest extends HttpServletRequestWrapper {
    private final Exchange exchange;

    TenantServletRequest(HttpServletRequest request, Exchange exchange) {
        super(request);
        this.exchange = exchange;
    }

    @Override
    public AsyncContext startAsync() {
        return exchange.started(super.startAsync());
    }

    @Override
    public AsyncContext startAsync(ServletRequest request, ServletResponse response) {
        return exchange.started(super.startAsync(request, response));
    }

    @Override
    public AsyncContext getAsyncContext() {
        return new TenantAsyncContext(super.getAsyncContext(), exchange.identity());
    }
}
