package dev.tenancy.example.jdk;

import com.sun.net.httpserver.HttpServer;
import dev.tenancy.example.notes.NotesApp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Notes behind the JDK's HTTP server. */
final class Main {
    private static final int THREADS = 16;
    private static final int STOP_SECONDS = 5;

    private Main() {}

    public static void main(String[] arguments) throws IOException {
        Map<String, String> variables = System.getenv();
        NotesApp app = NotesApp.of(variables);
        int port = Integer.parseInt(variables.getOrDefault("NOTES_PORT", "8080"));
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        server.setExecutor(threads);
        server.createContext("/", new Gate(app.tenancy()).to(new Api(app)::handle));
        server.start();
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            app.endStreams();
                            server.stop(STOP_SECONDS); // waits for what is being answered
                            threads.shutdown();
                            app.close();
                        },
                        "stop"));
        System.out.println("notes on port " + server.getAddress().getPort());
    }
}
