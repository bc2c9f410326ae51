package dev.tenancy;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Asks resolvers in their order, and keeps nothing presented, not recognised and refused apart. */
final class ResolverChain {
    private final List<TenantResolver> resolvers;

    ResolverChain(List<TenantResolver> resolvers) {
        this.resolvers = List.copyOf(resolvers);
    }

    Resolution resolve(TenantRequest request) {
        Set<CredentialSource> unrecognizedAt = new HashSet<>();
        boolean unrecognized = false;
        for (TenantResolver resolver : resolvers) {
            boolean mayAnswer = !unrecognized || looksAtAll(resolver, unrecognizedAt);
            if (!mayAnswer) {
                continue;
            }
            Resolution resolution = ask(resolver, request);
            if (resolution instanceof Resolution.Unrecognized) {
                unrecognized = true;
                resolver.sources().stream()
                        .filter(source -> source.presentIn(request))
                        .forEach(unrecognizedAt::add);
            } else if (!(resolution instanceof Resolution.Absent)) {
                return resolution;
            }
        }
        return unrecognized
                ? Resolution.rejected("what was presented is not in the form of any active resolver")
                : Resolution.absent();
    }

    /** With no known place nobody can be trusted to have looked there. */
    private static boolean looksAtAll(TenantResolver resolver, Set<CredentialSource> places) {
        return !places.isEmpty() && resolver.sources().containsAll(places);
    }

    @SuppressWarnings("NullAway") // a resolver from outside may return null against its contract
    private static Resolution ask(TenantResolver resolver, TenantRequest request) {
        try {
            Resolution resolution = resolver.resolve(request);
            return resolution == null
                    ? Resolution.unavailable(
                            new IllegalStateException("resolver " + resolver.name() + " returned null"))
                    : resolution;
        } catch (RuntimeException failure) {
            return Resolution.unavailable(failure);
        }
    }
}
