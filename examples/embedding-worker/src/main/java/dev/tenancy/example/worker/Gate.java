package dev.tenancy.example.worker;

import dev.tenancy.Problem;
import dev.tenancy.Problems;
import dev.tenancy.Tenancy;
import dev.tenancy.ticket.TicketTenantResolver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

// region adapter
/** Lets messages through to a handler as the library says: the whole adapter between it and a queue. */
record Gate(Tenancy tenancy) {
    private static final Logger LOG = LoggerFactory.getLogger(Gate.class);

    /** Handles a message of a proven tenant, whose context is open. */
    interface Handler {
        void handle(Message message) throws Exception;
    }

    /** What becomes of a message. */
    enum Outcome {
        DONE,
        /** Something was down, or the tenant has to wait: it is delivered again. */
        AGAIN,
        /** Nobody will ever be allowed to do it. */
        GIVEN_UP
    }

    Outcome pass(Message message, Handler handler) {
        try {
            return tenancy.handle(
                    TicketTenantResolver.request(message.ticket()),
                    admitted -> {
                        handler.handle(message);
                        return Outcome.DONE;
                    },
                    problem -> outcomeOf(message, problem));
        } catch (Exception failure) {
            return outcomeOf(message, Problems.answerTo(failure));
        }
    }

    private static Outcome outcomeOf(Message message, Problem problem) {
        LOG.warn("message {}: {} {}", message.id(), problem.status(), problem.title());
        return problem.status() == 429 || problem.status() == 503 ? Outcome.AGAIN : Outcome.GIVEN_UP;
    }
}
// endregion
