package dev.tenancy.jdbc;

import static dev.tenancy.jdbc.OffboardingDatabase.ACME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Others go on working, and whatever kills an offboarding, the next one completes it. */
class OffboardingUnderLoadIT {
    private static final int WRITERS = 8;

    @TempDir
    private Path temporary;

    @AutoClose
    private OffboardingDatabase host;

    @BeforeEach
    void makeDatabase() throws SQLException {
        host = new OffboardingDatabase();
    }

    @Test
    void othersWriteOnAndLoseNothing() throws Exception {
        host.database()
                .asSuperuser(
                        "INSERT INTO tasks (tenant_id, id, project_id, parent_id) SELECT 'acme', n, 1, n - 50 FROM generate_series(100, 3000) n"
                                .replace("n - 50", "CASE WHEN n >= 150 THEN n - 50 END"),
                        "INSERT INTO plain (tenant_id, body) SELECT 'acme', 'more' FROM generate_series(1, 3000)");
        for (int writer = 0; writer < WRITERS; writer++) {
            host.addOf("other-" + writer);
        }
        List<String> others = withoutWritten(host.rowsOfOthersThan("acme"));
        AtomicBoolean erased = new AtomicBoolean();
        CountDownLatch writing = new CountDownLatch(WRITERS);
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
        List<Future<Integer>> written = new ArrayList<>();
        for (int writer = 0; writer < WRITERS; writer++) {
            String tenant = "other-" + writer;
            written.add(threads.submit(() -> write(tenant, writing, erased)));
        }
        ErasureProof proof;
        try {
            writing.await();
            proof = host.offboarding().batchSize(100).build().erase(ACME);
        } finally {
            erased.set(true);
            threads.shutdown();
        }

        assertThat(proof.isErased()).isTrue();
        assertThat(host.rowsOf("acme")).isEmpty();
        for (int writer = 0; writer < WRITERS; writer++) {
            assertThat(host.strings("SELECT count(*) FROM tasks WHERE title = 'written' AND tenant_id = 'other-"
                            + writer + "'"))
                    .containsExactly(Integer.toString(written.get(writer).get(1, TimeUnit.MINUTES)));
        }
        assertThat(withoutWritten(host.rowsOfOthersThan("acme"))).isEqualTo(others);
    }

    private static List<String> withoutWritten(List<String> rows) {
        return rows.stream().filter(row -> !row.contains("written")).toList();
    }

    /** Inserts tasks until the erasure is over, and tells how many. */
    private int write(String tenant, CountDownLatch writing, AtomicBoolean erased) throws SQLException {
        try (Connection connection = DriverManager.getConnection(host.database().appUrl());
                Statement bind = connection.createStatement();
                PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO tasks (id, project_id, parent_id, title) VALUES (?, 1, 1, 'written')")) {
            bind.execute("SELECT set_config('tenancy.tenant_id', '" + tenant + "', false)");
            int written = 0;
            while (!erased.get()) {
                insert.setInt(1, 1_000_000 + written);
                insert.executeUpdate();
                written++;
                writing.countDown();
            }
            return written;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5, 12, 20, 26})
    void anErasureThatIsKilledIsCompletedByTheNext(int step) throws Exception {
        List<String> others = host.rowsOfOthersThan("acme");
        killAfter(step, OffboardingVictim.start(host.database().ownerUrl()));
        assertThat(host.rowsOf("acme")).isNotEmpty().hasSizeLessThan(OffboardingDatabase.ROWS);

        assertThat(host.offboarding().build().erase(ACME).isErased()).isTrue();

        assertThat(host.rowsOf("acme")).isEmpty();
        assertThat(host.rowsOfOthersThan("acme")).isEqualTo(others);
    }

    @Test
    void anExportThatIsKilledIsNone() throws Exception {
        Path directory = temporary.resolve("killed");
        killAfter(4, OffboardingVictim.start(host.database().ownerUrl(), directory.toString()));
        List<String> before = host.rowsOf("acme");

        assertThat(Files.exists(directory.resolve("manifest.json"))).isFalse();
        TenantOffboarding offboarding = host.offboarding().build();
        assertThatThrownBy(() -> offboarding.restoreFrom(directory, ACME)).isInstanceOf(IOException.class);

        offboarding.exportTo(temporary.resolve("whole"), ACME);
        offboarding.erase(ACME);
        offboarding.restoreFrom(temporary.resolve("whole"), ACME);
        assertThat(host.rowsOf("acme")).isEqualTo(before);
    }

    /** Lets it do so many steps, and kills it when it has said the next. */
    private static void killAfter(int steps, Process victim) throws IOException, InterruptedException {
        try (BufferedReader says = victim.inputReader(StandardCharsets.UTF_8);
                OutputStream goOn = victim.getOutputStream()) {
            for (int step = 0; step < steps; step++) {
                assertThat(says.readLine()).isNotNull();
                goOn.write('\n');
                goOn.flush();
            }
            assertThat(says.readLine()).isNotNull();
        } finally {
            victim.destroyForcibly(); // SIGKILL
        }
        assertThat(victim.waitFor(1, TimeUnit.MINUTES)).isTrue();
    }

    @Test
    void aSessionThatIsTerminatedIsAnErrorAndTheNextCallGoesOn() throws Exception {
        AtomicInteger steps = new AtomicInteger();
        TenantOffboarding terminated = host.offboarding()
                .batchSize(5)
                .progress(step -> {
                    if (steps.incrementAndGet() == 10) {
                        host.database()
                                .asOwner(
                                        "CREATE TABLE made_meanwhile (tenant_id text)",
                                        "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS"
                                                + " 'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN OLD; END'",
                                        "CREATE TRIGGER die AFTER DELETE ON tasks FOR EACH ROW EXECUTE FUNCTION die()");
                    }
                })
                .build();

        assertThatThrownBy(() -> terminated.erase(ACME))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("\"tasks\"");
        int left = host.rowsOf("acme").size();
        assertThat(left).isPositive().isLessThan(OffboardingDatabase.ROWS);

        host.database().asOwner("DROP TRIGGER die ON tasks");
        assertThat(host.offboarding().build().erase(ACME).isErased()).isTrue();
        assertThat(host.rowsOf("acme")).isEmpty();
    }

    @Test
    void aSessionThatIsTerminatedLeavesNoExport() {
        Path directory = temporary.resolve("terminated");
        TenantOffboarding terminated = host.offboarding()
                .progress(step -> host.database()
                        .asSuperuser("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                                + " WHERE datname = current_database() AND state = 'idle in transaction'"))
                .build();

        assertThatThrownBy(() -> terminated.exportTo(directory, ACME)).isInstanceOf(SQLException.class);

        assertThat(directory.resolve("manifest.json")).doesNotExist();
    }
}
