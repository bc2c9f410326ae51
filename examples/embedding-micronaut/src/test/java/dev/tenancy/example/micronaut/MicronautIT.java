package dev.tenancy.example.micronaut;

import dev.tenancy.example.contract.EmbeddingContract;
import dev.tenancy.example.contract.ServerProcess;
import java.util.List;
import java.util.Map;

class MicronautIT extends EmbeddingContract {

    @Override
    protected ServerProcess start(Map<String, String> variables) {
        return ServerProcess.start(
                List.of("-jar", ServerProcess.jar("embedding-micronaut").toString()), variables);
    }
}
