package dev.tenancy.project;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each embedding shows its whole adapter, which is short, and the README says how short. */
class EmbeddingsTest {
    private static final int MOST_LINES = 60;
    private static final Path EXAMPLES = Path.of("..", "examples");
    private static final Pattern ADAPTER = Pattern.compile("// region adapter\n(.*?)\\h*// endregion", Pattern.DOTALL);
    private static final Pattern ROW =
            Pattern.compile("\\| \\[[^\\]]+\\]\\(examples/(embedding-[a-z]+)\\)[^|]*\\| (\\d+) \\|");

    @Test
    void theTableOfTheReadmeIsComplete() throws IOException {
        Map<String, Integer> said = new TreeMap<>();
        Matcher rows = ROW.matcher(Documents.text("README.md"));
        while (rows.find()) {
            said.put(rows.group(1), Integer.valueOf(rows.group(2)));
        }
        Map<String, Integer> counted = new TreeMap<>();
        for (String embedding : embeddings()) {
            counted.put(
                    embedding,
                    adapters(embedding).stream().mapToInt(EmbeddingsTest::lines).sum());
        }

        assertThat(said).isEqualTo(counted).isNotEmpty();
        assertThat(counted.values()).allMatch(lines -> lines > 0 && lines <= MOST_LINES);
    }

    @Test
    void eachShowsItsWholeAdapter() throws IOException {
        for (String embedding : embeddings()) {
            String readme = Documents.text("examples/" + embedding + "/README.md");
            assertThat(adapters(embedding))
                    .as(embedding)
                    .allSatisfy(adapter -> assertThat(readme).contains(adapter));
        }
    }

    /** All but what they share. */
    private static List<String> embeddings() throws IOException {
        try (Stream<Path> examples = Files.list(EXAMPLES)) {
            return examples.map(example -> example.getFileName().toString())
                    .filter(name -> name.startsWith("embedding-"))
                    .filter(name -> Files.exists(EXAMPLES.resolve(name).resolve("README.md")))
                    .toList();
        }
    }

    private static List<String> adapters(String embedding) throws IOException {
        List<String> adapters = new ArrayList<>();
        try (Stream<Path> files =
                Files.walk(EXAMPLES.resolve(embedding).resolve("src").resolve("main"))) {
            for (Path file :
                    files.filter(file -> file.toString().endsWith(".java")).toList()) {
                Matcher adapter = ADAPTER.matcher(Files.readString(file));
                while (adapter.find()) {
                    adapters.add(adapter.group(1).stripTrailing().stripIndent());
                }
            }
        }
        return adapters;
    }

    /** Those with code. */
    private static int lines(String code) {
        return Math.toIntExact(code.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.matches("(//|/\\*|\\*).*"))
                .count());
    }
}
