package dev.tenancy.jdbc.torture;

import dev.tenancy.jdbc.torture.Step.When;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** Everything that may be done next. */
final class Steps {
    private static final List<Step> ALL = Stream.of(
                    Reads.STEPS,
                    Executions.STEPS,
                    Inserts.STEPS,
                    Writes.STEPS,
                    ManyWrites.STEPS,
                    UpdatableRows.STEPS,
                    Transactions.STEPS,
                    Attributes.STEPS,
                    Faults.STEPS,
                    Interruptions.STEPS)
            .flatMap(List::stream)
            .toList();

    private static final Map<When, List<Step>> BY_STATE = byState();

    private Steps() {}

    private static Map<When, List<Step>> byState() {
        Map<When, List<Step>> steps = new EnumMap<>(When.class);
        for (When when : When.values()) {
            steps.put(when, ALL.stream().filter(step -> step.when() == when).toList());
        }
        return steps;
    }

    /** One of those that make sense now. */
    static Step next(Ledger ledger, RandomGenerator random) {
        int total = 0;
        for (Map.Entry<When, List<Step>> steps : BY_STATE.entrySet()) {
            if (steps.getKey().holds(ledger)) {
                total += weight(steps.getValue());
            }
        }
        int left = random.nextInt(total);
        for (Map.Entry<When, List<Step>> steps : BY_STATE.entrySet()) {
            if (steps.getKey().holds(ledger)) {
                for (Step step : steps.getValue()) {
                    left -= step.weight();
                    if (left < 0) {
                        return step;
                    }
                }
            }
        }
        throw new AssertionError("unreachable");
    }

    private static int weight(List<Step> steps) {
        return steps.stream().mapToInt(Step::weight).sum();
    }
}
