package dev.tenancy.ticket;

import java.time.Instant;

/**
 * An identity in a text that another process can check: signed, expiring, and for one purpose.
 *
 * <p>The text is a credential. Whoever has it can act as its tenant, for its purpose, until it expires: send it over
 * TLS only, and do not log it. Immutable and thread-safe. {@link #toString()} leaves the text out.
 *
 * @see TenantTickets#issue
 * @since 0.1
 */
public final class TenantTicket {

    /** The header field in which a ticket travels, if nothing else is said. */
    public static final String HEADER = "Tenancy-Ticket";

    private final String value;
    private final String id;
    private final Instant expiresAt;

    TenantTicket(String value, String id, Instant expiresAt) {
        this.value = value;
        this.id = id;
        this.expiresAt = expiresAt;
    }

    /**
     * {@return the text to send: at most {@value TenantTickets#MAX_LENGTH} characters, each a letter, a digit, a dot, a
     * hyphen or an underscore, so that it fits in a header field and after {@code Bearer}}
     */
    public String value() {
        return value;
    }

    /**
     * {@return a random name of this ticket, no secret: what opens it finds the same in
     * {@link TicketTenantResolver#TICKET_ID}}
     */
    public String id() {
        return id;
    }

    /** {@return from when on it is refused} */
    public Instant expiresAt() {
        return expiresAt;
    }

    @Override
    public String toString() {
        return "TenantTicket[" + id + ", expires at " + expiresAt + "]";
    }
}
