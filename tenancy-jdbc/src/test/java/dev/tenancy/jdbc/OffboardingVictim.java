package dev.tenancy.jdbc;

import java.io.IOException;
import java.nio.file.Path;

/** A virtual machine that offboards acme, says a line for each step, and waits to be told to go on, or to be killed. */
final class OffboardingVictim {
    private OffboardingVictim() {}

    /** Is started by {@link #start}. */
    public static void main(String[] arguments) throws Exception {
        TenantOffboarding offboarding = TenantOffboarding.builder(OffboardingDatabase.source(arguments[0]))
                .batchSize(10)
                .progress(OffboardingVictim::sayAndWait)
                .build();
        if (arguments.length > 1) {
            offboarding.exportTo(Path.of(arguments[1]), OffboardingDatabase.ACME);
        } else {
            offboarding.erase(OffboardingDatabase.ACME);
        }
    }

    @SuppressWarnings("SystemOut") // the other virtual machine reads it
    private static void sayAndWait(OffboardingProgress step) {
        System.out.println(step.step() + " " + step.table());
        try {
            System.in.read();
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    static Process start(String... arguments) throws IOException {
        return OtherJvm.start(OffboardingVictim.class, arguments);
    }
}
