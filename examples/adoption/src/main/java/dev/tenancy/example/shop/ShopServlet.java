package dev.tenancy.example.shop;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;

/** Products and orders. Two of its five queries forget whose they are, which nobody has noticed. */
final class ShopServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final String FOREIGN_KEY_VIOLATION = "23503";

    private final transient DataSource source;

    ShopServlet(DataSource source) {
        this.source = source;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws IOException, ServletException {
        User user = (User) Objects.requireNonNull(request.getUserPrincipal());
        String path = request.getPathInfo();
        try (Connection connection = source.getConnection()) {
            List<String> lines;
            if (path.equals("/products")) {
                lines = query(connection, "SELECT name FROM products WHERE organization_id = ?", user.organization());
            } else if (path.equals("/report")) {
                lines = query(
                        connection,
                        "SELECT sum(quantity * cents) FROM order_lines JOIN products ON products.id = product_id"
                                + " WHERE quantity > ?",
                        0);
            } else {
                lines = query(
                        connection,
                        "SELECT name || ' x ' || quantity FROM order_lines JOIN products ON products.id = product_id"
                                + " WHERE order_id = ? ORDER BY name",
                        Long.parseLong(path.replace("/orders/", "")));
            }
            if (lines.isEmpty()) {
                response.sendError(HttpServletResponse.SC_NOT_FOUND);
            } else {
                response.getWriter().print(String.join("\n", lines));
            }
        } catch (SQLException failure) {
            throw new ServletException(failure);
        }
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response)
            throws IOException, ServletException {
        User user = (User) Objects.requireNonNull(request.getUserPrincipal());
        try (Connection connection = source.getConnection()) {
            connection.setAutoCommit(false);
            try {
                long order = order(connection, user, Long.parseLong(request.getParameter("product")));
                connection.commit();
                response.getWriter().print(order);
            } catch (SQLException failure) {
                connection.rollback();
                if (!FOREIGN_KEY_VIOLATION.equals(failure.getSQLState())) {
                    throw failure;
                }
                response.sendError(HttpServletResponse.SC_NOT_FOUND);
            }
        } catch (SQLException failure) {
            throw new ServletException(failure);
        }
    }

    private static long order(Connection connection, User user, long product) throws SQLException {
        try (PreparedStatement order = connection.prepareStatement(
                        "INSERT INTO orders (organization_id, placed_by) VALUES (?, ?)", new String[] {"id"});
                PreparedStatement line = connection.prepareStatement("INSERT INTO order_lines VALUES (?, ?, 1)")) {
            order.setLong(1, user.organization());
            order.setString(2, user.email());
            order.executeUpdate();
            try (ResultSet keys = order.getGeneratedKeys()) {
                keys.next();
                long id = keys.getLong(1);
                line.setLong(1, id);
                line.setLong(2, product);
                line.executeUpdate();
                return id;
            }
        }
    }

    private static List<String> query(Connection connection, String sql, long parameter) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setLong(1, parameter);
            List<String> lines = new ArrayList<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    String line = rows.getString(1);
                    if (line != null) {
                        lines.add(line);
                    }
                }
            }
            return lines;
        }
    }
}
