package dev.tenancy.resolver;

import dev.tenancy.CredentialSource;
import dev.tenancy.Resolution;
import dev.tenancy.TenancyConfigException;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.TenantRequest;
import dev.tenancy.TenantResolver;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes the tenant from the host name that the request is sent to, and believes it: {@code acme.example.com} with the
 * suffix {@code example.com}.
 *
 * <p>It names a tenant and proves nothing, since a client asks for the hosts it likes: only if something in front lets
 * each client reach the host of its tenant alone, or to choose the tenant of pages that everybody may see.
 *
 * <p>The tenant is the one label in front of the longest suffix that fits, in lower case (a name in another script in
 * its {@code xn--} form), or what a host was registered for. A suffix itself, and what is registered as neutral, names
 * nobody and is absent; more than one label in front of a suffix is refused. A host that is nothing of these is
 * {@link Resolution.Unrecognized}: only a resolver with an equal {@link CredentialSource#host} may still know it, a
 * default tenant does not answer for it. {@link CredentialSource#host} says which names are malformed. Immutable and
 * thread-safe.
 *
 * @since 0.1
 */
public final class HostTenantResolver implements TenantResolver {

    /** The name of this resolver in {@code tenancy.resolvers}, and unless another is set. */
    public static final String NAME = "host";

    private final String name;
    private final Set<String> suffixes;
    private final Map<String, TenantId> tenants;
    private final CredentialSource source;

    private HostTenantResolver(Builder builder, CredentialSource source) {
        this.name = builder.name;
        this.suffixes = Set.copyOf(builder.suffixes);
        this.tenants = Map.copyOf(builder.tenants);
        this.source = source;
    }

    /** {@return a builder of a resolver that knows no host} */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Set<CredentialSource> sources() {
        return Set.of(source);
    }

    @Override
    public Resolution resolve(TenantRequest request) {
        return source.resolve(request, this::identityOf);
    }

    private Resolution identityOf(String host) {
        @Nullable TenantId registered = tenants.get(host);
        if (registered != null) {
            return Resolution.resolved(TenantIdentity.of(registered, name));
        }
        for (int dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) {
            if (suffixes.contains(host.substring(dot + 1))) {
                String before = host.substring(0, dot);
                return before.contains(".")
                        ? Resolution.rejected("the host has more than one label in front of the suffix")
                        : NamedTenant.in(before, "the host", name);
            }
        }
        return Resolution.unrecognized();
    }

    /**
     * Collects hosts: domain names in any case, without a final dot, in ASCII ({@code xn--…} for names in other
     * scripts). Tenants and neutral hosts may also be IP addresses, IPv6 in square brackets. Not thread-safe.
     *
     * @since 0.1
     */
    public static final class Builder {
        private final Set<String> suffixes = new LinkedHashSet<>();
        private final Map<String, TenantId> tenants = new HashMap<>();
        private final Set<String> neutral = new LinkedHashSet<>();
        private final List<String> faults = new ArrayList<>();
        private String name = NAME;

        private Builder() {}

        /** Adds a domain in which every tenant has a host, one label in front; the domain itself names nobody. */
        public Builder suffix(String domain) {
            Optional<String> valid = valid(domain, "a suffix");
            if (valid.isPresent() && !valid.get().matches("(?:.*\\.)?[a-z0-9-]*[a-z][a-z0-9-]*")) {
                faults.add("a suffix is an IP address; allowed: a domain name");
            }
            valid.ifPresent(suffixes::add);
            return this;
        }

        /** Adds a host of one tenant, whatever the suffixes say of it. */
        public Builder tenant(String host, TenantId tenant) {
            valid(host, "the host of a tenant").ifPresent(valid -> {
                if (tenants.put(valid, tenant) != null) {
                    faults.add("a host is given to a tenant twice");
                }
            });
            return this;
        }

        /** Adds a host that names nobody, such as {@code www.example.com}. */
        public Builder neutral(String host) {
            valid(host, "a neutral host").ifPresent(neutral::add);
            return this;
        }

        /** Sets the resolver's name, for chains with two of a kind: lower case, with hyphens. */
        public Builder name(String value) {
            this.name = value;
            return this;
        }

        private Optional<String> valid(String host, String what) {
            try {
                CredentialSource.host(Set.of(host));
                return Optional.of(host.toLowerCase(Locale.ROOT));
            } catch (TenancyConfigException bad) {
                bad.faults().forEach(fault -> faults.add(what + ": " + fault));
                return Optional.empty();
            }
        }

        /**
         * {@return the resolver}
         *
         * @throws TenancyConfigException if there is neither a suffix nor a tenant's host, one is no host name, a host
         *     is both a tenant's and nobody's or given twice, or the name is bad; names all faults
         */
        public HostTenantResolver build() {
            List<String> all = new ArrayList<>(faults);
            all.addAll(ResolverName.faultsOf(name));
            Set<String> nobodys = new LinkedHashSet<>(neutral);
            nobodys.addAll(suffixes);
            if (nobodys.stream().anyMatch(tenants::containsKey)) {
                all.add("a tenant's host is also a suffix or neutral");
            }
            if (suffixes.isEmpty() && tenants.isEmpty() && all.isEmpty()) {
                all.add("there is neither a suffix nor a tenant's host");
            }
            if (!all.isEmpty()) {
                throw new TenancyConfigException(all);
            }
            return new HostTenantResolver(this, CredentialSource.host(nobodys));
        }
    }
}
