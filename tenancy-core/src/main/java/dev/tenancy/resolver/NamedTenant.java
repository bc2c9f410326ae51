package dev.tenancy.resolver;

import dev.tenancy.InvalidTenantIdException;
import dev.tenancy.Resolution;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import java.util.Optional;

/** Answers with the tenant that a text names. */
final class NamedTenant {
    private NamedTenant() {}

    /**
     * {@return the identity of the tenant {@code text}, or a rejection}
     *
     * @param place where the text stands, for the reason
     * @param resolver the name of the resolver
     */
    static Resolution in(String text, String place, String resolver) {
        return in(text, place, resolver, Optional.empty());
    }

    /**
     * {@return the identity of {@code subject} in the tenant {@code text}, or a rejection}
     *
     * @param place where the text stands, for the reason
     * @param resolver the name of the resolver
     */
    static Resolution in(String text, String place, String resolver, Optional<String> subject) {
        // A tenant id would be trimmed: whoever can be registered as "acme " must not be acme.
        if (!text.equals(text.strip())) {
            return Resolution.rejected(place + " names no tenant: there is white space around it");
        }
        try {
            TenantIdentity.Builder identity = TenantIdentity.builder(TenantId.of(text), resolver);
            subject.ifPresent(identity::subject);
            return Resolution.resolved(identity.build());
        } catch (InvalidTenantIdException invalid) {
            return Resolution.rejected(place + " names no tenant: " + invalid.fault());
        }
    }
}
