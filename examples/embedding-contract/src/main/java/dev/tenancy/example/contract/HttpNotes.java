package dev.tenancy.example.contract;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** Asks over HTTP. */
public final class HttpNotes implements NotesClient {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Set<String> OF_NOW = Set.of("date", "ratelimit", "connection", "keep-alive", "server");

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final int port;

    /** Asks the server on {@code port} of this machine. */
    public HttpNotes(int port) {
        this.port = port;
    }

    @Override
    public Answer add(String credential, String text) {
        return send(request(credential, "/notes")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"text\":\"" + text + "\"}"))
                .build());
    }

    @Override
    public Answer get(String credential, String path) {
        return send(request(credential, path).build());
    }

    @Override
    public CompletableFuture<Answer> getLater(String credential, String path) {
        return client.sendAsync(request(credential, path).build(), BodyHandlers.ofString())
                .thenApply(HttpNotes::answer);
    }

    /** As {@link #get}, with another header field than the one that has a credential otherwise. */
    public Answer getWith(String name, String value, String path) {
        return send(request("", path).header(name, value).build());
    }

    private Answer send(HttpRequest request) {
        try {
            return answer(client.send(request, BodyHandlers.ofString()));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private HttpRequest.Builder request(String credential, String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(TIMEOUT);
        return credential.isEmpty() ? request : request.header("Authorization", "Bearer " + credential);
    }

    @Override
    public Stream follow(String credential, int notes) {
        HttpResponse<InputStream> response = client.sendAsync(
                        request(credential, "/stream?notes=" + notes).build(), BodyHandlers.ofInputStream())
                .join();
        return new Lines(
                response.statusCode(),
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8)));
    }

    private static Answer answer(HttpResponse<String> response) {
        Map<String, String> fields = new TreeMap<>();
        response.headers()
                .map()
                .forEach((name, values) -> fields.put(name.toLowerCase(Locale.ROOT), String.join(", ", values)));
        fields.keySet().removeAll(OF_NOW);
        return new Answer(response.statusCode(), fields, response.body());
    }

    private record Lines(int status, BufferedReader reader) implements Stream {
        @Override
        public String line() {
            try {
                String line = reader.readLine();
                return line == null ? "" : line;
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }

        @Override
        public void close() {
            try {
                reader.close();
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }
}
