package dev.tenancy.jdbc.audit;

import dev.tenancy.Problem;
import dev.tenancy.TenancyException;

/**
 * The database would let a tenant out. The message has all findings that are reason enough, and no secret.
 *
 * @since 0.1
 */
public final class IsolationException extends TenancyException {
    private static final long serialVersionUID = 1L;

    private final transient AuditReport report;

    IsolationException(String message, AuditReport report) {
        super(message, Problem.unavailable(), null);
        this.report = report;
    }

    /** {@return what was found} */
    public AuditReport report() {
        return report;
    }
}
