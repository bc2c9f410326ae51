package dev.tenancy.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PropertiesFileTest {

    @TempDir
    private Path directory;

    @Test
    void eachSettingHasTheLineOnWhichItBegins() throws IOException {
        PropertiesFile file = read("""
                # comment \\
                a = 1

                b: two \\
                   # and more
                ! comment
                c \\\\
                d=4\\\\\\
                5
                """);

        assertThat(file.settings())
                .containsExactly(
                        Map.entry("a", at(2, "1")),
                        Map.entry("b", at(4, "two # and more")),
                        Map.entry("c", at(7, "\\")),
                        Map.entry("d", at(8, "4\\5")));
        assertThat(file.faults()).isEmpty();
        assertThat(file.foreign()).isEmpty();
    }

    @Test
    void everyFaultHasItsLineAndTheLinesAfterItAreRead() throws IOException {
        PropertiesFile file = read("a=\\u00e\nb=1\nb=secret\nb=secret\nx=\\uzzzz\n\\u0062=secret\na=2");

        assertThat(file.settings()).containsOnly(Map.entry("b", at(2, "1")), Map.entry("a", at(7, "2")));
        assertThat(file.faults())
                .containsExactly(
                        place(1) + " has a malformed \\u escape; allowed: \\u and four hexadecimal digits",
                        "'b' is set twice: " + place(2) + " and " + place(3),
                        "'b' is set twice: " + place(2) + " and " + place(4),
                        place(5) + " has a malformed \\u escape; allowed: \\u and four hexadecimal digits",
                        "'b' is set twice: " + place(2) + " and " + place(6));
    }

    @Test
    void aKeyThatIsNotOursIsNeverShown() throws IOException {
        Path path = write("ours.a=1\nsecret=1\nsecret=2\nours.b=\\\nsecret\nsecret".getBytes(StandardCharsets.UTF_8));

        PropertiesFile file = PropertiesFile.read(path, key -> key.startsWith("ours."));

        assertThat(file.settings().keySet()).containsExactly("ours.a", "ours.b");
        assertThat(file.foreign()).containsExactly(place(2), place(3), place(6));
        assertThat(file.faults()).isEmpty();
    }

    @Test
    void aByteOrderMarkIsNoPartOfTheFirstKey() throws IOException {
        assertThat(read("\uFEFFa=\uFEFF1").settings()).containsExactly(Map.entry("a", at(1, "\uFEFF1")));
    }

    @Test
    void whatCannotBeReadIsSaid() throws IOException {
        Path path = directory.resolve("f");
        assertThat(faultsOf(path)).containsExactly("file " + path + " is not there");
        Files.createDirectory(path);
        assertThat(faultsOf(path)).containsExactly("file " + path + " cannot be read: IOException");
        Files.delete(path);
        write(new byte[] {'a', '=', (byte) 0xe4});
        assertThat(faultsOf(path)).containsExactly("file " + path + " is not in UTF-8");
    }

    @Test
    void aFileMeansWhatItMeansToTheJdk() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String[] pieces = {
            "a", "b", "c", "=", ":", " ", "\t", "\f", "#", "!", "\\", "\\\\", "\n", "\r", "\r\n", "\\\n", "\\u0061",
            "\\n", "ä", "\u2028"
        };
        for (int next = 0; next < 10_000; next++) {
            int round = next;
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(25); length > 0; length--) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }
            String shown = text.toString().replace("\r", "<CR>").replace("\n", "<LF>");
            Map<String, List<String>> expected = everySettingOf(text.toString());
            PropertiesFile file = read(text.toString());

            assertThat(file.settings().keySet())
                    .as("seed %d, round %d: %s", seed, round, shown)
                    .isEqualTo(expected.keySet());
            expected.forEach((key, values) -> assertThat(file.settings().get(key))
                    .as("seed %d, round %d: %s", seed, round, shown)
                    .extracting(PropertiesFile.Setting::value)
                    .isEqualTo(values.get(0)));
            assertThat(file.faults())
                    .as("seed %d, round %d: %s", seed, round, shown)
                    .hasSize(expected.values().stream()
                            .mapToInt(values -> values.size() - 1)
                            .sum());
        }
    }

    /** What the JDK reads, with what it silently drops of keys that are set again. */
    private static Map<String, List<String>> everySettingOf(String text) throws IOException {
        Map<String, List<String>> all = new HashMap<>();
        Properties recording = new Properties() {
            private static final long serialVersionUID = 1L;

            @Override
            public synchronized Object put(Object key, Object value) {
                all.computeIfAbsent((String) key, first -> new ArrayList<>()).add((String) value);
                return super.put(key, value);
            }
        };
        recording.load(new StringReader(text));
        assertThat(all.keySet().stream().map(Object.class::cast).collect(Collectors.toSet()))
                .isEqualTo(recording.keySet());
        return all;
    }

    private PropertiesFile read(String text) throws IOException {
        return PropertiesFile.read(write(text.getBytes(StandardCharsets.UTF_8)), key -> true);
    }

    private List<String> faultsOf(Path path) {
        PropertiesFile file = PropertiesFile.read(path, key -> true);
        assertThat(file.settings()).isEmpty();
        return file.faults();
    }

    private Path write(byte[] content) throws IOException {
        return Files.write(directory.resolve("f"), content);
    }

    private PropertiesFile.Setting at(int line, String value) {
        return new PropertiesFile.Setting(value, place(line));
    }

    private String place(int line) {
        return "file " + directory.resolve("f") + ", line " + line;
    }
}
