package dev.tenancy.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.tenancy.testservers.TestPostgres;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Servers that need the same schema at once, and one that dies while it makes it. */
@Timeout(120)
class SchemaReplicasIT {
    @AutoClose
    private final TestPostgres.Database database = TestPostgres.newDatabase();

    private final List<Process> replicas = new ArrayList<>();

    @BeforeEach
    void createTable() {
        database.asOwner("CREATE TABLE migrations (name text)");
    }

    @AfterEach
    void killAll() {
        replicas.forEach(Process::destroyForcibly);
    }

    private BufferedReader start(String... arguments) throws IOException {
        Process replica = OtherJvm.start(SchemaReplica.class, arguments);
        replicas.add(replica);
        BufferedReader says = replica.inputReader(StandardCharsets.UTF_8);
        assertThat(says.readLine()).isEqualTo("ready");
        return says;
    }

    private void go(int replica) throws IOException {
        OutputStream in = replicas.get(replica).getOutputStream();
        in.write('\n');
        in.flush();
    }

    @Test
    void twentyThreadsOfEachOfTwoServersMigrateOnce() throws Exception {
        BufferedReader first = start(database.ownerUrl());
        BufferedReader second = start(database.ownerUrl());
        go(0);
        go(1);

        assertThat(first.readLine()).isEqualTo("passed");
        assertThat(second.readLine()).isEqualTo("passed");
        assertThat(names("SELECT name FROM migrations")).containsExactly("t_acme");
    }

    @Test
    void whatAServerThatWasKilledBeganTheNextCompletes() throws Exception {
        BufferedReader victim = start(database.ownerUrl(), "waits");
        go(0);
        assertThat(victim.readLine()).isEqualTo("in the middle");
        assertThat(tables()).containsExactly("first");

        replicas.get(0).destroyForcibly().waitFor(); // SIGKILL

        try (HikariDataSource owner = NotesDatabase.poolOf(database.ownerUrl(), 3)) {
            SchemaReplica.schemas(owner, () -> {}).await(SchemaReplica.ACME);
        }
        assertThat(tables()).containsExactly("first", "second");
        assertThat(names("SELECT name FROM migrations")).containsExactly("t_acme", "t_acme");
    }

    private List<String> tables() throws SQLException {
        return names("SELECT relname FROM pg_class WHERE relnamespace = 't_acme'::regnamespace ORDER BY relname");
    }

    private List<String> names(String query) throws SQLException {
        List<String> names = new ArrayList<>();
        try (Connection owner = database.ownerConnection();
                Statement statement = owner.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }
        return names;
    }
}
