package dev.tenancy.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.Problem;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpTester;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Many tenants on few threads and kept connections, by every way that a request can go. */
class TenancyFilterLoadTest {
    private static final int TENANTS = 16;
    private static final int CLIENTS = 16;
    private static final int REQUESTS = 4_000;
    private static final List<String> WAYS = List.of(
            "/sync",
            "/forward",
            "/include",
            "/throw",
            "/send",
            "/mapped",
            "/thread",
            "/start",
            "/dispatch",
            "/stream",
            "/async-send",
            "/deny",
            "/frozen");

    private final TestServer server = new TestServer();

    @BeforeEach
    void start() throws Exception {
        server.servlet("/sync", (request, response) -> say(response, "sync"))
                .servlet(
                        "/forward",
                        (request, response) ->
                                request.getRequestDispatcher("/sync").forward(request, response))
                .servlet("/include", (request, response) -> {
                    request.getRequestDispatcher("/sync").include(request, response);
                    say(response, "after");
                })
                .servlet("/throw", (request, response) -> {
                    throw new IllegalStateException("expected");
                })
                .servlet("/send", (request, response) -> response.sendError(500))
                .servlet("/mapped", (request, response) -> {
                    throw new TestException(Ledger.LIMITED);
                })
                .servlet("/thread", (request, response) -> {
                    AsyncContext async = request.startAsync();
                    server.host.execute(() -> {
                        say(response, "thread");
                        async.complete();
                    });
                })
                .servlet("/start", (request, response) -> {
                    AsyncContext async = request.startAsync();
                    async.start(() -> {
                        say(response, "start");
                        async.complete();
                    });
                })
                .servlet("/dispatch", TenancyFilterLoadTest::dispatch)
                .servlet("/stream", (request, response) -> {
                    say(response, "head");
                    response.flushBuffer();
                    AsyncContext async = request.startAsync();
                    async.start(() -> {
                        say(response, "tail");
                        async.complete();
                    });
                })
                .servlet("/async-send", (request, response) -> {
                    AsyncContext async = request.startAsync();
                    async.start(() -> {
                        try {
                            response.sendError(500);
                        } catch (IOException failure) {
                            throw new IllegalStateException(failure);
                        }
                        async.complete();
                    });
                })
                .servlet("/page", (request, response) -> say(response, "page"))
                .errorPage(500, "/page")
                .start();
    }

    private static void dispatch(HttpServletRequest request, HttpServletResponse response) {
        say(response, request.getDispatcherType().name());
        if (request.getDispatcherType() == DispatcherType.REQUEST) {
            request.startAsync().dispatch();
        }
    }

    /** A word of a response, and for whom it was said. */
    private static void say(HttpServletResponse response, String word) {
        try {
            TenancyFilterTest.say(response, word + "=" + Ledger.tenant() + " ");
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    /** What a request that goes {@code way} is answered, for a tenant whose name is put in the place of {@code %s}. */
    private static String expected(String way) {
        return switch (way) {
            case "/sync", "/forward" -> "200 sync=%s ";
            case "/include" -> "200 sync=%s after=%s ";
            case "/throw", "/send", "/async-send" -> "500 page=%s ";
            case "/thread" -> "200 thread=nobody ";
            case "/start" -> "200 start=%s ";
            case "/dispatch" -> "200 REQUEST=%s ASYNC=%s ";
            case "/stream" -> "200 head=%s tail=%s ";
            case "/frozen" -> "403 " + Problem.suspended().toJson();
            default -> "429 " + Ledger.LIMITED.toJson();
        };
    }

    private static String end(String way) {
        return switch (way) {
            case "/throw", "/send", "/async-send", "/mapped" -> "failed";
            case "/deny" -> "undone";
            default -> "succeeded";
        };
    }

    @Test
    void everyRequestIsItsOwnTenantsAndEndsOnce() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<Future<List<String>>> clients = new ArrayList<>();
        Map<String, Integer> ends = new HashMap<>();
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
        try {
            for (int client = 0; client < CLIENTS; client++) {
                List<String[]> requests = new ArrayList<>();
                for (int i = 0; i < REQUESTS / CLIENTS; i++) {
                    String way = WAYS.get(random.nextInt(WAYS.size()));
                    String tenant = way.equals("/frozen") ? "frozen" : "t" + random.nextInt(TENANTS);
                    requests.add(new String[] {tenant, way});
                    if (!way.equals("/frozen")) {
                        ends.merge(tenant + " " + end(way), 1, Integer::sum);
                    }
                }
                clients.add(threads.submit(() -> wrongAnswers(requests)));
            }
            for (Future<List<String>> client : clients) {
                assertThat(client.get(5, TimeUnit.MINUTES)).as("seed %s", seed).isEmpty();
            }
        } finally {
            threads.shutdownNow();
        }

        Map<String, Integer> counted = new HashMap<>();
        int all = ends.values().stream().mapToInt(Integer::intValue).sum();
        server.ledger.awaitEnds(all).forEach(end -> counted.merge(end, 1, Integer::sum));
        assertThat(counted).as("seed %s", seed).isEqualTo(ends);
        assertThat(server.ledger.asked()).isEqualTo(all);
    }

    /** Sends all on one connection, each when the former is answered. */
    private List<String> wrongAnswers(List<String[]> requests) throws IOException {
        List<String> wrong = new ArrayList<>();
        try (Socket socket = server.connect()) {
            HttpTester.Input in = HttpTester.from(socket.getInputStream());
            for (String[] request : requests) {
                String tenant = request[0];
                String way = request[1];
                TestServer.sendGet(socket, tenant, way, Ledger.DENY + (way.equals("/deny") ? ": last" : ":"));
                Answer answer = Answer.read(in);
                String got = answer.status() + " " + answer.body();
                boolean headersOfAnother =
                        !List.of(tenant).containsAll(answer.response().getValuesList("X-Headers-For"));
                if (!got.equals(expected(way).replace("%s", tenant)) || headersOfAnother) {
                    wrong.add(way + " of " + tenant + ": " + answer.response());
                }
            }
        }
        return wrong;
    }
}
