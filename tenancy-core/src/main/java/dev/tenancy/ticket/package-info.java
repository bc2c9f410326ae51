/**
 * Tickets: an identity carried to another process, in a job, a message or an outgoing call.
 *
 * <p>{@link dev.tenancy.ticket.TenantTickets} issues a {@link dev.tenancy.ticket.TenantTicket}, whose text travels in a
 * header. {@link dev.tenancy.ticket.TicketTenantResolver} opens it on the other side, as a resolver of that side's
 * {@link dev.tenancy.Tenancy}: so the catalog, guards and listeners are asked as for any request.
 */
@NullMarked
package dev.tenancy.ticket;

import org.jspecify.annotations.NullMarked;
