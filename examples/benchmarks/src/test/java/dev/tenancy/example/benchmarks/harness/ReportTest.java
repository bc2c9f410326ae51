package dev.tenancy.example.benchmarks.harness;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
    private static final Metric THREE_ROUNDS = metric("current.ns", List.of(1.9312, 1.8, 9.0), List.of(1.6, 1.71, 8.0));
    private static final Metric BESIDE_NOTHING = metric("beside-nothing", List.of(8.0), List.of(0.0));

    @TempDir
    private Path directory;

    @Test
    void aMetricIsOneLineAndItsSpreadAComment() {
        assertThat(printed(THREE_ROUNDS))
                .containsExactly(
                        "# current.ns, rounds of ns: 3, ours 1.8 … 9, some-peer 1.6 … 8, ratio 1.053 … 1.207",
                        "current.ns ours=1.931 peer=1.71 (some-peer) ratio=1.129");
    }

    @Test
    void figuresArePlainNumbersHoweverLargeOrSmall() {
        assertThat(printed(metric("large", List.of(1_234_567.0), List.of(1e9))))
                .contains("large ours=1235000 peer=1000000000 (some-peer) ratio=0.001235");
    }

    @Test
    void nothingBesideNothingIsAsMuchAndSomethingBesideNothingIsInfinite() {
        assertThat(printed(metric("nothing", List.of(0.0), List.of(0.0)), BESIDE_NOTHING))
                .contains("nothing ours=0 peer=0 (some-peer) ratio=1")
                .contains("beside-nothing ours=8 peer=0 (some-peer) ratio=infinite");
    }

    @Test
    void theJsonIsAListOfOneObjectPerMetric() throws IOException {
        Path made = directory.resolve("not/there/yet");
        new Report("some", List.of(THREE_ROUNDS, BESIDE_NOTHING)).write(made);

        JsonNode json = new ObjectMapper().readTree(Files.readString(made.resolve("some.json")));
        assertThat(json).hasSize(2);
        assertThat(json.get(0)).isEqualTo(new ObjectMapper().readTree("""
                        {"metric": "current.ns", "ours": 1.9312, "peer": 1.71, "peerName": "some-peer",
                         "ratio": %s, "unit": "ns"}""".formatted(1.9312 / 1.71)));
        assertThat(json.get(1).get("ratio").isNull()).isTrue();
    }

    @Test
    void aReportThatCannotBeWrittenSaysWhere() throws IOException {
        Path file = Files.createFile(directory.resolve("a-file"));

        assertThatThrownBy(() -> new Report("some", List.of(THREE_ROUNDS)).write(file))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("a-file");
    }

    @Test
    void aNameThatWouldNeedEscapingIsRefused() {
        assertThatThrownBy(() -> metric("two words", List.of(1.0), List.of(1.0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"two words\"");
    }

    @Test
    void oursAndThePeerTakePartInTheSameRounds() {
        assertThatThrownBy(() -> metric("uneven", List.of(1.0, 2.0), List.of(1.0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("metric uneven has 2 rounds of ours and 1 of some-peer");
    }

    private static Metric metric(String name, List<Double> ours, List<Double> peer) {
        return new Metric(name, "ns", "some-peer", new Samples(ours), new Samples(peer));
    }

    private static List<String> printed(Metric... metrics) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new Report("some", List.of(metrics)).print(new PrintStream(out, true, UTF_8));
        return out.toString(UTF_8).lines().toList();
    }
}
