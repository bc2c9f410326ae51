package dev.tenancy.jwt;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON documents over HTTP: within a time that is for all of the answer, no more of it than a limit, from where
 * it was asked and nowhere else. What fails at once is tried once more, here or by the JDK's client: that one does it
 * where a connection breaks before there is an answer. No message has the address, which may have a secret.
 */
final class HttpDocument {
    static final int MAX_BYTES = 512 * 1024;

    private static final int OK = 200;
    private static final int FIRST_SERVER_ERROR = 500;

    private final HttpClient client;
    private final Duration timeout;

    HttpDocument(Duration timeout) {
        this.timeout = timeout;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(timeout)
                .build();
    }

    /**
     * The object at {@code uri}.
     *
     * @throws IOException if it cannot be had
     * @throws ParseException if something else is there
     */
    Map<String, @Nullable Object> read(URI uri) throws IOException, ParseException {
        HttpRequest request = HttpRequest.newBuilder(uri)
                .timeout(timeout)
                .header("Accept", "application/json, application/jwk-set+json")
                .build();
        return StrictJson.object(getAndOnceMore(request));
    }

    private byte[] getAndOnceMore(HttpRequest request) throws IOException {
        try {
            return get(request);
        } catch (Failure failure) {
            if (!failure.mayPass) {
                throw failure;
            }
            return get(request);
        }
    }

    private byte[] get(HttpRequest request) throws IOException {
        AtomicBoolean begun = new AtomicBoolean();
        CompletableFuture<HttpResponse<byte[]>> answer = client.sendAsync(request, info -> {
            begun.set(true);
            if (info.statusCode() != OK) {
                return new Failing(refusal(info.statusCode()));
            }
            return new Limited();
        });
        try {
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS).body();
        } catch (TimeoutException late) {
            throw new HttpTimeoutException("no whole answer in " + timeout);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new Failure("interrupted", false);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof Failure failure) {
                throw failure;
            }
            if (failed.getCause() instanceof HttpTimeoutException) {
                // The client watches the time as well, from a moment earlier.
                throw new HttpTimeoutException("no whole answer in " + timeout);
            }
            throw begun.get()
                    ? new Failure("the answer broke off", true)
                    : new IOException("no answer", failed.getCause());
        } finally {
            answer.cancel(true);
        }
    }

    static Failure refusal(int status) {
        return new Failure("answered with status " + status, status >= FIRST_SERVER_ERROR);
    }

    /** An answer that is none; the message may be logged. */
    static final class Failure extends IOException {
        private static final long serialVersionUID = 1L;

        private final boolean mayPass;

        private Failure(String message, boolean mayPass) {
            super(message);
            this.mayPass = mayPass;
        }
    }

    /** Takes no byte of an answer that nobody wants. */
    private record Failing(CompletableFuture<byte[]> failed) implements HttpResponse.BodySubscriber<byte[]> {
        private Failing(IOException failure) {
            this(CompletableFuture.failedFuture(failure));
        }

        @Override
        public CompletionStage<byte[]> getBody() {
            return failed;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.cancel();
        }

        @Override
        public void onNext(List<ByteBuffer> buffers) {}

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onComplete() {}
    }

    /** Collects a body, and hangs up when there is too much of it. */
    private static final class Limited implements HttpResponse.BodySubscriber<byte[]> {
        private final CompletableFuture<byte[]> body = new CompletableFuture<>();
        private final ByteArrayOutputStream collected = new ByteArrayOutputStream();
        private Flow.@Nullable Subscription subscription;

        @Override
        public CompletionStage<byte[]> getBody() {
            return body;
        }

        @Override
        public void onSubscribe(Flow.Subscription made) {
            subscription = made;
            made.request(1);
        }

        @Override
        public void onNext(List<ByteBuffer> buffers) {
            for (ByteBuffer buffer : buffers) {
                if (buffer.remaining() > MAX_BYTES - collected.size()) {
                    if (subscription != null) {
                        subscription.cancel();
                    }
                    body.completeExceptionally(new Failure("the answer has more than " + MAX_BYTES + " bytes", false));
                    return;
                }
                byte[] bytes = new byte[buffer.remaining()];
                buffer.get(bytes);
                collected.writeBytes(bytes);
            }
            if (subscription != null) {
                subscription.request(1);
            }
        }

        @Override
        public void onError(Throwable failure) {
            body.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            body.complete(collected.toByteArray());
        }
    }
}
