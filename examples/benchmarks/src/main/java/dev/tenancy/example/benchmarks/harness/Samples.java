package dev.tenancy.example.benchmarks.harness;

import java.util.List;

/**
 * What was measured of one thing, once a round, in the order of the rounds.
 *
 * @param values at least one, none negative
 */
public record Samples(List<Double> values) {
    /**
     * Keeps a copy.
     *
     * @throws IllegalArgumentException if there is no value, or one that nobody can have measured
     */
    public Samples {
        values = List.copyOf(values);
        if (values.isEmpty() || values.stream().anyMatch(value -> value.isNaN() || value < 0)) {
            throw new IllegalArgumentException("samples " + values + "; allowed: at least one number, none negative");
        }
    }

    /** {@return the middle one; of an even number the mean of the two in the middle} */
    public double median() {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    double smallest() {
        return values.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    }

    double largest() {
        return values.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    }
}
