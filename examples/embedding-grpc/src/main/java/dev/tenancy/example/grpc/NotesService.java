package dev.tenancy.example.grpc;

import dev.tenancy.example.notes.Json;
import dev.tenancy.example.notes.Note;
import dev.tenancy.example.notes.NotesApp;
import io.grpc.BindableService;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The application over gRPC. */
record NotesService(NotesApp app) implements BindableService {

    /** Does what is asked for, and says what is found. */
    private interface Call {
        Object answer(String message) throws SQLException, IOException;
    }

    @Override
    public ServerServiceDefinition bindService() {
        return ServerServiceDefinition.builder(NotesMethods.SERVICE)
                .addMethod(NotesMethods.ADD, unary(text -> app.add(new Note.Draft(text))))
                .addMethod(NotesMethods.LIST, unary(none -> app.list()))
                .addMethod(NotesMethods.GET, unary(id -> app.require(Json.readId(id))))
                .addMethod(NotesMethods.SPENT, unary(none -> app.spent()))
                .addMethod(
                        NotesMethods.LIST_SLOWLY,
                        ServerCalls.asyncUnaryCall((none, answer) -> later(app.listSlowly(), answer)))
                .addMethod(NotesMethods.FOLLOW, ServerCalls.asyncServerStreamingCall(this::follow))
                .build();
    }

    private static ServerCallHandler<String, String> unary(Call call) {
        return ServerCalls.asyncUnaryCall((message, answer) -> {
            try {
                answer.onNext(json(call.answer(message)));
                answer.onCompleted();
            } catch (SQLException | IOException failure) {
                answer.onError(failure);
            }
        });
    }

    private static void later(CompletionStage<?> stage, StreamObserver<String> answer) {
        stage.whenComplete((found, failure) -> {
            if (failure == null) {
                answer.onNext(json(found));
                answer.onCompleted();
            } else {
                answer.onError(failure);
            }
        });
    }

    private void follow(String notes, StreamObserver<String> answer) {
        try {
            CompletableFuture<Void> told = app.follow(
                    TenancyInterceptor.ADMITTED.get(),
                    Json.readId(notes),
                    line -> answer.onNext(new String(line, StandardCharsets.UTF_8).strip()));
            ((ServerCallStreamObserver<String>) answer).setOnCancelHandler(() -> told.cancel(false));
            ended(told, answer);
        } catch (IOException failure) {
            answer.onError(failure);
        }
    }

    private static void ended(CompletionStage<Void> told, StreamObserver<String> answer) {
        told.thenRun(answer::onCompleted);
    }

    private static String json(Object value) {
        return new String(Json.write(value), StandardCharsets.UTF_8);
    }
}
