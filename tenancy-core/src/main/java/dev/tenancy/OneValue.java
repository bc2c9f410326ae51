package dev.tenancy;

import java.util.List;
import java.util.function.Function;

/** Judges what stands at a place where one value is expected. */
final class OneValue {
    private OneValue() {}

    /** Blank values count as none, and equal ones as one. */
    static List<String> differing(List<String> values) {
        return values.stream().filter(value -> !value.isBlank()).distinct().toList();
    }

    /**
     * Lets {@code verifier} judge the value, if there is exactly one.
     *
     * @param values all that differ
     * @param place in words that complete "several different values of …"
     */
    static Resolution judge(List<String> values, String place, Function<String, Resolution> verifier) {
        if (values.isEmpty()) {
            return Resolution.absent();
        }
        if (values.size() > 1) {
            return Resolution.rejected("several different values of " + place);
        }
        return verifier.apply(values.get(0));
    }
}
