package dev.tenancy.servlet;

import dev.tenancy.TenantRequest;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What resolvers and guards may look at of a servlet request.
 *
 * <p>Never reads the body, nor the parameters, which may be in the body. Trusts no forwarded header by itself: what
 * {@code X-Forwarded-Host} and the like say counts only where the container was told to believe them. Used while the
 * request is admitted, by one thread.
 *
 * @since 0.1
 */
public final class ServletTenantRequest implements TenantRequest {
    private static final String CERTIFICATES = "jakarta.servlet.request.X509Certificate";

    private final HttpServletRequest request;

    private ServletTenantRequest(HttpServletRequest request) {
        this.request = request;
    }

    /** {@return a view of {@code request}} */
    public static ServletTenantRequest of(HttpServletRequest request) {
        return new ServletTenantRequest(request);
    }

    @Override
    public String method() {
        return request.getMethod();
    }

    /**
     * {@return the path as it was sent, with the context path and with path parameters, not decoded}
     *
     * <p>Containers choose the servlet by another form of it: decoded, with {@code ..} resolved and without parameters.
     */
    @Override
    public String rawPath() {
        return request.getRequestURI();
    }

    @Override
    public Optional<String> rawQuery() {
        return Optional.ofNullable(request.getQueryString());
    }

    /**
     * {@return the host as the container understands it, which is also what servlets see, and the port unless it is the
     * scheme's own; empty if an HTTP/1 client named none}
     *
     * <p>It comes from the {@code Host} field, from {@code :authority} in HTTP/2, or from a request target in absolute
     * form (RFC 9110 section 7.2, RFC 9112 section 3.2.2).
     */
    @Override
    public Optional<String> authority() {
        String host = request.getHeader("Host");
        boolean named = host == null ? !request.getProtocol().startsWith("HTTP/1.") : !host.isBlank();
        if (!named) { // the container would make one up
            return Optional.empty();
        }
        int port = request.getServerPort();
        boolean usual = port == (request.getScheme().equals("https") ? 443 : 80);
        return Optional.of(usual ? request.getServerName() : request.getServerName() + ":" + port);
    }

    @Override
    public List<String> headers(String name) {
        return List.copyOf(Collections.list(request.getHeaders(name)));
    }

    /**
     * {@return what the container or a filter in front knows of the request}
     *
     * <ul>
     *   <li>{@link Principal}: the user whom the container, or a filter in front, authenticated;
     *   <li>{@link X509Certificate}: the client's own certificate, from the container;
     *   <li>{@link HttpServletRequest}: the request itself;
     *   <li>anything else: the request attribute of the class's full name, which a filter in front may have set.
     * </ul>
     */
    @Override
    public <T> Optional<T> attribute(Class<T> type) {
        return Optional.ofNullable(known(type)).filter(type::isInstance).map(type::cast);
    }

    private @Nullable Object known(Class<?> type) {
        if (type == Principal.class) {
            return request.getUserPrincipal();
        }
        if (type == X509Certificate.class) {
            return request.getAttribute(CERTIFICATES) instanceof X509Certificate[] chain && chain.length > 0
                    ? chain[0]
                    : null;
        }
        return type == HttpServletRequest.class ? request : request.getAttribute(type.getName());
    }

    /** Leaves out what may hold a credential: headers, query and attributes. */
    @Override
    public String toString() {
        return method() + " " + rawPath();
    }
}
