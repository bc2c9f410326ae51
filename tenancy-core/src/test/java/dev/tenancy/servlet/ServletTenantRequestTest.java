package dev.tenancy.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.TenantRequest;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.security.Principal;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a resolver sees of what a client sends, byte by byte, and that a servlet sees the same. */
class ServletTenantRequestTest {
    private static final String OWN = """
            MIIBczCCARmgAwIBAgIUeF7znklo7wf8jaWmb1tVqGo7olUwCgYIKoZIzj0EAwIwDjEMMAoGA1UEAwwDb3duMCAXDTI2MTEyMzE4
            MjU1OVoYDzIxMjYxMDMwMTgyNTU5WjAOMQwwCgYDVQQDDANvd24wWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAASoEOKZ2b3xqmYu
            WeXCyhyiH3NGyHjaOxgn4zqPVU2Mv/WwUZ5c9a5FRBd2x9aseUEN0RX6No6yCJOoAmauQqYHo1MwUTAdBgNVHQ4EFgQU/fRku3AJ
            ELZVhgJz0mILHFznbskwHwYDVR0jBBgwFoAU/fRku3AJELZVhgJz0mILHFznbskwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQD
            AgNIADBFAiBkjMe+PbqNvPoLX7VWx4YEppwjYC/GwiNHlFJjFNEwOwIhAKietUmd/zDW1EIoSkL4eJdkc+UQEKrrGr58hsxF9mEy
            """;

    private static final String ISSUER = """
            MIIBeTCCAR+gAwIBAgIUd5/EITEtEMm4hNBOkcZr0z+uGNgwCgYIKoZIzj0EAwIwETEPMA0GA1UEAwwGaXNzdWVyMCAXDTI2MTEy
            MzE4MjU1OVoYDzIxMjYxMDMwMTgyNTU5WjARMQ8wDQYDVQQDDAZpc3N1ZXIwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATyLiH8
            YNW4Dz8Ty8EaAH10YH1kaqqhmyIFrC1WY2rAI5MWShDObR6O/0WVY0Og+trhA/fCO1j5g1euiFbTRFvzo1MwUTAdBgNVHQ4EFgQU
            pZc3V25L2UbaYsyCupHK5XNFFbIwHwYDVR0jBBgwFoAUpZc3V25L2UbaYsyCupHK5XNFFbIwDwYDVR0TAQH/BAUwAwEB/zAKBggq
            hkjOPQQDAgNIADBFAiBjop/sVEtNK7P55xtQO27ghfKwaSU3V3fGtfPPE1f6IgIhAKCm0qCV3R+f5JHAjeuCHZYrKcGlmw5Oev8C
            xr0uxtZJ
            """;

    private final TestServer server = new TestServer();

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @Test
    void itSaysWhatWasSent() throws Exception {
        tell(request -> request.method() + " " + request.rawPath() + " " + request.rawQuery() + " "
                + request.headers("x-MANY") + " " + request.headers("X-None") + " " + request.authority());

        String answer = server.raw(
                "PURGE /a%20b;v=1/c;jsessionid=x?q=%2F&q=2 HTTP/1.1",
                "Host: Shop.Example:8443",
                "X-Many: 1, 2",
                "X-Tenant: acme",
                "x-many:   3 ",
                "Connection: close",
                "",
                "");

        assertThat(answer)
                .endsWith("\r\n\r\nPURGE /a%20b;v=1/c;jsessionid=x Optional[q=%2F&q=2] [1, 2, 3] []"
                        + " Optional[Shop.Example:8443]");
    }

    @Test
    void aQueryThatIsEmptyIsNotOneThatIsAbsent() throws Exception {
        tell(request -> request.rawQuery().toString());

        assertThat(target("/?")).endsWith("\r\n\r\nOptional[]");
        assertThat(target("/")).endsWith("\r\n\r\nOptional.empty");
    }

    @Test
    void theDefaultPortIsLeftOutAndAnAddressKeepsItsBrackets() throws Exception {
        tell(request -> request.authority().toString());

        assertThat(host("a.example")).endsWith("\r\n\r\nOptional[a.example]");
        assertThat(host("a.example:80")).endsWith("\r\n\r\nOptional[a.example]");
        assertThat(host("a.example:443")).endsWith("\r\n\r\nOptional[a.example:443]");
        assertThat(host("[::1]:8080")).endsWith("\r\n\r\nOptional[[::1]:8080]");
    }

