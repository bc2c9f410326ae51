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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * Takes the tenant of a client certificate from its subject: the request's attribute
 * {@link java.security.cert.X509Certificate}.
 *
 * <p>It is proof if, and only if, the TLS layer verified the certificate's chain and that the client has its key; a
 * certificate out of a header field proves nothing. This resolver verifies neither, nor dates or revocation. Whoever
 * may issue certificates that the TLS layer accepts may name any tenant, so trust one issuer, and none that the public
 * uses.
 *
 * <p>The tenant is the value of one attribute of the subject, or what a whole subject was registered for. An attribute
 * that is there several times, in an RDN of several values, or is no text, is refused; a certificate without it, or of
 * no registered subject, is {@link Resolution.Unrecognized}. The subject of the identity is the certificate's subject
 * in the form of RFC 2253. Immutable and thread-safe.
 *
 * @since 0.1
 */
public final class ClientCertificateTenantResolver implements TenantResolver {

    /** The name of this resolver in {@code tenancy.resolvers}, and unless another is set. */
    public static final String NAME = "client-certificate";

    private final String name;
    private final CredentialSource source = CredentialSource.clientCertificate();
    private final Map<String, TenantId> tenants;
    private final @Nullable SubjectAttribute attribute;

    private ClientCertificateTenantResolver(Builder builder, @Nullable SubjectAttribute attribute) {
        this.name = builder.name;
        this.tenants = Map.copyOf(builder.tenants);
        this.attribute = attribute;
    }

    /** {@return a builder of a resolver that knows no subject} */
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

    private Resolution identityOf(String subject) {
        if (attribute != null) {
            return attribute.read(
                    subject, value -> NamedTenant.in(value, "the certificate's subject", name, Optional.of(subject)));
        }
        return Optional.ofNullable(tenants.get(subject))
                .map(tenant -> Resolution.resolved(
                        TenantIdentity.builder(tenant, name).subject(subject).build()))
                .orElseGet(Resolution::unrecognized);
    }

    /**
     * Collects the settings: either an attribute, or subjects. Not thread-safe.
     *
     * @since 0.1
     */
    public static final class Builder {
        private final Map<String, TenantId> tenants = new HashMap<>();
        private final List<String> faults = new ArrayList<>();
        private @Nullable String attribute;
        private String name = NAME;

        private Builder() {}

        /**
         * Sets which attribute of the subject names the tenant.
         *
         * @param type {@code CN}, {@code L}, {@code ST}, {@code O}, {@code OU}, {@code C}, {@code STREET}, {@code DC}
         *     or {@code UID} (RFC 4514 section 3), in any case
         */
        public Builder attribute(String type) {
            this.attribute = type;
            return this;
        }

        /**
         * Adds a subject.
         *
         * @param subject a distinguished name as {@link X500Principal#X500Principal(String)} reads it; compared in the
         *     form of RFC 2253, case-sensitive, with its parts in this order
         */
        public Builder tenant(String subject, TenantId tenant) {
            try {
                String text = new X500Principal(subject).getName(X500Principal.RFC2253);
                if (text.isEmpty()) {
                    faults.add("a subject is empty");
                } else if (tenants.put(text, tenant) != null) {
                    faults.add("a subject is given twice");
                }
            } catch (IllegalArgumentException bad) { // its message repeats the text
                faults.add("a subject is bad; allowed: a distinguished name, such as CN=agent,O=Acme");
            }
            return this;
        }

        /** Sets the resolver's name, for chains with two of a kind: lower case, with hyphens. */
        public Builder name(String value) {
            this.name = value;
            return this;
        }

        /**
         * {@return the resolver}
         *
         * @throws TenancyConfigException if there is not either an attribute or a subject, one of them is bad, a
         *     subject is given twice, or the name is bad; names all faults
         */
        public ClientCertificateTenantResolver build() {
            List<String> all = new ArrayList<>(faults);
            all.addAll(ResolverName.faultsOf(name));
            Optional<SubjectAttribute> read =
                    Optional.ofNullable(attribute).flatMap(type -> SubjectAttribute.of(type, all));
            if (attribute != null && !tenants.isEmpty()) {
                all.add("there are both an attribute and subjects; allowed: one of them");
            }
            if (attribute == null && tenants.isEmpty() && all.isEmpty()) {
                all.add("there is neither an attribute that names the tenant nor a subject");
            }
            if (!all.isEmpty()) {
                throw new TenancyConfigException(all);
            }
            return new ClientCertificateTenantResolver(this, read.orElse(null));
        }
    }
}
