package dev.tenancy.example.servlet;

import dev.tenancy.example.contract.EmbeddingContract;
import dev.tenancy.example.contract.ServerProcess;
import java.util.List;
import java.util.Map;

class ServletIT extends EmbeddingContract {

    @Override
    protected ServerProcess start(Map<String, String> variables) {
        return ServerProcess.start(
                List.of("-jar", ServerProcess.jar("embedding-servlet").toString()), variables);
    }
}
