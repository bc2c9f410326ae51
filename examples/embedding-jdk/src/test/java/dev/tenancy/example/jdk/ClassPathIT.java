package dev.tenancy.example.jdk;

import dev.tenancy.example.contract.EmbeddingContract;
import dev.tenancy.example.contract.ServerProcess;
import java.util.List;
import java.util.Map;

/** From a class path of jars. */
class ClassPathIT extends EmbeddingContract {

    @Override
    protected ServerProcess start(Map<String, String> variables) {
        return ServerProcess.start(
                List.of("-jar", ServerProcess.jar("embedding-jdk").toString()), variables);
    }
}
