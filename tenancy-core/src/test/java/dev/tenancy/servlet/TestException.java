package dev.tenancy.servlet;

import dev.tenancy.Problem;
import dev.tenancy.TenancyException;

/** A failure with an answer. */
final class TestException extends TenancyException {
    private static final long serialVersionUID = 1L;

    TestException(Problem problem) {
        super("expected", problem, null);
    }
}
