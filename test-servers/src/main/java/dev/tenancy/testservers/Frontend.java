package dev.tenancy.testservers;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.OutputStream;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** What a client sends, from the first byte of its connection. */
final class Frontend extends MessageStream {
    private static final int SSL_REQUEST = 80877103;
    private static final int GSS_REQUEST = 80877104;
    private static final int LENGTH_AND_CODE = 8;

    private final Exchange exchange;
    private final Consumer<ClientMessage> onMessage;
    private final Map<String, String> prepared = new HashMap<>();
    private boolean startedUp;

    /**
     * The messages of one connection.
     *
     * @param onMessage told of every message after the start-up
     */
    Frontend(OutputStream server, Exchange exchange, Consumer<ClientMessage> onMessage) {
        super(server);
        this.exchange = exchange;
        this.onMessage = onMessage;
    }

    @Override
    boolean takeMessage(ByteBuffer unread) throws ProtocolException {
        if (!startedUp) {
            return takeUntyped(unread);
        }
        boolean complete = takeTyped(unread);
        if (!complete && unread.hasRemaining()) {
            exchange.sentPart();
        }
        return complete;
    }

    /** The messages that a connection begins with have a code instead of a type. */
    private boolean takeUntyped(ByteBuffer unread) throws ProtocolException {
        if (unread.remaining() < LENGTH_AND_CODE) {
            return false;
        }
        int length = lengthAt(unread, unread.position());
        if (unread.remaining() < length) {
            return false;
        }
        int code = unread.getInt(unread.position() + Integer.BYTES);
        if (code == SSL_REQUEST || code == GSS_REQUEST) {
            exchange.encryptionRequested();
        } else {
            startedUp = true;
        }
        unread.position(unread.position() + length);
        return true;
    }

    @Override
    void seen(char type, ByteBuffer body) {
        exchange.sent(type);
        onMessage.accept(new ClientMessage(type, sql(type, body)));
    }

    private String sql(char type, ByteBuffer body) {
        return switch (type) {
            case 'Q' -> text(body);
            case 'P' -> prepare(text(body), text(body));
            case 'B' -> bind(body);
            default -> "";
        };
    }

    private String prepare(String name, String sql) {
        prepared.put(name, sql);
        return sql;
    }

    /** Names the portal, and then the statement. */
    private String bind(ByteBuffer body) {
        text(body);
        return prepared.getOrDefault(text(body), "");
    }

    private static String text(ByteBuffer body) {
        int end = body.position();
        while (body.get(end) != 0) {
            end++;
        }
        byte[] bytes = new byte[end - body.position()];
        body.get(bytes).get();
        return new String(bytes, UTF_8);
    }
}