    @Test
    void aHostThatTheClientDidNotNameIsNotMadeUp() throws Exception {
        tell(request -> request.authority().toString());

        assertThat(server.raw("GET / HTTP/1.0", "X-Tenant: acme", "", "")).endsWith("\r\n\r\nOptional.empty");
        assertThat(server.raw("GET / HTTP/1.0", "Host:", "X-Tenant: acme", "", ""))
                .startsWith("HTTP/1.1 400 ");
        assertThat(host("")).startsWith("HTTP/1.1 400 ");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "null",
            value = {
                "HTTP/2.0, null, true",
                "HTTP/3.0, null, true",
                "HTTP/1.1, null, false",
                "HTTP/1.0, null, false",
                "HTTP/1.1, '', false",
                "HTTP/2.0, ' ', false",
                "HTTP/1.1, sent.example, true"
            })
    void theContainersOwnNameCountsOnlyIfTheClientNamedIt(String protocol, String host, boolean named)
            throws Exception {
        server.servlet(
                        "/",
                        (request, response) -> TenancyFilterTest.say(
                                response,
                                ServletTenantRequest.of(new HttpServletRequestWrapper(request) {
                                            @Override
                                            public String getProtocol() {
                                                return protocol;
                                            }

                                            @Override
                                            public String getHeader(String name) {
                                                return name.equals("Host") ? host : super.getHeader(name);
                                            }
                                        })
                                        .authority()
                                        .toString()))
                .start();

        assertThat(host("a.example")).endsWith(named ? "\r\n\r\nOptional[a.example]" : "\r\n\r\nOptional.empty");
    }

    @ParameterizedTest
    @CsvSource({"https, 443, s.example", "https, 80, s.example:80", "http, 443, s.example:443", "http, 80, s.example"})
    void onlyTheSchemesOwnPortIsLeftOut(String scheme, int port, String authority) throws Exception {
        server.servlet(
                        "/",
                        (request, response) -> TenancyFilterTest.say(
                                response,
                                ServletTenantRequest.of(new HttpServletRequestWrapper(request) {
                                            @Override
                                            public String getScheme() {
                                                return scheme;
                                            }

                                            @Override
                                            public int getServerPort() {
                                                return port;
                                            }
                                        })
                                        .authority()
                                        .orElse("none")))
                .start();

        assertThat(host("s.example")).endsWith("\r\n\r\n" + authority);
    }

