package dev.tenancy.example.gateway;

import dev.tenancy.Problem;
import dev.tenancy.TenancyException;

/** The request's path or body is not what the call takes: answered with 400. */
final class MalformedRequestException extends TenancyException {
    private static final long serialVersionUID = 1L;

    MalformedRequestException(String detail) {
        super(detail, Problem.malformed(detail), null);
    }
}
