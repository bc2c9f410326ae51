package dev.tenancy;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the catalog knows of one tenant: whether it is served, whom else it may read, and settings by name.
 *
 * <p>Immutable and thread-safe.
 *
 * @since 0.1
 */
public final class Tenant {
    private final TenantId id;
    private final Status status;
    private final Set<TenantId> readableTenants;
    private final Map<String, String> settings;
    private final Map<TenantSetting<?>, Object> parsed = new ConcurrentHashMap<>();

    private Tenant(Builder builder) {
        this.id = builder.id;
        this.status = builder.status;
        this.readableTenants = Set.copyOf(builder.readableTenants);
        this.settings = Map.copyOf(builder.settings);
    }

    /**
     * Whether a tenant is served.
     *
     * @since 0.1
     */
    public enum Status {
        /** It is served. */
        ACTIVE,
        /** It exists and is refused with 403. */
        SUSPENDED
    }

    /** {@return an active tenant without settings} */
    public static Tenant of(TenantId id) {
        return builder(id).build();
    }

    /** {@return a builder of an active tenant} */
    public static Builder builder(TenantId id) {
        return new Builder(id);
    }

    /** {@return its id} */
    public TenantId id() {
        return id;
    }

    /** {@return whether it is served} */
    public Status status() {
        return status;
    }

    /** {@return further tenants that every identity of this tenant may read} */
    public Set<TenantId> readableTenants() {
        return readableTenants;
    }

    /**
     * {@return the value of a setting, or empty if the tenant has none of that name}
     *
     * <p>The text is parsed once.
     *
     * @param <T> its type
     * @throws UnavailableException if the text is bad: this tenant cannot be served until the catalog is mended, the
     *     others can
     */
    @SuppressWarnings("unchecked") // a setting is only ever stored beside the value that its own parser made
    public <T> Optional<T> setting(TenantSetting<T> setting) {
        String text = settings.get(setting.name());
        return text == null
                ? Optional.empty()
                : Optional.of((T) parsed.computeIfAbsent(setting, unparsed -> setting.parse(id, text)));
    }

    /** {@return the texts of its settings, by name; immutable} */
    public Map<String, String> settings() {
        return settings;
    }

    @Override
    public String toString() {
        return "Tenant[" + id + ", " + status + "]";
    }

    /**
     * Collects a tenant. Not thread-safe.
     *
     * @since 0.1
     */
    public static final class Builder {
        private final TenantId id;
        private final Map<String, String> settings = new HashMap<>();
        private Status status = Status.ACTIVE;
        private Set<TenantId> readableTenants = Set.of();

        private Builder(TenantId id) {
            this.id = id;
        }

        /** Sets whether it is served. */
        public Builder status(Status value) {
            this.status = Objects.requireNonNull(value, "value");
            return this;
        }

        /** Sets whom else it may read. */
        public Builder readableTenants(Set<TenantId> tenants) {
            this.readableTenants = tenants;
            return this;
        }

        /** Sets the text of a setting, such as {@code rate-limit} = {@code 600/1m burst 100}. */
        public Builder setting(String name, String text) {
            settings.put(name, text);
            return this;
        }

        /** {@return the tenant} */
        public Tenant build() {
            return new Tenant(this);
        }
    }
}
