package dev.tenancy.resolver;

import dev.tenancy.Resolution;
import dev.tenancy.TenantRequest;
import dev.tenancy.TenantResolver;

/** The answers of resolvers in a word. */
final class Answers {
    static final String ABSENT = "(absent)";
    static final String UNRECOGNIZED = "(unrecognized)";
    static final String REJECTED = "(rejected)";

    private Answers() {}

    /** The tenant, or one of the words of this class. */
    static String of(TenantResolver resolver, TenantRequest request) {
        return resolver.resolve(request)
                .fold(
                        resolved -> resolved.identity().tenantId().value(),
                        () -> ABSENT,
                        () -> UNRECOGNIZED,
                        rejected -> REJECTED,
                        unavailable -> "(unavailable)");
    }

    /** Why a request is rejected. */
    static String reason(TenantResolver resolver, TenantRequest request) {
        return ((Resolution.Rejected) resolver.resolve(request)).reason();
    }
}
