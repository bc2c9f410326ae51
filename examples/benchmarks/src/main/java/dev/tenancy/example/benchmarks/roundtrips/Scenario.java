package dev.tenancy.example.benchmarks.roundtrips;

import java.util.List;
import java.util.stream.Stream;

/** A unit of work, and who does it. */
enum Scenario {
    ONE("one", "", Work.ONE_STATEMENT, true),
    /** Every borrower is another tenant than the one before. */
    ONE_SWITCHING("one", "switching.", Work.ONE_STATEMENT, true),
    TX3("tx3", "", Work.THREE_IN_A_TRANSACTION, true),
    BATCH("batch", "", Work.BATCH, false),
    KEYS("keys", "", Work.GENERATED_KEYS, false);

    private final String prefix;
    private final String infix;
    private final Work work;
    private final boolean timed;

    Scenario(String prefix, String infix, Work work, boolean timed) {
        this.prefix = prefix;
        this.infix = infix;
        this.work = work;
        this.timed = timed;
    }

    /** The round trips are the same on all wires. */
    static List<Scenario> measuredOn(Wire wire) {
        return Stream.of(values())
                .filter(scenario -> wire == Wire.NONE || scenario.isTimed())
                .toList();
    }

    Work work() {
        return work;
    }

    /** Whether more than its round trips is measured. */
    boolean isTimed() {
        return timed;
    }

    /** Who does the unit of this number. */
    Borrower borrower(int unit) {
        return this == ONE_SWITCHING && unit % 2 == 1 ? Borrower.GLOBEX : Borrower.ACME;
    }

    /** The name of a metric. */
    String metric(String way, String figure) {
        return prefix + "." + way + "." + infix + figure;
    }
}
