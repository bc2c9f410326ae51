package dev.tenancy.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.Problem;
import dev.tenancy.Tenancy;
import dev.tenancy.Tenant;
import dev.tenancy.TenantCatalog;
import dev.tenancy.TenantContext;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.ticket.TenantTicket;
import dev.tenancy.ticket.TenantTickets;
import dev.tenancy.ticket.TicketTenantResolver;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** The code in docs/tickets.md, run. */
class TicketsGuideTest {
    private static final TenantIdentity ACME = TenantIdentity.of(TenantId.of("acme"), "test");
    private static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final Jobs queue = new Jobs();

    @Test
    void whatTheGuideSaysIsWhatIsRunHere() {
        for (String name : List.of("tickets", "issue", "jobs", "run")) {
            assertThat(Documents.text("docs/tickets.md")).contains(Documents.region(TicketsGuideTest.class, name));
        }
    }

    @Test
    void aJobRunsAsTheTenantThatQueuedIt() {
        TenantTickets tickets = tickets(SECRET);
        TenantContext.run(ACME, () -> enqueue(tickets, "invoice-1"));

        assertThat(work(tickets, TenantCatalog.of(Tenant.of(ACME.tenantId())))).isEqualTo("invoice-1 of acme");
    }

    @Test
    void aJobOfATenantThatIsGoneIsGivenUpAndOneInAnOutageIsNot() {
        TenantTickets tickets = tickets(SECRET);
        TenantContext.run(ACME, () -> enqueue(tickets, "invoice-1"));
        TenantContext.run(ACME, () -> enqueue(tickets, "invoice-2"));

        assertThat(work(tickets, TenantCatalog.of())).isEqualTo("given up: 401");
        assertThat(work(tickets, id -> {
                    throw new IllegalStateException("the catalog is down");
                }))
                .isEqualTo("again");
    }

    private static TenantTickets tickets(byte[] secret) {
        // region tickets
        TenantTickets tickets =
                TenantTickets.builder().signWith("2030-01", secret).build();
        // endregion
        return tickets;
    }

    private void enqueue(TenantTickets tickets, String invoiceId) {
        // region issue
        TenantTicket ticket = tickets.issueCurrent("invoices.render", Duration.ofHours(8));
        queue.send(invoiceId, Map.of(TenantTicket.HEADER, ticket.value()));
        // endregion
    }

    private String work(TenantTickets tickets, TenantCatalog catalog) {
        // region jobs
        Tenancy jobs = Tenancy.builder()
                .resolver(TicketTenantResolver.of(tickets, "invoices.render"))
                .catalog(catalog)
                .build();
        // endregion
        Message message = queue.messages.remove();
        // region run
        return jobs.handle(
                TicketTenantResolver.request(message.header(TenantTicket.HEADER)),
                admitted -> render(message),
                problem -> problem.status() == 503 ? message.deliverAgain() : message.giveUp(problem));
        // endregion
    }

    private static String render(Message message) {
        return message.invoiceId + " of " + TenantContext.require().tenantId();
    }

    private static final class Jobs {
        private final Queue<Message> messages = new ArrayDeque<>();

        void send(String invoiceId, Map<String, String> headers) {
            messages.add(new Message(invoiceId, headers));
        }
    }

    private record Message(String invoiceId, Map<String, String> headers) {
        String header(String name) {
            return headers.getOrDefault(name, "");
        }

        String deliverAgain() {
            return "again";
        }

        String giveUp(Problem problem) {
            return "given up: " + problem.status();
        }
    }
}
