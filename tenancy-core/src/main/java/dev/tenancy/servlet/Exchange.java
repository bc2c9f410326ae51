package dev.tenancy.servlet;

import dev.tenancy.Admitted;
import dev.tenancy.TenantIdentity;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/**
 * An admitted request from its admission to its end, over all its dispatches.
 *
 * <p>It ends with the dispatch in which nobody starts asynchronous work, or when the container says that the work is
 * over. Whichever comes first closes the {@link Admitted}, and what comes later does nothing.
 */
final class Exchange implements AsyncListener {
    private final Admitted admitted;
    private final HttpServletResponse response;
    private volatile boolean goesOn;
    private volatile boolean failed;

    Exchange(Admitted admitted, HttpServletResponse response) {
        this.admitted = admitted;
        this.response = response;
    }

    Admitted admitted() {
        return admitted;
    }

    TenantIdentity identity() {
        return admitted.identity();
    }

    /** Begins a dispatch in which the handler may start asynchronous work, or not. */
    void enter() {
        goesOn = false;
    }

    /** Says that asynchronous work was started. */
    AsyncContext started(AsyncContext context) {
        context.addListener(this);
        goesOn = true;
        return new TenantAsyncContext(context, identity());
    }

    void fail() {
        failed = true;
    }

    /** Ends a dispatch, and the exchange unless asynchronous work was started. */
    void leave(HttpServletRequest request) {
        try {
            if (!goesOn && request.isAsyncStarted()) { // by a handler that took the container's own request
                started(request.getAsyncContext());
            }
        } finally {
            if (!goesOn) {
                end();
            }
        }
    }

    private void end() {
        if (!failed && response.getStatus() < HttpServletResponse.SC_INTERNAL_SERVER_ERROR) {
            admitted.markSucceeded();
        }
        admitted.close();
    }

    @Override
    public void onComplete(AsyncEvent event) {
        end();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        fail();
    }

    /** Ends it if an error page is not possible any more: Jetty then aborts, and tells nobody of the completion. */
    @Override
    public void onError(AsyncEvent event) {
        fail();
        if (response.isCommitted()) {
            end();
        }
    }

    /** Stays for the next asynchronous work: containers forget listeners when it is started. */
    @Override
    public void onStartAsync(AsyncEvent event) {
        event.getAsyncContext().addListener(this);
    }
}
