package dev.tenancy.example.servlet;

import dev.tenancy.Problem;
import dev.tenancy.example.notes.Json;
import dev.tenancy.example.notes.NotesApp;
import dev.tenancy.servlet.TenancyFilter;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.SQLException;
import java.util.Optional;

/** The application over HTTP. It knows nothing of tenants. */
final class NotesServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final String NOTE = "GET /notes/";

    private final transient NotesApp app;

    NotesServlet(NotesApp app) {
        this.app = app;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws IOException, ServletException {
        try {
            answer(request.getMethod() + " " + request.getPathInfo(), request, response);
        } catch (SQLException failure) {
            throw new ServletException(failure);
        }
    }

    private void answer(String call, HttpServletRequest request, HttpServletResponse response)
            throws IOException, SQLException {
        switch (call) {
            case "GET /notes" -> send(response, 200, app.list());
            case "POST /notes" -> send(response, 201, app.add(Json.readDraft(request.getInputStream())));
            case "GET /slow-notes" ->
                Later.answer(request, response, app.listSlowly(), notes -> send(response, 200, notes));
            case "GET /stream" -> stream(request, response);
            case "GET /spent" -> send(response, 200, app.spent());
            default -> {
                if (call.startsWith(NOTE)) {
                    send(response, 200, app.require(Json.readId(call.substring(NOTE.length()))));
                } else {
                    Later.answer(response, Problem.notFound());
                }
            }
        }
    }

    private void stream(HttpServletRequest request, HttpServletResponse response) throws IOException {
        long notes =
                Json.readId(Optional.ofNullable(request.getParameter("notes")).orElse("1"));
        response.setContentType("text/plain; charset=utf-8");
        OutputStream out = response.getOutputStream();
        Later.answer(
                request,
                response,
                app.follow(TenancyFilter.admitted(request).orElseThrow(), notes, line -> {
                    out.write(line);
                    out.flush();
                }),
                over -> {});
    }

    private static void send(HttpServletResponse response, int status, Object body) throws IOException {
        response.setStatus(status);
        response.setContentType(Json.MEDIA_TYPE);
        response.getOutputStream().write(Json.write(body));
    }
}
