package dev.tenancy.example.contract;

import java.util.Map;
import java.util.Optional;

/**
 * What a server answered.
 *
 * @param status as HTTP has it
 * @param fields header fields that say something of the answer, names in lower case; none that differ with the time
 * @param body all of it
 */
public record Answer(int status, Map<String, String> fields, String body) {

    /** {@return a header field} */
    public Optional<String> field(String name) {
        return Optional.ofNullable(fields.get(name));
    }
}
