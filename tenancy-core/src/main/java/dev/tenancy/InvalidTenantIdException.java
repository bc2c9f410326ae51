package dev.tenancy;

/**
 * Says what is wrong with a text that should be a tenant id, without repeating the text.
 *
 * @see TenantId
 * @since 0.1
 */
public final class InvalidTenantIdException extends TenancyException {
    private static final long serialVersionUID = 1L;

    private final String fault;

    InvalidTenantIdException(String fault) {
        super("not a tenant id: " + fault, Problem.malformed("The tenant id is not valid: " + fault + "."), null);
        this.fault = fault;
    }

    /** {@return what is wrong, in words that complete "not a tenant id: …"} */
    public String fault() {
        return fault;
    }
}
