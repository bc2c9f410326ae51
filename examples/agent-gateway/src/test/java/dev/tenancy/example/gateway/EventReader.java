package dev.tenancy.example.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** An open stream of events, read line by line. */
final class EventReader implements AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final HttpResponse<InputStream> response;
    private final BufferedReader lines;

    private EventReader(HttpResponse<InputStream> response) {
        this.response = response;
        this.lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    /** Opens {@code url}, and waits for its status. */
    static EventReader open(String url, @Nullable String credential) throws IOException, InterruptedException {
        return open(url, credential, "");
    }

    /** The same, after the event that the client says it had last; nothing if that is empty. */
    static EventReader open(String url, @Nullable String credential, String lastEventId)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
        if (!lastEventId.isEmpty()) {
            request.header("Last-Event-ID", lastEventId);
        }
        if (credential != null) {
            request.header("Authorization", "Bearer " + credential);
        }
        return new EventReader(HTTP.send(request.build(), HttpResponse.BodyHandlers.ofInputStream()));
    }

    int status() {
        return response.statusCode();
    }

    String header(String name) {
        return response.headers().firstValue(name).orElse("");
    }

    /** The next line, null at the end of the stream. */
    @Nullable
    String line() {
        try {
            return lines.readLine();
        } catch (IOException failure) {
            throw new UncheckedIOException("the stream broke off", failure);
        }
    }

    /** The next event, with its name and id checked. */
    JsonNode event() {
        String line = line();
        while (line != null && (line.isEmpty() || line.startsWith(":"))) {
            line = line();
        }
        String event = line();
        String data = line();
        if (line == null || !line.startsWith("id: ") || event == null || data == null || !data.startsWith("data: ")) {
            throw new IllegalStateException("no event: " + line + ", " + event + ", " + data);
        }
        JsonNode json = Json.tree(data.substring("data: ".length()));
        if (!event.equals("event: audit")
                || !line.equals("id: " + json.get("id").asText())) {
            throw new IllegalStateException("not an audit event: " + line + ", " + event + ", " + data);
        }
        return json;
    }

    /** All events up to the first that is {@code last}. */
    List<JsonNode> eventsUntil(Predicate<JsonNode> last) {
        List<JsonNode> events = new ArrayList<>();
        do {
            events.add(event());
        } while (!last.test(events.get(events.size() - 1)));
        return events;
    }

    @Override
    public void close() throws IOException {
        response.body().close();
    }
}
