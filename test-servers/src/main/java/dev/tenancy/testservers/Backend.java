package dev.tenancy.testservers;

import java.io.OutputStream;
import java.net.ProtocolException;
import java.nio.ByteBuffer;

/** What a server answers; counts the answers for which a client waits. */
final class Backend extends MessageStream {
    private static final char READY_FOR_QUERY = 'Z';
    private static final byte NO_ENCRYPTION = 'N';

    private final Exchange exchange;
    private final Runnable onRoundTrip;
    private boolean startedUp;

    /**
     * The answers of one connection.
     *
     * @param onRoundTrip told of every answer that the client waits for, but not of those before it is connected
     */
    Backend(OutputStream client, Exchange exchange, Runnable onRoundTrip) {
        super(client);
        this.exchange = exchange;
        this.onRoundTrip = onRoundTrip;
    }

    @Override
    boolean takeMessage(ByteBuffer unread) throws ProtocolException {
        if (!exchange.awaitsEncryptionAnswer()) {
            return takeTyped(unread);
        }
        if (!unread.hasRemaining()) {
            return false;
        }
        if (unread.get() != NO_ENCRYPTION) {
            throw new ProtocolException("the server would encrypt; ask with sslmode=disable and gssEncMode=disable");
        }
        exchange.encryptionRefused();
        return true;
    }

    @Override
    void seen(char type, ByteBuffer body) {
        if (startedUp) {
            if (exchange.answered(type)) {
                onRoundTrip.run();
            }
        } else {
            startedUp = type == READY_FOR_QUERY;
        }
    }
}
