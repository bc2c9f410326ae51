package dev.tenancy.example.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.Tenancy;
import dev.tenancy.TenantCatalog;
import dev.tenancy.resolver.PrincipalTenantResolver;
import io.javalin.Javalin;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.Principal;
import java.util.EnumSet;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who sent a request is known by the container, and what it is about by its body. */
class GateTest {
    private final AtomicInteger read = new AtomicInteger();
    private final Javalin server = server();

    @AfterEach
    void stop() {
        server.stop();
    }

    @Test
    void theUserWhomTheContainerKnowsIsTheTenantThoughTheBodyIsAskedForOtherThings() throws Exception {
        HttpResponse<String> answer = get("/as-acme");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("acme");
    }

    @Test
    void theBodyOfWhomNobodyKnowsIsNotRead() throws Exception {
        assertThat(get("/as-nobody").statusCode()).isEqualTo(401);
        assertThat(read).hasValue(0);
    }

    private Javalin server() {
        Gate gate = new Gate(Tenancy.builder()
                .resolver(PrincipalTenantResolver.builder().build())
                .catalog(TenantCatalog.acceptingAny())
                .build());
        return Javalin.create(config -> {
                    config.jetty.host = "127.0.0.1";
                    config.jetty.port = 0;
                    config.startup.showJavalinBanner = false;
                    config.jetty.modifyServletContextHandler(context -> {
                        context.addFilter(new FilterHolder(as("acme")), "/as-acme", EnumSet.of(DispatcherType.REQUEST));
                        context.addFilter(new FilterHolder(as(null)), "/as-nobody", EnumSet.of(DispatcherType.REQUEST));
                    });
                    config.routes.get(
                            "/{path}",
                            gate.to(
                                    (ctx, admitted) -> ctx.result(
                                            admitted.identity().tenantId().value()),
                                    ctx -> {
                                        read.incrementAndGet();
                                        return Optional.empty();
                                    }));
                })
                .start();
    }

    private static Filter as(@Nullable String user) {
        return (request, response, chain) -> chain.doFilter(
                new HttpServletRequestWrapper((HttpServletRequest) request) {
                    @Override
                    public @Nullable Principal getUserPrincipal() {
                        return user == null ? null : () -> user;
                    }
                },
                response);
    }

    private HttpResponse<String> get(String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }
}
