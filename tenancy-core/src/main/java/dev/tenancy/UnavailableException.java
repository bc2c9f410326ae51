package dev.tenancy;

import org.jspecify.annotations.Nullable;

/**
 * A part that the answer depends on (database, key server, shared counters) cannot be reached or used: an outage,
 * reported as 503, never as "not found", "not allowed" or "empty".
 *
 * @since 0.1
 */
public final class UnavailableException extends TenancyException {
    private static final long serialVersionUID = 1L;

    /**
     * Reports an outage.
     *
     * @param message which part and how, for the log; without credentials
     * @param cause what that part said
     */
    public UnavailableException(String message, @Nullable Throwable cause) {
        super(message, Problem.unavailable(), cause);
    }
}
