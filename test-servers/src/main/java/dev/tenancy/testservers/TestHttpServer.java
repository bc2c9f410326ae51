package dev.tenancy.testservers;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** An HTTP server on the loopback address that answers as it is told, well or badly, and counts. */
public final class TestHttpServer implements AutoCloseable {
    private static final int OK = 200;
    private static final int NO_BODY = -1;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicInteger requests = new AtomicInteger();
    private volatile Answer answer = exchange -> exchange.sendResponseHeaders(503, NO_BODY);

    @FunctionalInterface
    private interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    private TestHttpServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            requests.incrementAndGet();
            try (exchange) {
                answer.to(exchange);
            }
        });
        server.start();
    }

    /** Starts one that is unavailable (503). */
    public static TestHttpServer start() {
        try {
            return new TestHttpServer();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Where it is, without a path. */
    public String origin() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** An address on it. */
    public URI uri(String path) {
        return URI.create(origin() + path);
    }

    /** How often it was asked. */
    public int requests() {
        return requests.get();
    }

    /** From now on it answers every path with this. */
    public void answer(String body) {
        answerByPath(path -> body);
    }

    /** From now on it answers with what there is for a path. */
    public void answerByPath(UnaryOperator<String> bodyOf) {
        answer = exchange -> {
            byte[] bytes = bodyOf.apply(exchange.getRequestURI().getPath()).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(OK, bytes.length == 0 ? NO_BODY : bytes.length);
            exchange.getResponseBody().write(bytes);
        };
    }

    /** From now on it answers with this status, and nothing else. */
    public void refuse(int status) {
        answer = exchange -> exchange.sendResponseHeaders(status, NO_BODY);
    }

    /** It answers the next request with this status and nothing else, and those after it with this body. */
    public void refuseOnce(int status, String body) {
        answer = exchange -> {
            answer(body);
            exchange.sendResponseHeaders(status, NO_BODY);
        };
    }

    /** From now on it sends elsewhere (302). */
    public void sendTo(String location) {
        answer = exchange -> {
            exchange.getResponseHeaders().add("Location", location);
            exchange.sendResponseHeaders(302, NO_BODY);
        };
    }

    /** From now on it breaks off in the middle of an answer. */
    public void breakOff() {
        answer = exchange -> {
            exchange.sendResponseHeaders(OK, 1_000);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
        };
    }

    /** From now on it closes the connection without a word. */
    public void hangUp() {
        answer = HttpExchange::close;
    }

    /** From now on it says nothing until it is closed. */
    public void stayBusy() {
        answer = exchange -> {
            try {
                closed.await();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        };
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
