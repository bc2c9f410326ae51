package dev.tenancy.example.grpc;

import dev.tenancy.example.contract.Answer;
import dev.tenancy.example.contract.NotesClient;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Asks over gRPC, and says what HTTP would have said. */
final class GrpcNotes implements NotesClient {
    private static final Map<Status.Code, Integer> STATUSES = Map.of(
            Status.Code.INVALID_ARGUMENT, 400,
            Status.Code.UNAUTHENTICATED, 401,
            Status.Code.PERMISSION_DENIED, 403,
            Status.Code.NOT_FOUND, 404,
            Status.Code.RESOURCE_EXHAUSTED, 429,
            Status.Code.INTERNAL, 500,
            Status.Code.UNAVAILABLE, 503);

    private final ManagedChannel channel;
    private final ExecutorService waiting = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "client");
        thread.setDaemon(true);
        return thread;
    });

    GrpcNotes(int port) {
        this.channel =
                NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    }

    @Override
    public Answer add(String credential, String text) {
        return call(credential, 201, NotesMethods.ADD, text.replace("\\u0000", "\u0000"));
    }

    @Override
    public Answer get(String credential, String path) {
        return switch (path) {
            case "/notes" -> call(credential, 200, NotesMethods.LIST, "");
            case "/slow-notes" -> call(credential, 200, NotesMethods.LIST_SLOWLY, "");
            case "/spent" -> call(credential, 200, NotesMethods.SPENT, "");
            case "/stream" -> call(credential, 200, NotesMethods.FOLLOW, "1");
            default -> call(credential, 200, NotesMethods.GET, path.substring("/notes/".length()));
        };
    }

    @Override
    public CompletableFuture<Answer> getLater(String credential, String path) {
        return CompletableFuture.supplyAsync(() -> get(credential, path), waiting);
    }

    private Answer call(String credential, int ok, MethodDescriptor<String, String> method, String message) {
        try {
            Iterator<String> answers =
                    ClientCalls.blockingServerStreamingCall(as(credential), method, CallOptions.DEFAULT, message);
            return new Answer(ok, Map.of(), answers.next());
        } catch (StatusRuntimeException refused) {
            Map<String, String> fields = new TreeMap<>(Map.of("content-type", "application/problem+json"));
            for (String name : new String[] {"www-authenticate", "retry-after"}) {
                Optional.ofNullable(refused.getTrailers())
                        .map(trailers -> trailers.get(key(name)))
                        .ifPresent(value -> fields.put(name, value));
            }
            int status = STATUSES.getOrDefault(refused.getStatus().getCode(), 0);
            return new Answer(
                    status,
                    fields,
                    "\"status\":" + status + " " + refused.getStatus().getDescription());
        }
    }

    private static Metadata.Key<String> key(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }

    private Channel as(String credential) {
        Metadata headers = new Metadata();
        if (!credential.isEmpty()) {
            headers.put(key("authorization"), "Bearer " + credential);
        }
        return ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    @Override
    public Stream follow(String credential, int notes) {
        Context.CancellableContext context = Context.current().withCancellation();
        Context outer = context.attach();
        try {
            Iterator<String> lines = ClientCalls.blockingServerStreamingCall(
                    as(credential), NotesMethods.FOLLOW, CallOptions.DEFAULT, Integer.toString(notes));
            return new Lines(lines, context);
        } finally {
            context.detach(outer);
        }
    }

    private record Lines(Iterator<String> lines, Context.CancellableContext context) implements Stream {
        @Override
        public String line() {
            return lines.hasNext() ? lines.next() : "";
        }

        @Override
        public void close() {
            context.cancel(null);
        }
    }
}
