package dev.tenancy.example.servlet;

import dev.tenancy.Problem;
import dev.tenancy.Problems;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

// region adapter
/** Answers when something is done, on whatever thread; the filter ends the request then. */
final class Later {
    private static final Logger LOG = LoggerFactory.getLogger(Later.class);

    private Later() {}

    /** Sends what has been made. */
    interface Send<T> {
        void send(T value) throws IOException;
    }

    static <T> void answer(
            HttpServletRequest request, HttpServletResponse response, CompletionStage<T> stage, Send<T> send) {
        AsyncContext async = request.startAsync();
        async.setTimeout(0);
        stage.whenComplete((value, failure) -> {
            try {
                if (failure == null) {
                    send.send(value);
                } else {
                    answer(response, Problems.answerTo(failure));
                }
            } catch (IOException gone) {
                LOG.debug("the client has gone away", gone);
            } finally {
                async.complete();
            }
        });
    }

    /** What has begun to be answered cannot be answered otherwise. */
    static void answer(HttpServletResponse response, Problem problem) throws IOException {
        if (!response.isCommitted()) {
            problem.sendTo(response::setHeader, (status, body) -> {
                response.setStatus(status);
                response.getOutputStream().write(body);
            });
        }
    }
}
// endregion
