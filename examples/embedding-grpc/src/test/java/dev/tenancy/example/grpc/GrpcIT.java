package dev.tenancy.example.grpc;

import dev.tenancy.example.contract.EmbeddingContract;
import dev.tenancy.example.contract.NotesClient;
import dev.tenancy.example.contract.ServerProcess;
import java.util.List;
import java.util.Map;

class GrpcIT extends EmbeddingContract {

    @Override
    protected ServerProcess start(Map<String, String> variables) {
        return ServerProcess.start(
                List.of("-jar", ServerProcess.jar("embedding-grpc").toString()), variables);
    }

    @Override
    protected NotesClient client(int port) {
        return new GrpcNotes(port);
    }
}
