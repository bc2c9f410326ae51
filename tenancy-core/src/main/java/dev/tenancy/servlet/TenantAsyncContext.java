package dev.tenancy.servlet;

import dev.tenancy.TenantContext;
import dev.tenancy.TenantIdentity;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;

/** Asynchronous work whose tasks and listeners run in the tenant's context, on whatever thread of the container. */
record TenantAsyncContext(AsyncContext context, TenantIdentity identity) implements AsyncContext {

    @Override
    public void start(Runnable task) {
        context.start(() -> TenantContext.run(identity, task::run));
    }

    @Override
    public void addListener(AsyncListener listener) {
        context.addListener(new TenantListener(listener, identity));
    }

    @Override
    public void addListener(AsyncListener listener, ServletRequest request, ServletResponse response) {
        context.addListener(new TenantListener(listener, identity), request, response);
    }

    @Override
    public <T extends AsyncListener> T createListener(Class<T> type) throws ServletException {
        return context.createListener(type);
    }

    @Override
    public ServletRequest getRequest() {
        return context.getRequest();
    }

    @Override
    public ServletResponse getResponse() {
        return context.getResponse();
    }

    @Override
    public boolean hasOriginalRequestAndResponse() {
        return context.hasOriginalRequestAndResponse();
    }

    @Override
    public void dispatch() {
        context.dispatch();
    }

    @Override
    public void dispatch(String path) {
        context.dispatch(path);
    }

    @Override
    public void dispatch(ServletContext other, String path) {
        context.dispatch(other, path);
    }

    @Override
    public void complete() {
        context.complete();
    }

    @Override
    public long getTimeout() {
        return context.getTimeout();
    }

    @Override
    public void setTimeout(long milliseconds) {
        context.setTimeout(milliseconds);
    }

    /** A listener of the host, called in the tenant's context. */
    private record TenantListener(AsyncListener listener, TenantIdentity identity) implements AsyncListener {

        @Override
        public void onComplete(AsyncEvent event) throws IOException {
            TenantContext.run(identity, () -> listener.onComplete(event));
        }

        @Override
        public void onTimeout(AsyncEvent event) throws IOException {
            TenantContext.run(identity, () -> listener.onTimeout(event));
        }

        @Override
        public void onError(AsyncEvent event) throws IOException {
            TenantContext.run(identity, () -> listener.onError(event));
        }

        @Override
        public void onStartAsync(AsyncEvent event) throws IOException {
            TenantContext.run(identity, () -> listener.onStartAsync(event));
        }
    }
}
