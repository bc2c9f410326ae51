package dev.tenancy.example.jdk;

import dev.tenancy.example.contract.EmbeddingContract;
import dev.tenancy.example.contract.ServerProcess;
import java.io.File;
import java.util.List;
import java.util.Map;

/** The same jars as modules. */
class ModulePathIT extends EmbeddingContract {

    @Override
    protected ServerProcess start(Map<String, String> variables) {
        String modules = ServerProcess.jar("embedding-jdk") + File.pathSeparator + "target/lib";
        return ServerProcess.start(
                List.of("-p", modules, "-m", "dev.tenancy.example.jdk/dev.tenancy.example.jdk.Main"), variables);
    }
}
