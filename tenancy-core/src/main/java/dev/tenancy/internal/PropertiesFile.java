package dev.tenancy.internal;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * What a file says in the syntax of {@link Properties}, in UTF-8, and what is wrong with it.
 *
 * <p>No fault shows a value, nor a key that is not in the reader's form: it may be the rest of a value whose line was
 * broken.
 *
 * @param settings by key, in the order of the file; only those whose keys are in the reader's form
 * @param foreign where the other settings stand
 * @param faults what makes the file, or a line of it, unreadable, and each key that is set again
 */
public record PropertiesFile(Map<String, Setting> settings, List<String> foreign, List<String> faults) {
    private static final Pattern END_OF_LINE = Pattern.compile("(?<=\n)|(?<=\r)(?!\n)");

    /** The end of the line is escaped; two backslashes are one that is meant. */
    private static final Pattern CONTINUED = Pattern.compile("(?<!\\\\)(?:\\\\\\\\)*+\\\\[\r\n]");

    /** The first character is {@code #} or {@code !}; lines with nothing but a backslash may come before. */
    private static final Pattern COMMENT = Pattern.compile("[ \t\f]*+(?:\\\\(?:\r\n?|\n)[ \t\f]*+)*+[#!]");

    /**
     * A value, and where it stands.
     *
     * @param place the file and the line
     */
    public record Setting(String value, String place) {}

    /**
     * {@return what {@code path} says}
     *
     * @param ours whether a key is in the reader's form
     */
    public static PropertiesFile read(Path path, Predicate<String> ours) {
        PropertiesFile file = new PropertiesFile(new LinkedHashMap<>(), new ArrayList<>(), new ArrayList<>());
        try {
            file.addAll("file " + path, Files.readString(path), ours);
        } catch (NoSuchFileException missing) {
            file.faults.add("file " + path + " is not there");
        } catch (CharacterCodingException malformed) {
            file.faults.add("file " + path + " is not in UTF-8");
        } catch (IOException failure) {
            file.faults.add(
                    "file " + path + " cannot be read: " + failure.getClass().getSimpleName());
        }
        return file;
    }

    private void addAll(String file, String text, Predicate<String> ours) throws IOException {
        String withoutMark = text.startsWith("\uFEFF") ? text.substring(1) : text;
        String[] lines = END_OF_LINE.split(withoutMark, -1);
        for (int next = 0; next < lines.length; next++) {
            String place = file + ", line " + (next + 1);
            StringBuilder logicalLine = new StringBuilder(lines[next]);
            while (next + 1 < lines.length
                    && CONTINUED.matcher(lines[next]).find()
                    && !COMMENT.matcher(logicalLine).lookingAt()) {
                next++;
                logicalLine.append(lines[next]);
            }
            add(place, logicalLine.toString(), ours);
        }
    }

    private void add(String place, String logicalLine, Predicate<String> ours) throws IOException {
        Properties parsed = new Properties();
        try {
            parsed.load(new StringReader(logicalLine));
        } catch (IllegalArgumentException malformed) {
            faults.add(place + " has a malformed \\u escape; allowed: \\u and four hexadecimal digits");
        }
        for (String key : parsed.stringPropertyNames()) {
            if (!ours.test(key)) {
                foreign.add(place);
                continue;
            }
            Setting first = settings.putIfAbsent(key, new Setting(parsed.getProperty(key), place));
            if (first != null) {
                faults.add("'" + key + "' is set twice: " + first.place + " and " + place);
            }
        }
    }
}
