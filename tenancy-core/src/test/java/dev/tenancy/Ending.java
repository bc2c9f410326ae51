package dev.tenancy;

import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** How a piece of work leaves a scope that the library closes, and what the library must make of it. */
enum Ending {
    RETURNS(false, false),
    THROWS(true, false),
    LEAVES_A_SCOPE_OPEN(false, true),
    THROWS_WITH_A_SCOPE_OPEN(true, true);

    private static final List<Ending> ALL = Interleavings.ORDERLY ? List.of(RETURNS, THROWS) : List.of(values());

    private final boolean throwing;
    private final boolean leaking;

    Ending(boolean throwing, boolean leaking) {
        this.throwing = throwing;
        this.leaking = leaking;
    }

    /** {@return an ending, every other time the usual one} */
    static Ending any(RandomGenerator random) {
        return random.nextBoolean() ? RETURNS : ALL.get(random.nextInt(ALL.size()));
    }

    /** Ends the work of this thread. */
    void leave(ExpectedContext context, RandomGenerator random) {
        if (leaking) {
            context.leaveOneOpen(random);
        } else {
            context.closeAll();
        }
        if (throwing) {
            throw new Expected();
        }
    }

    /** Runs {@code work}, which ends like this, and fails if what comes out of it is anything else. */
    void expect(TenantContext.Task<Exception> work) {
        Throwable thrown = thrownBy(work);
        if (!isRight(thrown)) {
            throw new AssertionError("work that " + this + " came out with " + thrown, thrown);
        }
    }

    private boolean isRight(@Nullable Throwable thrown) {
        if (throwing) {
            return thrown instanceof Expected && isReported(thrown.getSuppressed());
        }
        return leaking ? isMisuse(thrown) : thrown == null;
    }

    private boolean isReported(Throwable[] suppressed) {
        return leaking ? suppressed.length == 1 && isMisuse(suppressed[0]) : suppressed.length == 0;
    }

    static boolean isMisuse(@Nullable Throwable thrown) {
        return thrown != null && thrown.getClass() == IllegalStateException.class;
    }

    private static @Nullable Throwable thrownBy(TenantContext.Task<Exception> work) {
        try {
            work.run();
            return null;
        } catch (Exception thrown) {
            return thrown;
        }
    }

    /** What failing work throws. */
    static final class Expected extends RuntimeException {
        private static final long serialVersionUID = 1;

        private Expected() {
            super("expected", null, true, false);
        }
    }
}