    @Test
    void forwardedHeadersAreNotBelieved() throws Exception {
        tell(request -> request.authority() + " " + request.rawPath());

        assertThat(server.raw(
                        "GET / HTTP/1.1",
                        "Host: a.example",
                        "X-Tenant: acme",
                        "Forwarded: host=b.example;proto=https",
                        "X-Forwarded-Host: b.example",
                        "X-Forwarded-Prefix: /b",
                        "X-Original-URL: /b",
                        "Connection: close",
                        "",
                        ""))
                .endsWith("\r\n\r\nOptional[a.example] /");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/a/../b",
                "/a/./b",
                "/a//b",
                "/a/..;x=1/b",
                "/%61",
                "/a/%2e%2e/b",
                "/a%2fb",
                "/../b",
                "//b",
                "/;/b",
                "/\u00e4",
                "/%00",
                "/a\\b",
                "*"
            })
    void resolverAndServletSeeTheSamePathOrNothingIsServed(String path) throws Exception {
        server.servlet(
                        "/",
                        (request, response) -> TenancyFilterTest.say(
                                response,
                                "same: "
                                        + request.getRequestURI()
                                                .equals(ServletTenantRequest.of(request)
                                                        .rawPath())
                                        + request.getRequestURI().equals(path)))
                .start();

        assertThat(target(path))
                .satisfiesAnyOf(
                        answer -> assertThat(answer).startsWith("HTTP/1.1 400 "),
                        answer -> assertThat(answer).startsWith("HTTP/1.1 404 "),
                        answer -> assertThat(answer).endsWith("\r\n\r\nsame: truetrue"));
    }

    @Test
    void aTargetInAbsoluteFormNamesTheHost() throws Exception {
        server.servlet(
                        "/",
                        (request, response) -> TenancyFilterTest.say(
                                response,
                                ServletTenantRequest.of(request).authority().orElse("none") + " "
                                        + request.getServerName() + " "
                                        + ServletTenantRequest.of(request).rawPath()))
                .start();

        assertThat(server.raw(
                        "GET http://a.example/p HTTP/1.1",
                        "Host: a.example",
                        "X-Tenant: acme",
                        "Connection: close",
                        "",
                        ""))
                .endsWith("\r\n\r\na.example a.example /p");
        assertThat(server.raw(
                        "GET http://b.example/p HTTP/1.1",
                        "Host: a.example",
                        "X-Tenant: acme",
                        "Connection: close",
                        "",
                        ""))
                .satisfiesAnyOf(
                        answer -> assertThat(answer).startsWith("HTTP/1.1 400 "),
                        answer -> assertThat(answer).endsWith("\r\n\r\nb.example b.example /p"));
    }

    @Test
    void ambiguousRequestsReachNoServlet() throws Exception {
        server.servlet("/", (request, response) -> TenancyFilterTest.say(response, "served"))
                .start();

        List<String[]> ambiguous = List.of(
                new String[] {"GET / HTTP/1.1", "Host: a.example", "Host: b.example", "X-Tenant: acme"},
                new String[] {"GET / HTTP/1.1", "Host: a.example, b.example", "X-Tenant: acme"},
                new String[] {"GET / HTTP/1.1", "Host: a.example", "X-Tenant: acme", "X-Tenant: t1"},
                new String[] {"GET / HTTP/1.1", "Host: a.example", "X-Tenant: acme", "x-tenant: ACME"},
                new String[] {"GET / HTTP/1.1", "Host: a.example", "X-Tenant: acme, t1"},
                new String[] {"GET / HTTP/1.1", "Host: a.example", "X-Tenant: acme", " t1"},
                new String[] {"GET / HTTP/1.1", "Host: a.example", "X-Tenant : acme"},
                new String[] {"GET / HTTP/1.1", "Host: a.example", "X-Tenant: ac\u0000me"},
                new String[] {"GET / HTTP/1.1", "X-Tenant: acme"},
                new String[] {"GET / HTTP/1.1", "Host: a.example", "X_Tenant: acme"},
                new String[] {"GET /?X-Tenant=acme HTTP/1.1", "Host: a.example", "Cookie: X-Tenant=acme"});
        for (String[] request : ambiguous) {
            assertThat(server.raw(String.join("\r\n", request), "Connection: close", "", ""))
                    .as(String.join(" | ", request))
                    .startsWith("HTTP/1.1 4")
                    .doesNotContain("served");
        }
        assertThat(server.ledger.asked()).isZero();
        assertThat(server.raw(
                        "GET / HTTP/1.1",
                        "Host: a.example",
                        "X-Tenant: acme",
                        "x-tenant: acme",
                        "Connection: close",
                        "",
                        ""))
                .endsWith("served");
    }

    @Test
    void theBodyIsTheServletsToReadAlsoIfItIsAForm() throws Exception {
        server.servlet("/", (request, response) -> {
                    TenantRequest view = ServletTenantRequest.of(request);
                    assertThat(List.of(view.method(), view.rawPath(), view.rawQuery(), view.authority()))
                            .hasSize(4);
                    assertThat(view.attribute(String.class)).isEmpty();
                    response.getOutputStream().write(request.getInputStream().readAllBytes());
                })
                .start();
        assertThat(server.raw(
                        "POST /?a=1 HTTP/1.1",
                        "Host: localhost",
                        "X-Tenant: acme",
                        "Content-Type: application/x-www-form-urlencoded",
                        "Content-Length: 7",
                        "Connection: close",
                        "",
                        "a=2&b=3"))
                .endsWith("\r\n\r\na=2&b=3");
    }

    @Test
    void aFilterInFrontHandsOverWhatItKnows() throws Exception {
        Principal user = () -> "alice";
        server.filter("/*", (request, response, chain) -> {
            request.setAttribute(BigDecimal.class.getName(), BigDecimal.TEN);
            request.setAttribute(Integer.class.getName(), "not of that type");
            chain.doFilter(
                    new HttpServletRequestWrapper((HttpServletRequest) request) {
                        @Override
                        public Principal getUserPrincipal() {
                            return user;
                        }
                    },
                    response);
        });
        tell(request -> request.attribute(Principal.class).map(Principal::getName) + " "
                + request.attribute(BigDecimal.class) + " " + request.attribute(Integer.class) + " "
                + request.attribute(String.class) + " "
                + request.attribute(HttpServletRequest.class).map(HttpServletRequest::getMethod) + " "
                + request.attribute(X509Certificate.class));

        assertThat(server.get("acme", "/").body())
                .isEqualTo("Optional[alice] Optional[10] Optional.empty Optional.empty Optional[GET] Optional.empty");
    }

    @Test
    void theCertificateIsTheClientsOwnAndNotItsIssuers() throws Exception {
        X509Certificate own = certificate(OWN);
        Object[] chains = {new X509Certificate[] {own, certificate(ISSUER)}, new X509Certificate[0], own, "own"};
        server.filter("/*", (request, response, chain) -> {
            request.setAttribute(
                    "jakarta.servlet.request.X509Certificate",
                    chains[Integer.parseInt(((HttpServletRequest) request).getQueryString())]);
            chain.doFilter(request, response);
        });
        tell(request -> request.attribute(X509Certificate.class)
                .map(found -> found.getSubjectX500Principal().getName())
                .toString());

        assertThat(server.get("acme", "/?0").body()).isEqualTo("Optional[CN=own]");
        for (String unusual : List.of("/?1", "/?2", "/?3")) {
            assertThat(server.get("acme", unusual).body()).isEqualTo("Optional.empty");
        }
    }

    private static X509Certificate certificate(String base64) throws CertificateException {
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(
                        new ByteArrayInputStream(Base64.getMimeDecoder().decode(base64)));
    }

    @Test
    void itsTextHasNoCredential() throws Exception {
        tell(Object::toString);

        assertThat(target("/path?key=secret")).endsWith("\r\n\r\nGET /path");
    }

    /** Serves what {@code view} says of the request. */
    private void tell(Function<TenantRequest, String> view) throws Exception {
        server.servlet(
                        "/",
                        (request, response) ->
                                TenancyFilterTest.say(response, view.apply(ServletTenantRequest.of(request))))
                .start();
    }

    private String target(String target) throws IOException {
        return server.raw(
                "GET " + target + " HTTP/1.1", "Host: localhost", "X-Tenant: acme", "Connection: close", "", "");
    }

    private String host(String host) throws IOException {
        return server.raw("GET / HTTP/1.1", "Host: " + host, "X-Tenant: acme", "Connection: close", "", "");
    }
}
