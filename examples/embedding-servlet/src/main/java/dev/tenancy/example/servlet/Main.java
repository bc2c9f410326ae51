package dev.tenancy.example.servlet;

import dev.tenancy.Problem;
import dev.tenancy.example.notes.NotesApp;
import dev.tenancy.servlet.TenancyFilter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.Callback;

/** Notes as a servlet in Jetty. */
final class Main {
    private static final long STOP_MILLIS = 5_000;

    private Main() {}

    public static void main(String[] arguments) throws Exception {
        Map<String, String> variables = System.getenv();
        NotesApp app = NotesApp.of(variables);
        ServletContextHandler context = new ServletContextHandler();
        ServletHolder servlet = new ServletHolder(new NotesServlet(app));
        servlet.setAsyncSupported(true);
        context.addServlet(servlet, "/*");
        // region adapter
        context.addServletContainerInitializer(
                (classes, servletContext) -> TenancyFilter.of(app.tenancy()).register(servletContext, "/*"));
        // endregion
        context.setErrorHandler(new ProblemErrors());

        int port = Integer.parseInt(variables.getOrDefault("NOTES_PORT", "8080"));
        Server server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        server.setHandler(new GracefulHandler(context));
        server.setStopTimeout(STOP_MILLIS);
        server.start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(app, server), "stop"));
        System.out.println("notes on port " + ((ServerConnector) server.getConnectors()[0]).getLocalPort());
    }

    private static void stop(NotesApp app, Server server) {
        try (app) {
            app.endStreams();
            server.stop(); // waits for what is being answered
        } catch (Exception failure) {
            throw new IllegalStateException("the server does not stop", failure);
        }
    }

    /** Says no more of a failure than that there was one, where Jetty's own page shows its message. */
    private static final class ProblemErrors extends ErrorHandler {
        @Override
        protected void generateResponse(
                Request request, Response response, int code, String message, Throwable cause, Callback callback) {
            Problem problem = code == 500 ? Problem.internal() : Problem.of("http", code, "Refused", "Not taken.");
            problem.sendTo(
                    (name, value) -> response.getHeaders().put(name, value),
                    (status, body) -> response.write(true, ByteBuffer.wrap(body), callback));
        }
    }
}
