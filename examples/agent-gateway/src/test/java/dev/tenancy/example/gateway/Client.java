package dev.tenancy.example.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Calls the gateway as somebody. */
final class Client {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final String url;
    private final @Nullable String authorization;

    private Client(String url, @Nullable String authorization) {
        this.url = url;
        this.authorization = authorization;
    }

    static Client anonymous(String url) {
        return new Client(url, null);
    }

    Client with(String credential) {
        return withAuthorization("Bearer " + credential);
    }

    Client withAuthorization(String value) {
        return new Client(url, value);
    }

    /** With a token of the development issuer, for a tenant. */
    Client as(String tenant) {
        return with(mint(Map.of("tenant", tenant)));
    }

    String mint(Map<String, ?> wish) {
        Answer answer = post("/dev/token", wish);
        return answer.json().get("token").asText();
    }

    /** What came back. */
    record Answer(int status, HttpResponse<String> response) {
        JsonNode json() {
            return Json.tree(response.body());
        }

        String body() {
            return response.body();
        }

        String id() {
            return json().get("id").asText();
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }
    }

    Answer get(String path) {
        return send("GET", path, null);
    }

    Answer post(String path, Object body) {
        return send("POST", path, Json.text(body));
    }

    Answer postBytes(String path, byte[] body) {
        return send(HttpRequest.newBuilder(URI.create(url + path)).POST(HttpRequest.BodyPublishers.ofByteArray(body)));
    }

    Answer patch(String path, Object body) {
        return send("PATCH", path, Json.text(body));
    }

    Answer put(String path) {
        return send("PUT", path, null);
    }

    Answer delete(String path) {
        return send("DELETE", path, null);
    }

    /** A GET that wishes to be another method. */
    Answer sendAs(String method, String path) {
        return send(HttpRequest.newBuilder(URI.create(url + path)).header("X-HTTP-Method-Override", method));
    }

    Answer send(String method, String path, @Nullable String body) {
        // Asked to wait, a client does not lose the answer that refuses a large body before it was sent.
        boolean large = body != null && body.length() > 1_000_000;
        return send(HttpRequest.newBuilder(URI.create(url + path))
                .expectContinue(large)
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body)));
    }

    private Answer send(HttpRequest.Builder request) {
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        try {
            HttpResponse<String> response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), response);
        } catch (IOException failure) {
            throw new IllegalStateException("no answer", failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
    }

    /** Problem details of RFC 9457. */
    static void assertProblem(Answer answer, int status, String type) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.json().get("type").asText()).endsWith("/" + type);
        assertThat(answer.json().get("status").asInt()).isEqualTo(status);
    }
}
