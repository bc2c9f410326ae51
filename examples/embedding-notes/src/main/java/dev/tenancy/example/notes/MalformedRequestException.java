package dev.tenancy.example.notes;

import dev.tenancy.Problem;
import dev.tenancy.TenancyException;

/** A request that cannot be understood: answered with 400. */
public final class MalformedRequestException extends TenancyException {
    private static final long serialVersionUID = 1L;

    /** Says what is wrong with it, to the caller too. */
    public MalformedRequestException(String detail) {
        super(detail, Problem.malformed(detail), null);
    }
}
