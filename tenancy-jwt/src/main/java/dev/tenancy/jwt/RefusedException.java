package dev.tenancy.jwt;

/** A token is no good. The message says why, for an operator, and repeats nothing of the token. */
final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reason;

    /** Made for each bad token that anybody sends, so without a stack trace. */
    RefusedException(String reason) {
        super(reason, null, false, false);
        this.reason = reason;
    }

    String reason() {
        return reason;
    }
}
