package dev.tenancy.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenancy.Problem;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TenancyFilterAsyncTest {
    private static final int SOON = 50;

    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final CompletableFuture<String> completedFor = new CompletableFuture<>();
    private TestServer server = new TestServer();

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @Test
    void aRequestLastsUntilAnotherThreadCompletesIt() throws Exception {
        CountDownLatch returned = new CountDownLatch(1);
        CountDownLatch mayGoOn = new CountDownLatch(1);
        server.filter("/*", (request, response, chain) -> {
                    chain.doFilter(request, response);
                    returned.countDown();
                })
                .servlet("/", (request, response) -> {
                    AsyncContext async = request.startAsync();
                    server.host.execute(() -> {
                        await(mayGoOn);
                        say(response, "host's thread: " + Ledger.tenant());
                        async.complete();
                    });
                })
                .start();

        CompletableFuture<Answer> answer = getLater("/");
        await(returned);
        assertThat(server.ledger.asked()).isEqualTo(1);
        assertThat(server.ledger.ends()).isEmpty();
        mayGoOn.countDown();

        assertThat(answer.get(30, TimeUnit.SECONDS).body()).isEqualTo("host's thread: nobody");
        assertThat(server.ledger.awaitEnds(1)).containsExactly("acme succeeded");
    }

    @Test
    void aRequestThatIsCompletedBeforeItsServletReturnsEndsAfterThat() throws Exception {
        server.servlet("/", (request, response) -> {
                    AsyncContext async = request.startAsync();
                    CountDownLatch completed = new CountDownLatch(1);
                    server.host.execute(() -> {
                        async.complete();
                        completed.countDown();
                    });
                    await(completed);
                    say(response, Ledger.tenant() + " " + server.ledger.ends());
                })
                .start();

        assertThat(get("/").body()).isEqualTo("acme []");
        assertThat(server.ledger.awaitEnds(1)).containsExactly("acme succeeded");
    }

    @Test
    void aRequestThatIsDispatchedBeforeItsServletReturnsEndsAfterTheDispatch() throws Exception {
        server.servlet("/", (request, response) -> {
                    AsyncContext async = "own".equals(request.getQueryString())
                            ? request.startAsync(request, response)
                            : request.startAsync();
                    CountDownLatch dispatched = new CountDownLatch(1);
                    server.host.execute(() -> {
                        async.dispatch("/then");
                        dispatched.countDown();
                    });
                    await(dispatched);
                })
                .servlet(
                        "/then",
                        (request, response) -> say(
                                response,
                                request.getDispatcherType() + " " + Ledger.tenant() + " " + server.ledger.ends()))
                .start();

        assertThat(get("/").body()).isEqualTo("ASYNC acme []");
        assertThat(server.ledger.awaitEnds(1)).containsExactly("acme succeeded");
        assertThat(get("/?own").body()).isEqualTo("ASYNC acme [acme succeeded]");
        assertThat(server.ledger.awaitEnds(2)).containsExactly("acme succeeded", "acme succeeded");
        assertThat(server.ledger.asked()).isEqualTo(2);
    }

    @Test
    void tasksOfTheContainerAreTheTenants() throws Exception {
        server.servlet("/", (request, response) -> {
                    AsyncContext async = request.startAsync();
                    server.host.execute(() -> async.start(() -> {
                        say(response, Ledger.tenant());
                        async.complete();
                    }));
                })
                .servlet("/asked", (request, response) -> {
                    request.startAsync(request, response);
                    request.getAsyncContext().start(() -> {
                        say(response, Ledger.tenant());
                        request.getAsyncContext().complete();
                    });
                })
                .servlet("/given", (request, response) -> {
                    AsyncContext async = request.startAsync(request, response);
                    async.start(() -> {
                        say(response, Ledger.tenant());
                        async.complete();
                    });
                })
                .start();

        assertThat(get("/").body()).isEqualTo("acme");
        assertThat(get("/asked").body()).isEqualTo("acme");
        assertThat(get("/given").body()).isEqualTo("acme");
        assertThat(server.ledger.awaitEnds(3)).hasSize(3).containsOnly("acme succeeded");
    }

    @Test
    void severalRoundsOfAsynchronousWorkAreOneRequest() throws Exception {
        server.servlet("/", (request, response) -> {
                    int round = request.getAttribute("round") instanceof Integer former ? former + 1 : 0;
                    response.getWriter()
                            .print(Ledger.tenant() + server.ledger.ends().size() + " ");
                    if (round < 3) {
                        request.setAttribute("round", round);
                        AsyncContext async = round == 1 ? request.startAsync(request, response) : request.startAsync();
                        async.addListener(new Hearing());
                        server.host.execute(async::dispatch);
                    }
                })
                .start();

        assertThat(get("/").body()).isEqualTo("acme0 acme0 acme0 acme0 ");
        assertThat(server.ledger.asked()).isEqualTo(1);
        assertThat(server.ledger.awaitEnds(1)).containsExactly("acme succeeded");
        assertThat(heard).startsWith("started again for acme", "started again for acme");
    }

    @Test
    void aStreamOfChunksEndsItsRequestAtItsEnd() throws Exception {
        CountDownLatch firstChunkRead = new CountDownLatch(1);
        server.servlet("/", (request, response) -> {
                    AsyncContext async = request.startAsync();
                    response.getOutputStream().print("first ");
                    response.flushBuffer();
                    async.start(() -> {
                        await(firstChunkRead);
                        say(response, "second " + Ledger.tenant() + server.ledger.ends());
                        async.complete();
                    });
                })
                .start();

        try (Socket socket = server.connect()) {
            TestServer.sendGet(socket, "acme", "/", "Connection: close");
            StringBuilder soFar = new StringBuilder();
            while (soFar.indexOf("first ") < 0) {
                int next = socket.getInputStream().read();
                assertThat(next).as("the end of %s", soFar).isNotNegative();
                soFar.append((char) next);
            }
            assertThat(soFar).contains("\r\nRateLimit: \"ledger\";r=1\r\n");
            firstChunkRead.countDown();
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .contains("second acme[]");
        }
        assertThat(server.ledger.awaitEnds(1)).containsExactly("acme succeeded");
    }

    @Test
    void aTimeoutIsAFailureAndItsErrorPageIsTheTenants() throws Exception {
        server.servlet("/", (request, response) -> {
                    AsyncContext async = request.startAsync();
                    async.setTimeout(SOON);
                    assertThat(async.getTimeout()).isEqualTo(SOON);
                    async.addListener(new Hearing());
                })
                .servlet(
                        "/page",
                        (request, response) -> say(response, "page of " + Ledger.tenant() + " " + server.ledger.ends()))
                .errorPage(500, "/page")
                .start();

        assertThat(get("/").body()).isEqualTo("page of acme []");
        assertThat(server.ledger.awaitEnds(1)).containsExactly("acme failed");
        assertThat(server.ledger.asked()).isEqualTo(1);
        assertThat(heard).startsWith("timeout for acme");
        assertThat(completedFor.get(30, TimeUnit.SECONDS)).isEqualTo("acme");
    }

    @Test
    void aTimeoutThatTheHostAnswersItselfIsAFailureAllTheSame() throws Exception {
        server.servlet("/", (request, response) -> {
                    AsyncContext async = request.startAsync();
                    async.setTimeout(SOON);
                    async.addListener(
                            new Hearing() {
                                @Override
                                public void onTimeout(AsyncEvent event) throws IOException {
                                    ((HttpServletResponse) event.getSuppliedResponse()).setStatus(202);
                                    say(event.getSuppliedResponse(), "later, " + Ledger.tenant());
                                    event.getAsyncContext().complete();
                                }
                            },
                            request,
                            response);
                })
                .start();

        Answer answer = get("/");

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.body()).isEqualTo("later, acme");
        assertThat(server.ledger.awaitEnds(1)).containsExactly("acme failed");
    }

    @Test
    void aTimeoutAfterTheCommitEndsTheRequest() throws Exception {
        server.servlet("/", (request, response) -> {
                    AsyncContext async = request.startAsync();
                    async.setTimeout(SOON);
                    response.getOutputStream().print("half");
                    response.flushBuffer();
                })
                .start();

        try (Socket socket = server.connect()) {
            TestServer.sendGet(socket, "acme", "/");
            assertThat(server.ledger.awaitEnds(1)).containsExactly("acme failed");
        }
    }

    @Test
    void aStatusFrom500OnHasFailed() throws Exception {
        server.servlet("/", (request, response) -> {
                    AsyncContext async = request.startAsync();
                    server.host.execute(() -> {
                        response.setStatus(Integer.parseInt(request.getQueryString()));
                        async.complete();
                    });
                })
                .start();

        assertThat(get("/?503").status()).isEqualTo(503);
        assertThat(server.ledger.awaitEnds(1)).containsExactly("acme failed");
        assertThat(get("/?404").status()).isEqualTo(404);
        assertThat(server.ledger.awaitEnds(2)).containsExactly("acme failed", "acme succeeded");
    }

    @Test
    void sendErrorFromAnotherThreadShowsThePageOfTheTenant() throws Exception {
        server.servlet("/", (request, response) -> {
                    AsyncContext async = request.startAsync();
                    server.host.execute(() -> {
                        try {
                            response.sendError(503);
                        } catch (IOException failure) {
                            throw new IllegalStateException(failure);
                        }
                        async.complete();
                    });
                })
                .servlet("/page", (request, response) -> say(response, "page of " + Ledger.tenant()))
                .errorPage(503, "/page")
                .start();

        assertThat(get("/").body()).isEqualTo("page of acme");
        assertThat(server.ledger.awaitEnds(1)).containsExactly("acme failed");
    }

    @Test
    void aFailureWithAnAnswerInAnAsynchronousDispatchIsAnswered() throws Exception {
        server.servlet("/", (request, response) -> {
                    if (request.getDispatcherType() == DispatcherType.ASYNC) {
                        throw new TestException(Problem.notFound());
                    }
                    AsyncContext async = request.startAsync();
                    server.host.execute(async::dispatch);
                })
                .start();

        Answer answer = get("/");

        answer.expect(Problem.notFound());
        assertThat(answer.header("RateLimit")).containsExactly("\"ledger\";r=1");
        assertThat(server.ledger.awaitEnds(1)).containsExactly("acme failed");
    }

    @Test
    void aFailureAfterTheCommitInAnAsynchronousDispatchEndsTheRequest() throws Exception {
        server.servlet("/", (request, response) -> {
                    if (request.getDispatcherType() == DispatcherType.ASYNC) {
                        throw new TestException(Problem.notFound());
                    }
                    response.getOutputStream().print("half");
                    response.flushBuffer();
                    AsyncContext async = request.startAsync();
                    server.host.execute(async::dispatch);
                })
                .start();

        assertThatThrownBy(() -> get("/")).isInstanceOf(EOFException.class);
        assertThat(server.ledger.awaitEnds(1)).containsExactly("acme failed");
    }

    @Test
    void aServletThatStartsAsynchronousWorkAndThenFailsIsTheContainersToAnswer() throws Exception {
        server.servlet("/", (request, response) -> {
                    request.startAsync().addListener(new Hearing());
                    throw new TestException(Problem.notFound());
                })
                .servlet(
                        "/page",
                        (request, response) -> say(response, "page of " + Ledger.tenant() + server.ledger.ends()))
                .errorPage(500, "/page")
                .start();

        assertThat(get("/").body()).isEqualTo("page of acme[]");
        assertThat(server.ledger.awaitEnds(1)).containsExactly("acme failed");
        assertThat(heard).startsWith("error for acme");
    }

    @Test
    void aServletThatCommitsAndStartsAsynchronousWorkAndThenFailsEndsTheRequest() throws Exception {
        server.servlet("/", (request, response) -> {
                    request.startAsync();
                    response.getOutputStream().print("half");
                    response.flushBuffer();
                    throw new TestException(Problem.notFound());
                })
                .start();

        assertThatThrownBy(() -> get("/")).isInstanceOf(EOFException.class);
        assertThat(server.ledger.awaitEnds(1)).containsExactly("acme failed");
    }

    @Test
    void aServletThatDispatchesAndThenFailsIsDispatchedAndHasFailed() throws Exception {
        server.servlet("/", (request, response) -> {
                    request.startAsync().dispatch("/then");
                    throw new IllegalStateException("expected");
                })
                .servlet("/then", (request, response) -> say(response, "then " + Ledger.tenant()))
                .start();

        assertThat(get("/").body()).isEqualTo("then acme");
        assertThat(server.ledger.awaitEnds(1)).containsExactly("acme failed");
    }

    @Test
    void aClientThatGoesAwayInTheMiddleLeavesNothingOpen() throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        CompletableFuture<String> brokenFor = new CompletableFuture<>();
        server.servlet("/sync", (request, response) -> writeUntilItFails(response, gone))
                .servlet("/async", (request, response) -> {
                    AsyncContext async = request.startAsync();
                    async.setTimeout(0);
                    async.start(() -> {
                        try {
                            writeUntilItFails(response, gone);
                        } catch (IOException brokenPipe) {
                            brokenFor.complete(Ledger.tenant());
                            async.complete();
                        }
                    });
                })
                .start();

        for (String path : List.of("/sync", "/async")) {
            try (Socket socket = server.connect()) {
                TestServer.sendGet(socket, "acme", path);
                assertThat(socket.getInputStream().read()).isEqualTo('H');
                socket.setSoLinger(true, 0); // a reset, not an orderly end
            }
        }
        gone.countDown();

        assertThat(server.ledger.awaitEnds(2)).hasSize(2).contains("acme failed");
        assertThat(brokenFor.get(30, TimeUnit.SECONDS)).isEqualTo("acme");
    }

    private static void writeUntilItFails(HttpServletResponse response, CountDownLatch gone) throws IOException {
        byte[] chunk = new byte[64 * 1024];
        response.getOutputStream().write(chunk);
        response.flushBuffer();
        await(gone);
        while (true) {
            response.getOutputStream().write(chunk);
            response.flushBuffer();
        }
    }

    @Test
    void callbacksOfNonBlockingReadsHaveNoTenant() throws Exception {
        server.servlet("/", (request, response) -> {
                    AsyncContext async = request.startAsync();
                    ServletInputStream body = request.getInputStream();
                    body.setReadListener(new Reading(body, async, response));
                })
                .start();

        try (Socket socket = server.connect()) {
            TestServer.send(
                    socket,
                    "POST / HTTP/1.1",
                    "Host: localhost",
                    "X-Tenant: acme",
                    "Content-Length: 3",
                    "Expect: 100-continue",
                    "Connection: close",
                    "",
                    "");
            // The server asks for the body only when the handler does, and so in a callback of its own.
            assertThat(socket.getInputStream().readNBytes(12))
                    .asString(StandardCharsets.US_ASCII)
                    .isEqualTo("HTTP/1.1 100");
            TestServer.send(socket, "abc");
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .endsWith("\r\n\r\nread by nobody");
        }
        assertThat(server.ledger.awaitEnds(1)).containsExactly("acme succeeded");
    }

    @Test
    void aServletThatTakesTheContainersOwnRequestEndsItAllTheSame() throws Exception {
        CountDownLatch returned = new CountDownLatch(1);
        server.filter("/*", (request, response, chain) -> {
                    chain.doFilter(request, response);
                    returned.countDown();
                })
                .servlet("/", (request, response) -> {
                    AsyncContext async =
                            ((ServletRequestWrapper) request).getRequest().startAsync();
                    server.host.execute(() -> {
                        await(returned);
                        say(response, Ledger.tenant() + server.ledger.ends());
                        async.complete();
                    });
                })
                .start();

        assertThat(get("/").body()).isEqualTo("nobody[]");
        assertThat(server.ledger.awaitEnds(1)).containsExactly("acme succeeded");
    }

    @Test
    void anAsynchronousDispatchThatTheFilterIsNotMappedForRunsAsNobodyAndEnds() throws Exception {
        server.close();
        server = new TestServer(EnumSet.of(DispatcherType.REQUEST));
        server.servlet("/", (request, response) -> {
                    if (request.getDispatcherType() == DispatcherType.REQUEST) {
                        AsyncContext async = request.startAsync();
                        async.addListener(new Hearing());
                        server.host.execute(async::dispatch);
                    } else if (request.getAttribute("again") == null) {
                        request.setAttribute("again", true);
                        server.host.execute(request.startAsync()::dispatch);
                    } else {
                        say(response, Ledger.tenant() + server.ledger.ends());
                    }
                })
                .start();

        assertThat(get("/").body()).isEqualTo("nobody[]");
        assertThat(server.ledger.awaitEnds(1)).containsExactly("acme succeeded");
        assertThat(heard).containsExactly("started again for acme");
    }

    @Test
    void anErrorThatTheFilterDoesNotSeeIsAFailureAlsoIfTheHostAnswersIt() throws Exception {
        server.close();
        server = new TestServer(EnumSet.of(DispatcherType.REQUEST));
        server.servlet("/", (request, response) -> {
                    AsyncContext async = request.startAsync();
                    if (request.getDispatcherType() == DispatcherType.REQUEST) {
                        server.host.execute(async::dispatch);
                    } else {
                        async.addListener(new Hearing() {
                            @Override
                            public void onError(AsyncEvent event) {
                                say(response, "no error");
                                event.getAsyncContext().complete();
                            }
                        });
                        throw new IllegalStateException("expected");
                    }
                })
                .start();

        Answer answer = get("/");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("no error");
        assertThat(server.ledger.awaitEnds(1)).containsExactly("acme failed");
    }

    @Test
    @SuppressWarnings("ReferenceEquality") // it is the very same request and response
    void theAsyncContextIsOtherwiseTheContainersOwn() throws Exception {
        server.servlet("/", (request, response) -> {
                    AsyncContext own = request.startAsync();
                    boolean original = own.hasOriginalRequestAndResponse();
                    own.dispatch(request.getServletContext(), "/then");
                    heard.add(original + " " + (own.getResponse() == response));
                })
                .servlet("/then", (request, response) -> {
                    AsyncContext given = request.startAsync(request, response);
                    heard.add(given.hasOriginalRequestAndResponse() + " " + (given.getRequest() == request));
                    given.addListener(given.createListener(Silent.class));
                    given.complete();
                })
                .start();

        assertThat(get("/").status()).isEqualTo(200);
        assertThat(server.ledger.awaitEnds(1)).containsExactly("acme succeeded");
        assertThat(heard).containsExactly("true true", "false true");
    }

    private Answer get(String path) throws IOException {
        return server.get("acme", path);
    }

    private CompletableFuture<Answer> getLater(String path) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return get(path);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        });
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private static void say(ServletResponse response, String text) {
        try {
            TenancyFilterTest.say((HttpServletResponse) response, text);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Reads a body without blocking. */
    private static final class Reading implements ReadListener {
        private final ServletInputStream body;
        private final AsyncContext async;
        private final HttpServletResponse response;

        private Reading(ServletInputStream body, AsyncContext async, HttpServletResponse response) {
            this.body = body;
            this.async = async;
            this.response = response;
        }

        @Override
        public void onDataAvailable() throws IOException {
            while (body.isReady() && !body.isFinished()) {
                body.read();
            }
        }

        @Override
        public void onAllDataRead() {
            say(response, "read by " + Ledger.tenant());
            async.complete();
        }

        @Override
        public void onError(Throwable failure) {
            async.complete();
        }
    }

    /** Tells what it hears, and for whom. */
    private class Hearing implements AsyncListener {
        @Override
        public void onComplete(AsyncEvent event) {
            completedFor.complete(Ledger.tenant());
        }

        @Override
        public void onTimeout(AsyncEvent event) throws IOException {
            heard.add("timeout for " + Ledger.tenant());
        }

        @Override
        public void onError(AsyncEvent event) {
            heard.add("error for " + Ledger.tenant());
        }

        @Override
        public void onStartAsync(AsyncEvent event) {
            heard.add("started again for " + Ledger.tenant());
        }
    }

    /** Is told, and does nothing. */
    public static final class Silent implements AsyncListener {
        @Override
        public void onComplete(AsyncEvent event) {}

        @Override
        public void onTimeout(AsyncEvent event) {}

        @Override
        public void onError(AsyncEvent event) {}

        @Override
        public void onStartAsync(AsyncEvent event) {}
    }
}
