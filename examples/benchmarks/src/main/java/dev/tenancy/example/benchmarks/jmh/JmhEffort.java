package dev.tenancy.example.benchmarks.jmh;

import dev.tenancy.example.benchmarks.harness.Effort;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** An effort in terms of JMH: how many rounds, and what each benchmark does in one. */
enum JmhEffort {
    FULL(5, 1, 4, 6, 500),
    QUICK(1, 1, 3, 4, 100),
    SHAPE(1, 0, 0, 1, 20);

    private final int rounds;
    private final int forks;
    private final int warmups;
    private final int measurements;
    private final int iterationMillis;

    JmhEffort(int rounds, int forks, int warmups, int measurements, int iterationMillis) {
        this.rounds = rounds;
        this.forks = forks;
        this.warmups = warmups;
        this.measurements = measurements;
        this.iterationMillis = iterationMillis;
    }

    static JmhEffort of(Effort effort) {
        return valueOf(effort.name());
    }

    int rounds() {
        return rounds;
    }

    ChainedOptionsBuilder applyTo(ChainedOptionsBuilder options) {
        TimeValue iteration = TimeValue.milliseconds(iterationMillis);
        return options.forks(forks)
                .warmupIterations(warmups)
                .warmupTime(iteration)
                .measurementIterations(measurements)
                .measurementTime(iteration);
    }
}
