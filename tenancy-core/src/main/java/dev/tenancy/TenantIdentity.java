package dev.tenancy;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who was resolved: the tenant, the subject that acts for it, and what that subject may read beside it.
 *
 * <p>Immutable and thread-safe. {@link #toString()} names tenant, subject and resolver, and no attribute.
 *
 * @since 0.1
 */
public final class TenantIdentity {
    private final TenantId tenantId;
    private final @Nullable String subject;
    private final Set<TenantId> readableTenants;
    private final Map<String, Object> attributes;
    private final String resolver;
    private final @Nullable TenantIdentity proven;

    private TenantIdentity(Builder builder) {
        this.tenantId = builder.tenantId;
        this.subject = builder.subject;
        this.readableTenants = Set.copyOf(builder.readableTenants);
        this.attributes = builder.attributes;
        this.resolver = builder.resolver;
        this.proven = builder.proven;
    }

    /**
     * {@return an identity with nothing but a tenant}
     *
     * @param resolver name of the resolver that proved it
     */
    public static TenantIdentity of(TenantId tenantId, String resolver) {
        return builder(tenantId, resolver).build();
    }

    /**
     * {@return a builder of an identity of {@code tenantId}}
     *
     * @param resolver name of the resolver that proved it
     */
    public static Builder builder(TenantId tenantId, String resolver) {
        return new Builder(tenantId, resolver);
    }

    /** {@return the tenant whose rows this identity reads and writes} */
    public TenantId tenantId() {
        return tenantId;
    }

    /** {@return who acts for the tenant (the {@code sub} of a token, say), if the proof names it} */
    public Optional<String> subject() {
        return Optional.ofNullable(subject);
    }

    /** {@return further tenants that this identity may read and never write; without {@link #tenantId()}} */
    public Set<TenantId> readableTenants() {
        return readableTenants;
    }

    /** {@return what else the proof says, the claims of a token for example; unmodifiable} */
    public Map<String, Object> attributes() {
        return attributes;
    }

    /** {@return the name of the resolver that proved this identity} */
    public String resolver() {
        return resolver;
    }

    /**
     * {@return this identity as its resolver proved it: without the readable tenants that the catalog added when the
     * request was admitted}
     *
     * <p>For what outlives the request: what the catalog grants can be withdrawn, so it is to be asked again.
     */
    public TenantIdentity asProven() {
        return proven == null ? this : proven;
    }

    /**
     * {@return whether {@code other} may do exactly what this identity may do: same tenant, same subject, same readable
     * tenants}
     */
    public boolean hasSameAccessAs(TenantIdentity other) {
        return this == other
                || (tenantId.equals(other.tenantId)
                        && subject().equals(other.subject())
                        && readableTenants.equals(other.readableTenants));
    }

    /** {@return this identity, able to read {@code further} tenants as well} */
    TenantIdentity alsoReading(Set<TenantId> further) {
        if (further.isEmpty()) {
            return this;
        }
        Builder builder = new Builder(tenantId, resolver);
        builder.subject = subject;
        builder.attributes = attributes;
        builder.proven = asProven();
        return builder.readableTenants(readableTenants).readableTenants(further).build();
    }

    @Override
    public String toString() {
        return "TenantIdentity[" + tenantId + ", subject=" + subject + ", resolver=" + resolver + "]";
    }

    /**
     * Collects an identity. Not thread-safe.
     *
     * @since 0.1
     */
    public static final class Builder {
        private final TenantId tenantId;
        private final String resolver;
        private final Set<TenantId> readableTenants = new LinkedHashSet<>();
        private @Nullable String subject;
        private @Nullable TenantIdentity proven;
        private Map<String, Object> attributes = Map.of();

        private Builder(TenantId tenantId, String resolver) {
            this.tenantId = Objects.requireNonNull(tenantId, "tenantId");
            this.resolver = Objects.requireNonNull(resolver, "resolver");
        }

        /** Says who acts for the tenant. */
        public Builder subject(String name) {
            this.subject = name;
            return this;
        }

        /** Adds tenants that may be read; the identity's own tenant is left out. */
        public Builder readableTenants(Set<TenantId> tenants) {
            tenants.stream().filter(tenant -> !tenant.equals(tenantId)).forEach(readableTenants::add);
            return this;
        }

        /**
         * Sets what else the proof says: texts, numbers, booleans, and maps and lists of these, which are copied; no
         * nulls.
         */
        public Builder attributes(Map<String, Object> claims) {
            this.attributes = frozen(claims);
            return this;
        }

        private static Map<String, Object> frozen(Map<?, ?> object) {
            Map<String, Object> copy = new LinkedHashMap<>();
            object.forEach((name, value) -> copy.put((String) name, frozenValue(value)));
            return Collections.unmodifiableMap(copy);
        }

        private static Object frozenValue(Object value) {
            if (value instanceof Map<?, ?> object) {
                return frozen(object);
            }
            return value instanceof List<?> array
                    ? array.stream().map(Builder::frozenValue).toList()
                    : Objects.requireNonNull(value, "attribute");
        }

        /** {@return the identity} */
        public TenantIdentity build() {
            return new TenantIdentity(this);
        }
    }
}
