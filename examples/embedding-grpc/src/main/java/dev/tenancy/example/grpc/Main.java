package dev.tenancy.example.grpc;

import dev.tenancy.example.notes.NotesApp;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Notes behind gRPC. */
final class Main {
    private static final long STOP_SECONDS = 5;

    private Main() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Map<String, String> variables = System.getenv();
        NotesApp app = NotesApp.of(variables);
        int port = Integer.parseInt(variables.getOrDefault("NOTES_PORT", "8080"));
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .addService(new NotesService(app))
                .intercept(new TenancyInterceptor(app.tenancy()))
                .build()
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(app, server), "stop"));
        System.out.println("notes on port " + server.getPort());
        server.awaitTermination(); // its threads are daemons
    }

    private static void stop(NotesApp app, Server server) {
        try (app) {
            app.endStreams();
            server.shutdown(); // what is being answered is answered
            if (!server.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                server.shutdownNow();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
