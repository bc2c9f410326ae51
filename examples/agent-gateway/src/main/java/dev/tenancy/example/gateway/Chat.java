package dev.tenancy.example.gateway;

import dev.tenancy.Admitted;
import dev.tenancy.ratelimit.Reservation;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.util.Optional;

/** Asks the model, within the tenant's budget. */
final class Chat {
    private final Sessions sessions;

    Chat(Sessions sessions) {
        this.sessions = sessions;
    }

    void addTo(RoutesConfig routes, Gate gate) {
        routes.post("/chat", gate.to(this::chat, Chat::callIn));
    }

    /**
     * What the budget guard estimates; a call that cannot be read costs nothing, and its handler says why it cannot.
     */
    private static Optional<Object> callIn(Context ctx) {
        try {
            return Optional.of(ChatCall.of(Body.of(ctx)));
        } catch (MalformedRequestException | HttpResponseException unreadable) {
            return Optional.empty();
        }
    }

    /** The budget guard has reserved the estimate; what it really cost is settled before the answer is sent. */
    private void chat(Context ctx, Admitted admitted) {
        ChatCall call = ChatCall.of(Body.of(ctx));
        call.session().ifPresent(sessions::require);
        Model.Answer answer = Model.answer(call);
        admitted.attachment(Reservation.class)
                .orElseThrow()
                .settle(answer.usage().costMicros());
        ctx.json(answer);
    }
}
