package dev.tenancy;

import org.jspecify.annotations.Nullable;

/**
 * A failure that knows its answer to the caller, a {@link Problem}.
 *
 * <p>{@link Tenancy#handle} turns one that a handler throws into that answer. The message is for the log of the host,
 * the problem is for the caller of the host, and neither has a credential in it.
 *
 * @since 0.1
 */
public abstract class TenancyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Problem problem;

    /** Makes an exception that is answered with {@code problem}. */
    protected TenancyException(String message, Problem problem, @Nullable Throwable cause) {
        super(message, cause);
        this.problem = problem;
    }

    /** {@return the answer to the caller} */
    public final Problem problem() {
        return problem;
    }
}
