package dev.tenancy.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.Guard;
import dev.tenancy.GuardedRequest;
import dev.tenancy.Tenancy;
import dev.tenancy.Tenant;
import dev.tenancy.TenantCatalog;
import dev.tenancy.TenantContext;
import dev.tenancy.resolver.HeaderTenantResolver;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.ee10.servlet.ErrorPageErrorHandler;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.http.HttpTester;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.MDC;

/**
 * A Jetty with a {@link TenancyFilter} before everything under {@code /}, except what is asked to stand in front.
 *
 * <p>Tenants are {@code acme}, {@code t0} to {@code t15}, and {@code frozen}, which is suspended; the header
 * {@code X-Tenant} names them. Closing it fails if any thread of the server ever began or ended a job with a tenant.
 */
final class TestServer implements AutoCloseable {
    final Ledger ledger = new Ledger();
    final TenancyFilter filter;
    /** Threads of the host, which know nothing of tenants. */
    final ExecutorService host = Executors.newFixedThreadPool(4);

    private final List<String> dirt = new CopyOnWriteArrayList<>();
    private final Server jetty = new Server(new CleanThreadPool());
    private final ServerConnector connector = new ServerConnector(jetty);
    private final ServletContextHandler context = new ServletContextHandler();
    private final ErrorPageErrorHandler errorPages = new ErrorPageErrorHandler();

    /** With a filter that registers itself. */
    TestServer() {
        this(EnumSet.noneOf(DispatcherType.class));
    }

    /** With a filter that is mapped for {@code dispatches} only, or, if those are none, registers itself. */
    TestServer(EnumSet<DispatcherType> dispatches) {
        this.filter = TenancyFilter.of(tenancy(ledger));
        jetty.addConnector(connector);
        jetty.setHandler(context);
        context.setErrorHandler(errorPages);
        filter("/*", this::expectNobodyAround);
        if (dispatches.isEmpty()) {
            context.addServletContainerInitializer((classes, servlets) -> filter.register(servlets, "/*"));
        } else {
            filter("/*", filter, dispatches);
        }
    }

    private void expectNobodyAround(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        DispatcherType type = request.getDispatcherType();
        // Jetty shows an error page on the thread that completes the request, which may work for its tenant.
        boolean outermost = type == DispatcherType.REQUEST || type == DispatcherType.ASYNC;
        if (outermost) {
            expectNobody("before " + type);
        }
        try {
            chain.doFilter(request, response);
        } finally {
            if (outermost) {
                expectNobody("after " + type);
            }
        }
    }

    private void expectNobody(String when) {
        if (TenantContext.current().isPresent() || MDC.get(TenantContext.MDC_KEY) != null) {
            dirt.add(when + ": " + Ledger.tenant() + ", in the log " + MDC.get(TenantContext.MDC_KEY));
        }
    }

    /** Looks at every job of every thread of the server, also those in which no filter is called. */
    private final class CleanThreadPool extends QueuedThreadPool {
        CleanThreadPool() {
            super(8);
        }

        @Override
        protected void runJob(Runnable job) {
            expectNobody("before a job");
            try {
                super.runJob(job);
            } finally {
                expectNobody("after a job");
            }
        }
    }

    /** A tenancy of the tenants above, of which {@code down} is an outage. */
    static Tenancy tenancy(Guard... guards) {
        TenantCatalog catalog = id -> {
            if (id.value().equals("down")) {
                throw new IllegalStateException("the catalog is down");
            }
            return id.value().matches("acme|t\\d+|frozen")
                    ? Optional.of(Tenant.builder(id)
                            .status(id.value().equals("frozen") ? Tenant.Status.SUSPENDED : Tenant.Status.ACTIVE)
                            .build())
                    : Optional.empty();
        };
        Tenancy.Builder builder =
                Tenancy.builder().resolver(HeaderTenantResolver.of("X-Tenant")).catalog(catalog);
        for (Guard guard : guards) {
            builder.guard(guard);
        }
        return builder.guard(new LastGuard()).build();
    }

    /** A guard behind the ledger, so that the ledger has something to undo. */
    private static final class LastGuard implements Guard {
        @Override
        public String name() {
            return "last";
        }

        @Override
        public Decision check(GuardedRequest request) {
            return request.request().headers(Ledger.DENY).contains("last")
                    ? new Denied(Ledger.LIMITED)
                    : new Passed() {};
        }
    }

    /** What handles a request. */
    interface Handler {
        void handle(HttpServletRequest request, HttpServletResponse response) throws ServletException, IOException;
    }

    TestServer servlet(String pattern, Handler handler) {
        ServletHolder holder = new ServletHolder(new HttpServlet() {
            @Override
            protected void service(HttpServletRequest request, HttpServletResponse response)
                    throws ServletException, IOException {
                handler.handle(request, response);
            }
        });
        holder.setAsyncSupported(true);
        context.addServlet(holder, pattern);
        return this;
    }

    /** Puts a filter behind those added before, and in front of one that registers itself. */
    TestServer filter(String pattern, Filter filter) {
        return filter(pattern, filter, EnumSet.allOf(DispatcherType.class));
    }

    private TestServer filter(String pattern, Filter filter, EnumSet<DispatcherType> dispatches) {
        FilterHolder holder = new FilterHolder(filter);
        holder.setAsyncSupported(true);
        context.addFilter(holder, pattern, dispatches);
        return this;
    }

    /** Does something when the context starts. */
    TestServer initializer(ServletContainerInitializer initializer) {
        context.addServletContainerInitializer(initializer);
        return this;
    }

    TestServer errorPage(int status, String location) {
        errorPages.addErrorPage(status, location);
        return this;
    }

    TestServer start() throws Exception {
        jetty.start();
        return this;
    }

    /** Gets {@code path} for {@code tenant}, for nobody if that is empty, on a connection of its own. */
    Answer get(String tenant, String path, String... headers) throws IOException {
        try (Socket socket = connect()) {
            sendGet(socket, tenant, path, headers);
            return Answer.read(HttpTester.from(socket.getInputStream()));
        }
    }

    static void sendGet(Socket socket, String tenant, String path, String... headers) throws IOException {
        List<String> lines = new ArrayList<>(List.of("GET " + path + " HTTP/1.1", "Host: localhost"));
        if (!tenant.isEmpty()) {
            lines.add("X-Tenant: " + tenant);
        }
        lines.addAll(List.of(headers));
        lines.addAll(List.of("", ""));
        send(socket, lines.toArray(String[]::new));
    }

    Socket connect() throws IOException {
        Socket socket = new Socket("localhost", connector.getLocalPort());
        socket.setSoTimeout(60_000);
        return socket;
    }

    /** Sends {@code lines} as they are, and returns all that the server says until it closes the connection. */
    String raw(String... lines) throws IOException {
        try (Socket socket = connect()) {
            send(socket, lines);
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    static void send(Socket socket, String... lines) throws IOException {
        socket.getOutputStream().write(String.join("\r\n", lines).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() throws Exception {
        host.shutdown();
        assertThat(host.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        jetty.stop();
        assertThat(dirt).isEmpty();
    }
}
