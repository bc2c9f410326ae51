package dev.tenancy.example.gateway;

import io.javalin.Javalin;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server: starts and stops what {@link Platform} puts together. */
public final class AgentGateway implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AgentGateway.class);

    private final Parts parts = new Parts();
    private final Thread stopAtExit = new Thread(parts::close, "agent-gateway-stop");
    private final int port;
    private final Credentials credentials;

    private AgentGateway(Settings settings) throws SQLException {
        this.credentials = Credentials.of(settings);
        Runtime.getRuntime().addShutdownHook(stopAtExit);
        try {
            this.port = serve(settings);
        } catch (SQLException | RuntimeException failure) {
            close();
            throw failure;
        }
    }

    /** Starts the server by the environment, and tells how to use it. */
    public static void main(String[] arguments) throws SQLException {
        System.out.println(
                "agent-gateway is starting; the first start of the embedded PostgreSQL takes some seconds …");
        AgentGateway gateway = start(Settings.of(System.getenv()));
        System.out.println("agent-gateway ready on " + gateway.url());
        System.out.println(Welcome.text(gateway.url(), gateway.credentials));
    }

    /** A running server. */
    static AgentGateway start(Settings settings) throws SQLException {
        return new AgentGateway(settings);
    }

    /** Where it listens. */
    String url() {
        return "http://127.0.0.1:" + port;
    }

    private int serve(Settings settings) throws SQLException {
        Platform platform = new Platform(settings, credentials, parts);
        Javalin server = Javalin.create(config -> {
            Api.configure(config, settings.port());
            platform.addTo(config.routes);
        });
        parts.add(server::stop);
        parts.add(platform::endStreams);
        return server.start().port();
    }

    /** Stops taking requests, then closes what they needed. */
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(stopAtExit);
        } catch (IllegalStateException exiting) {
            LOG.debug("the process is ending already", exiting);
        }
        parts.close();
    }
}
