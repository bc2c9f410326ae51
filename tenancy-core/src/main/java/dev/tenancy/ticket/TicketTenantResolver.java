package dev.tenancy.ticket;

import dev.tenancy.CredentialSource;
import dev.tenancy.Resolution;
import dev.tenancy.TenancyConfigException;
import dev.tenancy.TenantRequest;
import dev.tenancy.TenantResolver;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Opens the {@link TenantTicket}s of one purpose: for calls between services, and for those who take jobs from a queue.
 *
 * <pre>{@code
 * Tenancy jobs = Tenancy.builder()
 *         .resolver(TicketTenantResolver.of(tickets, "invoices.render"))
 *         .catalog(catalog)
 *         .build();
 * jobs.handle(TicketTenantResolver.request(message.ticket()), admitted -> render(message), problem -> refuse(message));
 * }</pre>
 *
 * <p>The job then runs as the tenant that issued the ticket, whatever tenant is current on the worker's thread. The
 * catalog is asked when the ticket is opened: a tenant suspended or removed since is refused, and whom the catalog lets
 * it read is what the catalog says then. Guards and listeners are asked and told as for any request. What is refused
 * with 503 is worth another delivery, what is refused with 401 or 403 is not.
 *
 * <p>The identity has the name of this resolver, the tenant, the subject, and those readable tenants that the issuer's
 * resolver had proven. Its attributes are {@value #TICKET_ID}, {@value #PROVEN_BY} and {@value #EXPIRES_AT}. A
 * credential that is no ticket is {@link Resolution.Unrecognized}, so a ticket may share a place with other
 * credentials. Immutable and thread-safe.
 *
 * @since 0.1
 */
public final class TicketTenantResolver implements TenantResolver {

    /** The name of this resolver in {@code tenancy.resolvers}. */
    public static final String NAME = "ticket";

    /**
     * The attribute that is the {@linkplain TenantTicket#id() id} of the ticket, a text: for one who must do a job once
     * and remembers what was done. It says that only of an identity whose resolver is {@value #NAME}; a claim of a
     * token may have the same name.
     */
    public static final String TICKET_ID = "ticket_id";

    /** The attribute that names the resolver which had proven the identity to the issuer, a text. */
    public static final String PROVEN_BY = "ticket_proven_by";

    /** The attribute that says when the ticket expires, a {@link Long} in milliseconds since 1970. */
    public static final String EXPIRES_AT = "ticket_expires_at";

    private final TenantTickets tickets;
    private final String purpose;
    private final CredentialSource source;

    private TicketTenantResolver(TenantTickets tickets, String purpose, CredentialSource source) {
        this.tickets = Objects.requireNonNull(tickets, "tickets");
        this.purpose = purpose;
        this.source = Objects.requireNonNull(source, "source");
    }

    /**
     * {@return a resolver that looks for tickets in the header field {@value TenantTicket#HEADER}}
     *
     * @param tickets knows the keys
     * @param purpose what a ticket must have been issued for
     * @throws TenancyConfigException if {@code purpose} is not a valid one, see {@link TenantTickets#issue}
     */
    public static TicketTenantResolver of(TenantTickets tickets, String purpose) {
        return of(tickets, purpose, CredentialSource.header(TenantTicket.HEADER));
    }

    /**
     * {@return a resolver that looks for tickets in {@code source}}
     *
     * @param tickets knows the keys
     * @param purpose what a ticket must have been issued for
     * @param source where tickets stand, such as {@link CredentialSource#bearer()}
     * @throws TenancyConfigException if {@code purpose} is not a valid one, see {@link TenantTickets#issue}
     */
    public static TicketTenantResolver of(TenantTickets tickets, String purpose, CredentialSource source) {
        if (!TenantTickets.isPurpose(purpose)) {
            throw new TenancyConfigException(List.of(TenantTickets.BAD_PURPOSE));
        }
        return new TicketTenantResolver(tickets, purpose, source);
    }

    /**
     * {@return a request that presents this ticket in the header field {@value TenantTicket#HEADER}, for messages and
     * jobs}
     *
     * @param ticket as the message has it; if null or blank, the request presents nothing and is refused
     */
    public static TenantRequest request(@Nullable String ticket) {
        TenantRequest.Builder request = TenantRequest.builder();
        return ticket == null
                ? request.build()
                : request.header(TenantTicket.HEADER, ticket).build();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<CredentialSource> sources() {
        return Set.of(source);
    }

    @Override
    public Resolution resolve(TenantRequest request) {
        return source.resolve(request, ticket -> tickets.open(ticket, purpose));
    }
}
