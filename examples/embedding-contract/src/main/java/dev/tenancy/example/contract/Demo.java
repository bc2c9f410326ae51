package dev.tenancy.example.contract;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** Starts a packaged server on a database with two tenants, and says how to ask it. */
public final class Demo {
    private Demo() {}

    /**
     * Runs until the process is ended.
     *
     * @param arguments the directory in which the jar is, and the name of its artifact
     */
    public static void main(String[] arguments) throws IOException, SQLException {
        Path directory = Files.createTempDirectory("notes");
        Map<String, String> variables = NotesDatabase.create().variables(directory);
        Path jar = ServerProcess.jar(Path.of(arguments[0]), arguments[1]);
        try (ServerProcess server = ServerProcess.start(List.of("-jar", jar.toString()), variables)) {
            Runtime.getRuntime().addShutdownHook(new Thread(server::terminate, "end of the demo"));
            String notes = "http://127.0.0.1:" + server.port();
            String acme = " -H 'Authorization: Bearer " + NotesDatabase.ACME + "' " + notes;
            String globex = " -H 'Authorization: Bearer " + NotesDatabase.GLOBEX + "' " + notes;
            System.out.println(String.join(
                    "\n",
                    "",
                    "Two tenants, acme and globex:",
                    "",
                    "curl -i -H 'Content-Type: application/json' -d '{\"text\":\"hello\"}'" + acme + "/notes",
                    "curl -i" + acme + "/notes",
                    "curl -i" + globex + "/notes",
                    "curl -i" + globex + "/notes/1",
                    "curl -i " + notes + "/notes",
                    "curl -N" + acme + "/stream'?'notes=2",
                    "",
                    "Ctrl-C ends it."));
            server.awaitEnd();
        }
    }
}
