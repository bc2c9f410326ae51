package dev.tenancy.example.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenancy.example.benchmarks.harness.Benchmark;
import dev.tenancy.example.benchmarks.harness.Effort;
import dev.tenancy.example.benchmarks.harness.Metric;
import dev.tenancy.example.benchmarks.harness.Samples;
import dev.tenancy.example.benchmarks.harness.Settings;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchmarksTest {
    @TempDir
    private Path directory;

    @Test
    void listNamesThemAll() {
        assertThat(run("list")).containsExactly("one", "other");
    }

    @Test
    void anUnknownNameIsAnErrorThatNamesThemAll() {
        assertThatThrownBy(() -> run("nope"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("bench is \"nope\"; allowed: list, one, other");
    }

    @Test
    void noNameIsAnErrorToo() {
        assertThatThrownBy(() -> run(""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("bench is \"\"; allowed: list, one, other");
    }

    @Test
    void theOneThatIsNamedIsRunAndReported() {
        assertThat(run("other")).last().isEqualTo("of-other ours=3 peer=2 (some-peer) ratio=1.5");
        assertThat(directory.resolve("other.json")).content().contains("\"metric\": \"of-other\"");
        assertThat(directory.resolve("one.json")).doesNotExist();
    }

    @Test
    void namesAreUnlikeEachOther() {
        assertThat(Benchmarks.ALL)
                .extracting(Benchmark::name)
                .doesNotHaveDuplicates()
                .doesNotContain("list");
    }

    private List<String> run(String name) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Benchmarks.run(
                new Settings(name, Effort.SHAPE, directory),
                List.of(new Fixed("one"), new Fixed("other")),
                new PrintStream(out, true, UTF_8));
        return out.toString(UTF_8).lines().toList();
    }

    private record Fixed(String name) implements Benchmark {
        @Override
        public List<Metric> run(Settings settings) {
            return List.of(
                    new Metric("of-" + name, "ns", "some-peer", new Samples(List.of(3.0)), new Samples(List.of(2.0))));
        }
    }
}
