package dev.tenancy.example.gateway;

import dev.tenancy.Problem;
import dev.tenancy.TenancyException;

/** As many jobs wait as may: answered with 503, since it need not be this tenant that sent them. */
final class QueueFullException extends TenancyException {
    private static final long serialVersionUID = 1L;

    QueueFullException() {
        super(
                "the queue of jobs is full",
                Problem.of("queue-full", 503, "Too many jobs", "Too many jobs wait. Try again later.")
                        .withHeader("Retry-After", "1"),
                null);
    }
}
