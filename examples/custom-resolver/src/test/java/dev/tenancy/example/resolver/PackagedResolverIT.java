package dev.tenancy.example.resolver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.example.contract.Answer;
import dev.tenancy.example.contract.HttpNotes;
import dev.tenancy.example.contract.NotesDatabase;
import dev.tenancy.example.contract.ServerProcess;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that knows nothing of this resolver finds its jar, and believes it when it is named. */
class PackagedResolverIT {
    private static final Path SERVER = Path.of("..", "embedding-jdk", "target");
    private static final Path JAR = ServerProcess.jar("custom-resolver");

    @Test
    void itIsFoundOnTheClassPathWhenItIsNamed(@TempDir Path directory) throws Exception {
        String classPath = ServerProcess.jar(SERVER, "embedding-jdk") + File.pathSeparator + JAR;

        assertThat(isNamed(directory, List.of("-cp", classPath, "dev.tenancy.example.jdk.Main")))
                .isTrue();
    }

    @Test
    void itIsFoundOnTheModulePathWhenItIsNamed(@TempDir Path directory) throws Exception {
        String modulePath = String.join(
                File.pathSeparator,
                ServerProcess.jar(SERVER, "embedding-jdk").toString(),
                SERVER.resolve("lib").toString(),
                JAR.toString());

        assertThat(isNamed(
                        directory,
                        List.of("-p", modulePath, "-m", "dev.tenancy.example.jdk/dev.tenancy.example.jdk.Main")))
                .isTrue();
    }

    @Test
    void aJarThatNobodyNamedLetsNobodyIn(@TempDir Path directory) throws Exception {
        NotesDatabase database = NotesDatabase.create();
        String classPath = ServerProcess.jar(SERVER, "embedding-jdk") + File.pathSeparator + JAR;
        try (ServerProcess server = ServerProcess.start(
                List.of("-cp", classPath, "dev.tenancy.example.jdk.Main"), database.variables(directory))) {
            HttpNotes client = new HttpNotes(server.port());

            assertThat(statusOf(client, Proxy.signed("acme"))).isEqualTo(401);
            assertThat(client.get(NotesDatabase.ACME, "/notes").status()).isEqualTo(200);
        }
    }

    private static boolean isNamed(Path directory, List<String> arguments) throws Exception {
        NotesDatabase database = NotesDatabase.create();
        Map<String, String> variables = database.variables(directory);
        variables.put("TENANCY_RESOLVERS", "signed-header,api-key");
        variables.put("TENANCY_SIGNED_HEADER_SECRET", Proxy.SECRET);
        try (ServerProcess server = ServerProcess.start(arguments, variables)) {
            HttpNotes client = new HttpNotes(server.port());
            client.add(NotesDatabase.GLOBEX, "of globex");

            return statusOf(client, Proxy.signed("acme")) == 200
                    && statusOf(client, Proxy.signed("acme").replace("acme", "globex")) == 401
                    && client.get(NotesDatabase.GLOBEX, "/notes").body().contains("of globex")
                    && !get(client, Proxy.signed("acme")).body().contains("of globex");
        }
    }

    private static int statusOf(HttpNotes client, String header) {
        return get(client, header).status();
    }

    private static Answer get(HttpNotes client, String header) {
        return client.getWith("X-Signed-Tenant", header, "/notes");
    }
}
