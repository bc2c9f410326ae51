package dev.tenancy;

import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What of a request a resolver or a guard may look at. A host implements it over its server's own request.
 *
 * <p>It is used by the thread that admits the request, one call at a time.
 *
 * @since 0.1
 */
public interface TenantRequest {

    /** {@return the HTTP method, such as {@code GET}} */
    String method();

    /** {@return the path as it was sent, not decoded, starting with {@code /}} */
    String rawPath();

    /** {@return the query as it was sent, not decoded, without the question mark} */
    Optional<String> rawQuery();

    /** {@return host and port as the client named them (RFC 9110 section 7.2)} */
    Optional<String> authority();

    /**
     * {@return the values of all header fields of this name, in their order, as they were sent; empty if there is none}
     *
     * @param name in any case; implementations compare it case-insensitively
     */
    List<String> headers(String name);

    /**
     * {@return something the host knows of the request beyond HTTP: a client certificate, an authenticated principal,
     * the parsed body}
     *
     * <p>An implementation may make it only when asked. A {@link TenancyException} that it throws is, when a guard
     * asks, the answer to the request.
     *
     * @param <T> its type
     * @param type what is asked for
     */
    <T> Optional<T> attribute(Class<T> type);

    /** {@return a builder of a request, for tests and for hosts that do not speak HTTP} */
    static Builder builder() {
        return new Builder();
    }

    /**
     * Collects a request: {@code GET /} with no headers, unless said otherwise. Not thread-safe.
     *
     * @since 0.1
     */
    final class Builder {
        private final Map<String, List<String>> headers = new HashMap<>();
        private final Map<Class<?>, Object> attributes = new HashMap<>();
        private String method = "GET";
        private String rawPath = "/";
        private Optional<String> rawQuery = Optional.empty();
        private Optional<String> authority = Optional.empty();

        private Builder() {}

        /** Sets the method. */
        public Builder method(String name) {
            this.method = name;
            return this;
        }

        /** Sets path and query, as they stand in a request line. */
        public Builder target(String pathAndQuery) {
            int question = pathAndQuery.indexOf('?');
            this.rawPath = question < 0 ? pathAndQuery : pathAndQuery.substring(0, question);
            this.rawQuery = question < 0 ? Optional.empty() : Optional.of(pathAndQuery.substring(question + 1));
            return this;
        }

        /**
         * Sets path and query, as they stand in {@code uri}, not decoded. Its scheme and authority are left aside; an
         * empty path is {@code /}.
         */
        public Builder target(URI uri) {
            String path = uri.getRawPath();
            this.rawPath = path == null || path.isEmpty() ? "/" : path;
            this.rawQuery = Optional.ofNullable(uri.getRawQuery());
            return this;
        }

        /** Sets host and port. */
        public Builder authority(String hostAndPort) {
            this.authority = Optional.of(hostAndPort);
            return this;
        }

        /** Adds a header field. */
        public Builder header(String name, String value) {
            headers.computeIfAbsent(lower(name), none -> new ArrayList<>()).add(value);
            return this;
        }

        /**
         * Adds all header fields as a server has them, and takes host and port from the one {@code Host} among them. If
         * there are several, which no client may send (RFC 9112 section 3.2), there is no authority.
         */
        public Builder headers(Map<String, ? extends Collection<String>> fields) {
            fields.forEach((name, values) -> values.forEach(value -> header(name, value)));
            List<String> hosts = headers.getOrDefault("host", List.of());
            this.authority =
                    hosts.size() == 1 && !hosts.get(0).isBlank() ? Optional.of(hosts.get(0)) : Optional.empty();
            return this;
        }

        /** Adds what the host knows. */
        public <T> Builder attribute(Class<T> type, T value) {
            attributes.put(type, value);
            return this;
        }

        /** {@return the request, immutable} */
        public TenantRequest build() {
            Map<String, List<String>> values = new HashMap<>();
            headers.forEach((name, list) -> values.put(name, List.copyOf(list)));
            return new BuiltRequest(method, rawPath, rawQuery, authority, values, Map.copyOf(attributes));
        }

        private static String lower(String name) {
            return name.toLowerCase(Locale.ROOT);
        }

        private record BuiltRequest(
                String method,
                String rawPath,
                Optional<String> rawQuery,
                Optional<String> authority,
                Map<String, List<String>> byName,
                Map<Class<?>, Object> attributes)
                implements TenantRequest {

            @Override
            public List<String> headers(String name) {
                return byName.getOrDefault(lower(name), List.of());
            }

            @Override
            public <T> Optional<T> attribute(Class<T> type) {
                return Optional.ofNullable(attributes.get(type)).map(type::cast);
            }

            /** Leaves out what may hold a credential: headers, query and attributes. */
            @Override
            public String toString() {
                return method + " " + rawPath;
            }
        }
    }
}
