package dev.tenancy.example.shop;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Base64;
import java.util.Optional;
import javax.sql.DataSource;

/** HTTP Basic. */
final class LoginFilter extends HttpFilter {
    private static final long serialVersionUID = 1L;
    private static final String BASIC = "Basic ";

    private final transient DataSource source;

    LoginFilter(DataSource source) {
        this.source = source;
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Optional<User> user;
        try {
            user = find(Optional.ofNullable(request.getHeader("Authorization")).orElse(""));
        } catch (SQLException failure) {
            throw new ServletException(failure);
        }
        if (user.isEmpty()) {
            response.setHeader("WWW-Authenticate", "Basic realm=\"shop\"");
            response.sendError(HttpServletResponse.SC_UNAUTHORIZED);
            return;
        }
        chain.doFilter(
                new HttpServletRequestWrapper(request) {
                    @Override
                    public Principal getUserPrincipal() {
                        return user.get();
                    }
                },
                response);
    }

    private Optional<User> find(String header) throws SQLException {
        if (!header.startsWith(BASIC)) {
            return Optional.empty();
        }
        byte[] login = Base64.getDecoder().decode(header.substring(BASIC.length()));
        String[] parts = new String(login, StandardCharsets.UTF_8).split(":", 2);
        try (Connection connection = source.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "SELECT email, organization_id FROM users WHERE email = ? AND password = ?")) {
            select.setString(1, parts[0]);
            select.setString(2, parts[1]);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(new User(row.getString(1), row.getLong(2))) : Optional.empty();
            }
        }
    }
}
