package dev.tenancy.jdbc.audit;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Writes texts, booleans, lists and maps as JSON (RFC 8259). */
final class Json {
    private final StringBuilder text = new StringBuilder();

    private Json() {}

    static String of(Object value) {
        Json json = new Json();
        json.write(value);
        return json.text.toString();
    }

    private void write(Object value) {
        if (value instanceof Map<?, ?> map) {
            writeAll(map.entrySet(), '{', '}', entry -> {
                writeText(entry.getKey().toString());
                text.append(':');
                write(entry.getValue());
            });
        } else if (value instanceof List<?> list) {
            writeAll(list, '[', ']', this::write);
        } else if (value instanceof Boolean) {
            text.append(value);
        } else {
            writeText(value.toString());
        }
    }

    private <T> void writeAll(Iterable<? extends T> values, char open, char close, Consumer<T> each) {
        text.append(open);
        for (Iterator<? extends T> rest = values.iterator(); rest.hasNext(); ) {
            each.accept(rest.next());
            if (rest.hasNext()) {
                text.append(',');
            }
        }
        text.append(close);
    }

    /** Whatever is not plain is escaped, also what has no encoding (half of a surrogate pair). */
    private void writeText(String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < 0x20 || c >= 0x7f) {
                text.append(String.format("\\u%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        text.append('"');
    }
}
