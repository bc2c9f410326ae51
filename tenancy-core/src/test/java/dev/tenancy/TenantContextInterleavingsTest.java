package dev.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * Random interleavings of everything that can be done with the context, on pooled and on virtual threads, beside a
 * model of what each thread must see. What is said of a fault names the seed, with which the same scripts run again.
 */
class TenantContextInterleavingsTest {
    private final Interleavings interleavings = Interleavings.configured();

    @Test
    void noInterleavingLetsAThreadSeeAWrongTenantOrKeepOne() {
        System.out.println(interleavings);
        interleavings.firstFault().ifPresent(fault -> fail(interleavings + ", " + fault.getMessage(), fault));
    }

    /** There, who is current is read by a shorter way than after the first misuse. */
    @Test
    void norDoesOneInAVirtualMachineWhereNoScopeIsMisused() throws Exception {
        String printed = OwnVirtualMachine.run(
                Interleavings.class,
                "-D" + Interleavings.ORDERLY_KEY + "=true",
                "-D" + Interleavings.NUMBER_KEY + "=" + interleavings.number() / 5,
                "-D" + Interleavings.SEED_KEY + "=" + interleavings.seed());

        assertThat(printed).endsWith("no fault");
    }

    @Test
    void aScopeThatTwoThreadsCloseAtOnceLeavesNothingBehind() {
        RandomGenerator random = new SplittableRandom(interleavings.seed());
        try (Workers workers = new Workers()) {
            for (int races = 0; races < 10_000; races++) {
                new ClosingRace().run(ExpectedContext.ofThisThread(), workers.pool(), random);
            }
        }
    }
}
