package dev.tenancy.project;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tenancy.Tenancy;
import dev.tenancy.TenantCatalog;
import dev.tenancy.TenantContext;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.TenantRequest;
import dev.tenancy.event.Subscriber;
import dev.tenancy.event.SubscriptionEnd;
import dev.tenancy.event.TenantChannel;
import dev.tenancy.resolver.HeaderTenantResolver;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The stream of server-sent events in docs/channels.md, over HTTP. */
class ServerSentEventsTest {
    private final Tenancy tenancy = Tenancy.builder()
            .resolver(HeaderTenantResolver.of("X-Tenant"))
            .catalog(TenantCatalog.acceptingAny())
            .build();
    private final TenantChannel<Order> orders =
            TenantChannel.<Order>builder("orders").build();
    private final CountDownLatch subscribed = new CountDownLatch(2);
    private final HttpServer server;

    private record Order(int id) {
        String toJson() {
            return "{\"id\":" + id + "}";
        }
    }

    ServerSentEventsTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    @BeforeEach
    void start() {
        server.createContext("/orders", this::handle);
        server.start();
    }

    @AfterEach
    void stop() {
        orders.close();
        server.stop(0);
    }

    @Test
    void whatTheDocumentSaysIsWhatIsRunHere() {
        assertThat(Documents.text("docs/channels.md")).contains(Documents.region(ServerSentEventsTest.class, "stream"));
    }

    @Test
    void eachTenantHasAStreamOfItsOwnEventsUntilTheChannelIsClosed() throws Exception {
        CompletableFuture<List<String>> ofAcme = stream("acme");
        CompletableFuture<List<String>> ofGlobex = stream("globex");
        assertThat(subscribed.await(60, TimeUnit.SECONDS)).isTrue();

        publish("acme", new Order(1));
        publish("globex", new Order(2));
        publish("acme", new Order(3));
        orders.close();

        assertThat(ofAcme.get(60, TimeUnit.SECONDS)).containsExactly("data: {\"id\":1}", "", "data: {\"id\":3}", "");
        assertThat(ofGlobex.get(60, TimeUnit.SECONDS)).containsExactly("data: {\"id\":2}", "");
    }

    private void handle(HttpExchange exchange) throws IOException {
        TenantRequest request = TenantRequest.builder()
                .header("X-Tenant", exchange.getRequestHeaders().getFirst("X-Tenant"))
                .build();
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        tenancy.handle(
                request,
                admitted -> {
                    stream(exchange, exchange.getResponseBody());
                    subscribed.countDown();
                    return "streaming";
                },
                problem -> problem.title());
    }

    private void stream(HttpExchange exchange, OutputStream out) {
        // region stream
        orders.subscribe(new Subscriber<>() {
            @Override
            public void onEvent(Order order) throws IOException {
                out.write(("data: " + order.toJson() + "\n\n").getBytes(UTF_8));
                out.flush();
            }

            @Override
            public void onEnd(SubscriptionEnd end) {
                exchange.close();
            }
        });
        // endregion
    }

    private CompletableFuture<List<String>> stream(String tenant) {
        URI uri = URI.create("http://" + server.getAddress().getAddress().getHostAddress() + ":"
                + server.getAddress().getPort() + "/orders");
        HttpRequest request =
                HttpRequest.newBuilder(uri).header("X-Tenant", tenant).build();
        return HttpClient.newHttpClient()
                .sendAsync(request, HttpResponse.BodyHandlers.ofLines())
                .thenApply(response -> response.body().toList());
    }

    private void publish(String tenant, Order order) {
        TenantContext.run(TenantIdentity.of(TenantId.of(tenant), "test"), () -> orders.publish(order));
    }
}
