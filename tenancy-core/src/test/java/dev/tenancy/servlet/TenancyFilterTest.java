package dev.tenancy.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.core.read.ListAppender;
import dev.tenancy.Admitted;
import dev.tenancy.Problem;
import dev.tenancy.Problems;
import dev.tenancy.Tenancy;
import dev.tenancy.TenantContext;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.UnavailableException;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class TenancyFilterTest {
    static {
        // On the module path core does not read what logs for its tests.
        for (String logback : List.of("ch.qos.logback.classic", "ch.qos.logback.core")) {
            ModuleLayer.boot()
                    .findModule(logback)
                    .ifPresent(module -> TenancyFilterTest.class.getModule().addReads(module));
        }
    }

    private final TestServer server = new TestServer();
    private final AtomicInteger handled = new AtomicInteger();

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @Test
    void aServletRunsInItsTenantsContext() throws Exception {
        server.servlet("/", TenancyFilterTest::sayTenant).start();

        Answer response = server.get("acme", "/");

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("acme");
        assertThat(server.ledger.awaitEnds(1)).containsExactly("acme succeeded");
    }

    @Test
    void whatGuardsSayIsInTheHeaderAlsoOfAResponseThatIsCommittedAtOnce() throws Exception {
        server.servlet("/", (request, response) -> {
                    response.flushBuffer();
                    sayTenant(request, response);
                })
                .start();

        Answer response = server.get("acme", "/");

        assertThat(response.header("RateLimit")).containsExactly("\"ledger\";r=1");
        assertThat(response.header("X-Headers-For")).containsExactly("acme");
    }

    @Test
    void aHandlerGetsWhatGuardsHandedOver() throws Exception {
        server.servlet("/", (request, response) -> {
                    Admitted admitted = TenancyFilter.admitted(request).orElseThrow();
                    say(
                            response,
                            admitted.identity().tenantId() + " "
                                    + admitted.attachment(Ledger.Reservation.class)
                                            .orElseThrow());
                })
                .start();

        assertThat(server.get("acme", "/").body()).isEqualTo("acme Reservation[number=1]");
    }

    @Test
    void aRefusedRequestReachesNothing() throws Exception {
        server.servlet("/", this::count).start();

        server.get("", "/").expect(Problem.unauthenticated());
        server.get("nobody", "/").expect(Problem.refused());
        server.get("not a tenant", "/").expect(Problem.refused());
        server.get("", "/", "Authorization: Bearer garbage").expect(Problem.refused());
        server.get("frozen", "/").expect(Problem.suspended());
        server.get("down", "/").expect(Problem.unavailable());
        assertThat(server.ledger.asked()).isZero();
        server.get("acme", "/", Ledger.DENY + ": ledger").expect(Ledger.LIMITED);
        assertThat(server.ledger.asked()).isEqualTo(1);
        server.get("acme", "/", Ledger.DENY + ": last").expect(Ledger.LIMITED);

        assertThat(handled).hasValue(0);
        assertThat(server.ledger.ends()).containsExactly("acme undone");
    }

    @Test
    void aProblemIsSentAsUtf8WithItsLength() throws Exception {
        server.filter("/*", (request, response, chain) -> {
                    response.setContentLength(3);
                    response.setContentType("text/plain");
                    chain.doFilter(request, response);
                })
                .servlet("/", this::count)
                .start();

        Answer response = server.get("acme", "/", Ledger.DENY + ": ledger");

        byte[] body = Ledger.LIMITED.toJson().getBytes(StandardCharsets.UTF_8);
        assertThat(response.body().getBytes(StandardCharsets.UTF_8)).isEqualTo(body);
        assertThat(response.header("Content-Length")).containsExactly(String.valueOf(body.length));
    }

    @Test
    void theAnswerToHeadHasNoBody() throws Exception {
        server.servlet("/", this::count).start();

        String answer = server.raw("HEAD / HTTP/1.1", "Host: localhost", "Connection: close", "", "");

        assertThat(answer)
                .startsWith("HTTP/1.1 401 ")
                .containsIgnoringCase("Content-Type: application/problem+json\r\n")
                .endsWith("\r\n\r\n")
                .doesNotContain("{");
        assertThat(handled).hasValue(0);
    }

    @Test
    void theBodyOfARefusedRequestIsNotTakenForTheNextRequest() throws Exception {
        server.servlet("/", this::count).start();

        String smuggled = "GET /smuggled HTTP/1.1\r\nHost: localhost\r\nX-Tenant: acme\r\n\r\n";
        String answers = server.raw(
                "POST / HTTP/1.1",
                "Host: localhost",
                "Content-Length: " + smuggled.length(),
                "",
                smuggled + "GET / HTTP/1.1",
                "Host: localhost",
                "X-Tenant: acme",
                "Connection: close",
                "",
                "");

        assertThat(answers).startsWith("HTTP/1.1 401 ").containsOnlyOnce("HTTP/1.1 200 ");
        assertThat(handled).hasValue(1);
    }

    @Test
    void aFailureWithAnAnswerIsAnsweredInPlaceOfWhatTheHandlerBegan() throws Exception {
        server.filter("/*", (request, response, chain) -> {
                    ((HttpServletResponse) response).addHeader("X-Front", "1");
                    ((HttpServletResponse) response).addHeader("X-Front", "2");
                    chain.doFilter(request, response);
                })
                .servlet("/", (request, response) -> {
                    response.setStatus(201);
                    response.setHeader("Content-Encoding", "gzip");
                    response.setHeader("X-Front", "replaced");
                    response.setContentLength(100);
                    response.getWriter().write("acme's half of an answer");
                    throw failureOf(request);
                })
                .start();

        for (String how : List.of("plain", "wrapped", "twice")) {
            Answer response = server.get("acme", "/" + how);
            response.expect(Problem.unavailable());
            assertThat(response.header("X-Front")).containsExactly("1", "2");
            assertThat(response.header("RateLimit")).containsExactly("\"ledger\";r=1");
            assertThat(response.header("Content-Encoding")).isEmpty();
            assertThat(response.header("Date")).hasSize(1);
        }
        assertThat(server.ledger.awaitEnds(3)).containsOnly("acme failed");
    }

    private static RuntimeException failureOf(HttpServletRequest request) throws ServletException {
        UnavailableException outage = new UnavailableException("the ledger is down", null);
        switch (request.getServletPath()) {
            case "/wrapped" -> throw new ServletException(outage);
            case "/twice" -> throw new ServletException(new IllegalStateException(outage));
            default -> {
                return outage;
            }
        }
    }

    @Test
    void aFailureWithAnAnswerBelow500HasFailedAllTheSame() throws Exception {
        server.servlet("/", (request, response) -> {
                    throw new TestException(Problem.notFound());
                })
                .start();

        server.get("acme", "/").expect(Problem.notFound());
        assertThat(server.ledger.awaitEnds(1)).containsExactly("acme failed");
    }

    @Test
    void anAnsweredOutageIsLoggedWithItsCauseForItsTenant() throws Exception {
        UnavailableException outage = new UnavailableException("the ledger is down", null);
        server.servlet("/", (request, response) -> {
                    throw outage;
                })
                .start();
        Logger logger = (Logger) LoggerFactory.getLogger(Problems.class);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.addAppender(log);
        try {
            server.get("acme", "/").expect(Problem.unavailable());
        } finally {
            logger.detachAppender(log);
        }

        assertThat(log.list)
                .singleElement()
                .satisfies(event -> assertThat(event.getLevel()).isEqualTo(Level.ERROR))
                .satisfies(event -> assertThat(((ThrowableProxy) event.getThrowableProxy()).getThrowable())
                        .isSameAs(outage))
                .satisfies(event -> assertThat(event.getMDCPropertyMap()).containsEntry("tenant_id", "acme"));
    }

    @Test
    void aFailureIsAnsweredInTheTenantsContext() throws Exception {
        List<String> answeredFor = new CopyOnWriteArrayList<>();
        server.filter("/*", (request, response, chain) -> {
                    chain.doFilter(request, new HttpServletResponseWrapper((HttpServletResponse) response) {
                        @Override
                        public void setStatus(int status) {
                            answeredFor.add(status + " for " + Ledger.tenant());
                            super.setStatus(status);
                        }
                    });
                })
                .servlet("/", (request, response) -> {
                    throw new TestException(Problem.notFound());
                })
                .start();

        server.get("acme", "/").expect(Problem.notFound());
        assertThat(answeredFor).containsExactly("404 for acme");
    }

    @Test
    void aFailureWithoutAnAnswerIsTheContainersToAnswer() throws Exception {
        server.servlet("/", (request, response) -> {
                    switch (request.getQueryString()) {
                        case "io" -> throw new IOException("expected");
                        case "servlet" -> throw new ServletException("expected");
                        case "error" -> throw new StackOverflowError("expected");
                        default -> throw new IllegalArgumentException("expected");
                    }
                })
                .start();

        for (String kind : List.of("io", "servlet", "error", "runtime")) {
            Answer response = server.get("acme", "/?" + kind);
            assertThat(response.status()).isEqualTo(500);
            assertThat(response.header("Content-Type")).allMatch(type -> type.startsWith("text/html"));
        }
        assertThat(server.ledger.awaitEnds(4)).containsOnly("acme failed").hasSize(4);
    }

    @Test
    void aFailureAfterTheCommitBreaksTheResponse() throws Exception {
        CompletableFuture<Throwable> seenInFront = new CompletableFuture<>();
        server.filter("/*", (request, response, chain) -> {
                    try {
                        chain.doFilter(request, response);
                    } catch (RuntimeException failure) {
                        seenInFront.complete(failure);
                        throw failure;
                    }
                })
                .servlet("/", (request, response) -> {
                    response.getOutputStream().print("half");
                    response.flushBuffer();
                    throw new TestException(Problem.notFound());
                })
                .start();

        assertThatThrownBy(() -> server.get("acme", "/")).isInstanceOf(EOFException.class);
        assertThat(seenInFront.get(30, TimeUnit.SECONDS)).isInstanceOf(TestException.class);
        assertThat(server.ledger.awaitEnds(1)).containsExactly("acme failed");
    }

    @Test
    void aStatusFrom500OnHasFailedAndOneBelowHasNot() throws Exception {
        server.servlet("/", (request, response) -> {
                    int status = Integer.parseInt(request.getQueryString());
                    if (request.getServletPath().equals("/error")) {
                        response.sendError(status);
                    } else {
                        response.setStatus(status);
                    }
                })
                .start();

        for (String path : List.of("/?500", "/error?500", "/?503", "/?499", "/?404", "/error?404", "/?302")) {
            server.get("acme", path);
        }

        assertThat(server.ledger.awaitEnds(7))
                .containsExactly(
                        "acme failed",
                        "acme failed",
                        "acme failed",
                        "acme succeeded",
                        "acme succeeded",
                        "acme succeeded",
                        "acme succeeded");
    }

    @Test
    void aHandlerThatLeavesAScopeOpenHasFailedAndTheThreadIsClean() throws Exception {
        server.servlet("/", (request, response) -> TenantContext.open(TenantIdentity.of(TenantId.of("t1"), "test")))
                .start();

        assertThat(server.get("acme", "/").status()).isEqualTo(500);
        assertThat(server.ledger.awaitEnds(1)).containsExactly("acme failed");
    }

    @Test
    void aRequestEndsAlsoWhereTheContainerContradictsItself() throws Exception {
        server.filter(
                        "/*",
                        (request, response, chain) -> chain.doFilter(
                                new HttpServletRequestWrapper((HttpServletRequest) request) {
                                    @Override
                                    public boolean isAsyncStarted() {
                                        return true;
                                    }
                                },
                                response))
                .servlet("/", TenancyFilterTest::sayTenant)
                .start();

        assertThat(server.get("acme", "/").status()).isEqualTo(500);
        assertThat(server.ledger.awaitEnds(1)).containsExactly("acme succeeded");
    }

    @Test
    void aResponseThatTakesNoHeadersFailsAndEndsTheRequest() throws Exception {
        server.filter(
                        "/*",
                        (request, response, chain) ->
                                chain.doFilter(request, new HttpServletResponseWrapper((HttpServletResponse) response) {
                                    @Override
                                    public void setHeader(String name, String value) {
                                        throw new IllegalStateException("expected");
                                    }
                                }))
                .servlet("/", this::count)
                .start();

        assertThat(server.get("acme", "/").status()).isEqualTo(500);
        assertThat(handled).hasValue(0);
        assertThat(server.ledger.awaitEnds(1)).containsExactly("acme failed");
    }

    @Test
    void anErrorPageRunsInTheContextOfTheAdmittedRequest() throws Exception {
        server.servlet("/", (request, response) -> {
                    if ("throw".equals(request.getQueryString())) {
                        throw new IllegalStateException("expected");
                    }
                    response.sendError(500);
                })
                .servlet("/page", (request, response) -> say(response, "page of " + Ledger.tenant()))
                .errorPage(500, "/page")
                .start();

        assertThat(server.get("acme", "/?throw").body()).isEqualTo("page of acme");
        assertThat(server.get("acme", "/?send").body()).isEqualTo("page of acme");
        assertThat(server.ledger.asked()).isEqualTo(2);
        assertThat(server.ledger.awaitEnds(2)).containsExactly("acme failed", "acme failed");
    }

    @Test
    void anErrorPageOfARefusedRequestRunsAsNobodyAndAsksNobodyAgain() throws Exception {
        server.filter("/*", (request, response, chain) -> {
                    if (request.getDispatcherType() == DispatcherType.REQUEST) {
                        HttpServletResponse answer = (HttpServletResponse) response;
                        chain.doFilter(request, new Unsent(answer));
                        answer.sendError(429);
                    } else {
                        chain.doFilter(request, response);
                    }
                })
                .servlet("/page", (request, response) -> {
                    response.getWriter().print("page of " + Ledger.tenant() + TenancyFilter.admitted(request) + "; ");
                    request.getRequestDispatcher("/included").include(request, response);
                    request.getRequestDispatcher("/included").include(request, response);
                })
                .servlet(
                        "/included",
                        (request, response) -> response.getWriter().print("with " + Ledger.tenant() + "; "))
                .errorPage(429, "/page")
                .start();

        assertThat(server.get("acme", "/", Ledger.DENY + ": last").body())
                .isEqualTo("page of nobodyOptional.empty; with nobody; with nobody; ");
        assertThat(server.ledger.asked()).isEqualTo(1);
        assertThat(server.ledger.ends()).containsExactly("acme undone");
    }

    @Test
    void anErrorPageOfNobodyIsNotShownOnAThreadThatWorksForSomebody() throws Exception {
        server.filter("/*", (request, response, chain) -> {
                    if (request.getDispatcherType() == DispatcherType.REQUEST) {
                        ((HttpServletResponse) response).sendError(418);
                    } else {
                        try (TenantContext.Scope careless =
                                TenantContext.open(TenantIdentity.of(TenantId.of("t1"), "test"))) {
                            chain.doFilter(request, response);
                        }
                    }
                })
                .servlet("/page", this::count)
                .errorPage(418, "/page")
                .start();

        assertThat(server.get("", "/").status()).isEqualTo(418);
        assertThat(handled).hasValue(0);
    }

    @Test
    void anErrorPageOfARequestThatNeverCameHereRunsAsNobody() throws Exception {
        server.filter("/*", (request, response, chain) -> {
                    if (request.getDispatcherType() == DispatcherType.REQUEST) {
                        ((HttpServletResponse) response).sendError(418);
                    } else {
                        chain.doFilter(request, response);
                    }
                })
                .servlet(
                        "/page",
                        (request, response) ->
                                request.getRequestDispatcher("/said").forward(request, response))
                .servlet("/said", (request, response) -> say(response, Ledger.tenant()))
                .errorPage(418, "/page")
                .start();

        assertThat(server.get("acme", "/").body()).isEqualTo("nobody");
        assertThat(server.ledger.asked()).isZero();
    }

    @Test
    void forwardsAndIncludesAreOfTheSameRequest() throws Exception {
        server.servlet("/", (request, response) -> {
                    request.getRequestDispatcher("/part?1").include(request, response);
                    TenantContext.run(TenantIdentity.of(TenantId.of("t1"), "test"), () -> {
                        try {
                            request.getRequestDispatcher("/part?2").include(request, response);
                        } catch (ServletException failure) {
                            throw new IOException(failure);
                        }
                        response.getWriter().print(Ledger.tenant() + " ");
                    });
                    response.getWriter().print(Ledger.tenant());
                })
                .servlet(
                        "/forward",
                        (request, response) -> request.getRequestDispatcher("/").forward(request, response))
                .servlet("/part", (request, response) -> response.getWriter().print(Ledger.tenant() + " "))
                .start();

        assertThat(server.get("acme", "/").body()).isEqualTo("acme acme t1 acme");
        assertThat(server.get("acme", "/forward").body()).isEqualTo("acme acme t1 acme");
        assertThat(server.ledger.asked()).isEqualTo(2);
        assertThat(server.ledger.awaitEnds(2)).containsExactly("acme succeeded", "acme succeeded");
    }

    @Test
    void whatAnIncludingServletCatchesIsNotAFailureOfTheRequest() throws Exception {
        server.servlet("/", (request, response) -> {
                    try {
                        request.getRequestDispatcher("/part").include(request, response);
                    } catch (TestException missing) {
                        say(response, "without that part, for " + Ledger.tenant());
                    }
                })
                .servlet("/part", (request, response) -> {
                    throw new TestException(Problem.notFound());
                })
                .servlet(
                        "/careless",
                        (request, response) ->
                                request.getRequestDispatcher("/part").include(request, response))
                .start();

        assertThat(server.get("acme", "/").body()).isEqualTo("without that part, for acme");
        assertThat(server.ledger.awaitEnds(1)).containsExactly("acme succeeded");
        server.get("acme", "/careless").expect(Problem.notFound());
        assertThat(server.ledger.awaitEnds(2)).containsExactly("acme succeeded", "acme failed");
    }

    @Test
    void whatWasNotAdmittedWhenItCameInIsNotDispatchedToATenantsServlet() throws Exception {
        server.filter("/open/*", (request, response, chain) -> {
                    if (request.getDispatcherType() == DispatcherType.REQUEST) {
                        var tenants = request.getRequestDispatcher("/tenants");
                        switch (request.getParameter("how")) {
                            case "include" -> tenants.include(request, response);
                            case "forward" -> tenants.forward(request, response);
                            default -> request.startAsync().dispatch("/tenants");
                        }
                    }
                })
                .servlet("/tenants", this::count)
                .start();

        for (String how : List.of("include", "forward", "async")) {
            Answer response = server.get("acme", "/open/?how=" + how);
            assertThat(response.status()).as(how).isEqualTo(500);
        }
        assertThat(handled).hasValue(0);
        assertThat(server.ledger.asked()).isZero();
    }

    @Test
    void aRefusedRequestIsNotAskedAboutAgainByAFilterThatTriesAgain() throws Exception {
        CompletableFuture<Throwable> secondTry = new CompletableFuture<>();
        server.filter("/*", (request, response, chain) -> {
                    chain.doFilter(request, response);
                    if (request.getDispatcherType() == DispatcherType.REQUEST) {
                        try {
                            chain.doFilter(request, response);
                            secondTry.complete(new AssertionError("nothing was thrown"));
                        } catch (ServletException refused) {
                            secondTry.complete(refused);
                        }
                    }
                })
                .servlet("/", this::count)
                .start();

        server.get("acme", "/", Ledger.DENY + ": ledger").expect(Ledger.LIMITED);
        assertThat(secondTry.get(30, TimeUnit.SECONDS))
                .hasMessage(
                        "a request that was not admitted when it came in is dispatched (REQUEST) to what is behind the"
                                + " tenancy filter");
        assertThat(server.ledger.asked()).isEqualTo(1);
        assertThat(handled).hasValue(0);
    }

    @Test
    void aRefusalThatComesAfterTheCommitBreaksTheResponse() throws Exception {
        server.filter("/*", (request, response, chain) -> {
                    response.getOutputStream().print("too early");
                    response.flushBuffer();
                    chain.doFilter(request, response);
                })
                .servlet("/", this::count)
                .start();

        assertThatThrownBy(() -> server.get("nobody", "/")).isInstanceOf(EOFException.class);
        assertThat(handled).hasValue(0);
    }

    @Test
    void twoFiltersBothHaveToAdmit() throws Exception {
        Ledger inner = new Ledger();
        server.initializer((classes, context) ->
                        TenancyFilter.of(TestServer.tenancy(inner)).register(context, "/inner/*"))
                .servlet(
                        "/inner/*",
                        (request, response) -> say(
                                response,
                                Ledger.tenant()
                                        + TenancyFilter.admitted(request)
                                                .flatMap(admitted -> admitted.attachment(Ledger.Reservation.class))))
                .servlet(
                        "/",
                        (request, response) ->
                                request.getRequestDispatcher("/inner/").forward(request, response))
                .start();

        assertThat(server.get("acme", "/inner/").body()).isEqualTo("acmeOptional[Reservation[number=1]]");
        assertThat(inner.awaitEnds(1)).containsExactly("acme succeeded");
        assertThat(server.ledger.awaitEnds(1)).containsExactly("acme succeeded");

        assertThat(server.get("acme", "/").status()).isEqualTo(500);
        assertThat(inner.asked()).isEqualTo(1);
        assertThat(server.ledger.awaitEnds(2)).containsExactly("acme succeeded", "acme failed");
    }

    @Test
    void aFilterIsRegisteredOnceAndForSomething() throws Exception {
        List<Throwable> failures = new CopyOnWriteArrayList<>();
        server.initializer((classes, context) -> {
                    try {
                        server.filter.register(context, "/*");
                    } catch (IllegalStateException twice) {
                        failures.add(twice);
                    }
                    try {
                        TenancyFilter.of(TestServer.tenancy()).register(context);
                    } catch (IllegalArgumentException nowhere) {
                        failures.add(nowhere);
                    }
                })
                .start();

        assertThat(failures)
                .extracting(Throwable::getMessage)
                .containsExactly(
                        "this filter is registered already",
                        "the filter is registered for no URL pattern; name what is behind it, /* for all");
    }

    @Test
    @SuppressWarnings("NullAway") // nothing is neither
    void onlyHttpHasTenants() throws Exception {
        server.start();
        Tenancy tenancy = TestServer.tenancy();

        assertThatThrownBy(() -> TenancyFilter.of(tenancy).doFilter(null, null, null))
                .isInstanceOf(ServletException.class)
                .hasMessage("only HTTP requests have a tenant");
    }

    /** A response whose body goes nowhere. */
    private static final class Unsent extends HttpServletResponseWrapper {
        private Unsent(HttpServletResponse response) {
            super(response);
        }

        @Override
        public ServletOutputStream getOutputStream() {
            return new ServletOutputStream() {
                @Override
                public void write(int octet) {}

                @Override
                public boolean isReady() {
                    return true;
                }

                @Override
                public void setWriteListener(WriteListener listener) {
                    throw new UnsupportedOperationException();
                }
            };
        }
    }

    private void count(HttpServletRequest request, HttpServletResponse response) {
        handled.incrementAndGet();
    }

    private static void sayTenant(HttpServletRequest request, HttpServletResponse response) throws IOException {
        say(response, Ledger.tenant());
    }

    static void say(HttpServletResponse response, String text) throws IOException {
        OutputStream out = response.getOutputStream();
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
