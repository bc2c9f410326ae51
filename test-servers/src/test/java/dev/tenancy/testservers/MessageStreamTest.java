package dev.tenancy.testservers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What is seen of both directions of a connection, however TCP cuts them. */
class MessageStreamTest {
    private static final byte[] SSL_REQUEST = untyped(80877103, "");
    private static final byte[] GSS_REQUEST = untyped(80877104, "");
    private static final byte[] START_UP = untyped(196608, "user\0me\0\0");
    private static final byte[] READY = typed('Z', "I");

    private final AtomicInteger roundTrips = new AtomicInteger();
    private final List<ClientMessage> messages = new ArrayList<>();
    private final ByteArrayOutputStream forwarded = new ByteArrayOutputStream();

    @Test
    void whatTheClientAsksForIsSeenWhereverItIsCut() throws IOException {
        byte[] sent = concat(
                SSL_REQUEST,
                GSS_REQUEST,
                START_UP,
                typed('p', "secret\0"),
                typed('Q', "SELECT 'ä'\0"),
                typed('P', "S_1\0SELECT $1\0\0\0"),
                typed('B', "\0S_1\0\0\0\0\0\0\0"),
                typed('E', "\0\0\0\0\0"),
                typed('S', ""));

        for (int part = 1; part <= sent.length; part++) {
            messages.clear();
            writeInParts(frontend(new Exchange()), sent, part);

            assertThat(messages)
                    .containsExactly(
                            new ClientMessage('p', ""),
                            new ClientMessage('Q', "SELECT 'ä'"),
                            new ClientMessage('P', "SELECT $1"),
                            new ClientMessage('B', "SELECT $1"),
                            new ClientMessage('E', ""),
                            new ClientMessage('S', ""));
        }
    }

    @Test
    void answersAreCountedWhereverTheyAreCut() throws IOException {
        byte[] answered = concat(
                new byte[] {'N', 'N'},
                typed('R', "\0\0\0\0"),
                READY,
                typed('D', "Z".repeat(20_000)),
                READY,
                typed('G', "\0\0\0"),
                READY,
                typed('W', "\0\0\0"),
                typed('N', "a notice\0"));

        for (int part = 1; part <= 100; part++) {
            roundTrips.set(0);
            Exchange exchange = new Exchange();
            frontend(exchange).write(concat(SSL_REQUEST, GSS_REQUEST, START_UP));
            writeInParts(backend(exchange), answered, part);

            assertThat(roundTrips).hasValue(4);
        }
    }

    @Test
    void requestsThatAreSentTogetherAreOneRoundTripWhereverTheyAreCut() throws IOException {
        byte[] begin = typed('Q', "BEGIN\0");
        byte[] first = concat(typed('P', "\0SELECT 1\0\0\0"), typed('S', ""));

        for (int part = 1; part < first.length; part++) {
            roundTrips.set(0);
            Exchange exchange = new Exchange();
            Frontend frontend = frontend(exchange);
            Backend backend = backend(exchange);
            frontend.write(START_UP);
            backend.write(READY);
            frontend.write(concat(begin, Arrays.copyOf(first, part)));
            backend.write(READY);
            assertThat(roundTrips).as("the client still sends").hasValue(0);
            frontend.write(first, part, first.length - part);
            backend.write(READY);

            assertThat(roundTrips).hasValue(1);
        }
    }

    @Test
    void anAnswerIsCountedBeforeTheClientHasIt() throws IOException {
        Backend backend = new Backend(forwarded, new Exchange(), () -> {
            roundTrips.incrementAndGet();
            assertThat(forwarded.size()).isEqualTo(READY.length);
        });
        backend.write(READY);
        backend.write(READY);

        assertThat(roundTrips).hasValue(1);
        assertThat(forwarded.toByteArray()).isEqualTo(concat(READY, READY));
    }

    @Test
    void aServerThatWouldEncryptIsAnErrorSinceNothingCouldBeCounted() throws IOException {
        Exchange exchange = new Exchange();
        frontend(exchange).write(SSL_REQUEST);
        forwarded.reset();

        assertThatThrownBy(() -> backend(exchange).write('S'))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("sslmode=disable");
        assertThat(forwarded.size()).isZero();
    }

    @Test
    void whatIsNotTheProtocolIsAnError() {
        byte[] impossible = {'Z', 0, 0, 0, 3};

        assertThatThrownBy(() -> backend(new Exchange()).write(impossible))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("length 3");
    }

    private Frontend frontend(Exchange exchange) {
        return new Frontend(forwarded, exchange, messages::add);
    }

    private Backend backend(Exchange exchange) {
        return new Backend(forwarded, exchange, roundTrips::incrementAndGet);
    }

    private void writeInParts(MessageStream stream, byte[] bytes, int part) throws IOException {
        forwarded.reset();
        for (int at = 0; at < bytes.length; at += part) {
            stream.write(bytes, at, Math.min(part, bytes.length - at));
        }
        assertThat(forwarded.toByteArray()).isEqualTo(bytes);
    }

    private static byte[] untyped(int code, String body) {
        byte[] text = body.getBytes(UTF_8);
        return ByteBuffer.allocate(8 + text.length)
                .putInt(8 + text.length)
                .putInt(code)
                .put(text)
                .array();
    }

    private static byte[] typed(char type, String body) {
        byte[] text = body.getBytes(UTF_8);
        return ByteBuffer.allocate(5 + text.length)
                .put((byte) type)
                .putInt(4 + text.length)
                .put(text)
                .array();
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
