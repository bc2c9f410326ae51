package dev.tenancy;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Asks resolvers in their order, and keeps nothing presented, not recognised and refused apart. */
final class ResolverChain {
    private final List<Link> links;
    private final Set<CredentialSource> allSources;

    ResolverChain(List<TenantResolver> resolvers) {
        this.links = resolvers.stream().map(Link::of).toList();
        this.allSources = Stream.concat(
                        links.stream().flatMap(link -> link.sources.stream()), Stream.of(CredentialSource.bearer()))
                .collect(Collectors.toUnmodifiableSet());
    }

    Resolution resolve(TenantRequest request) {
        try {
            return ask(request);
        } catch (Exception failure) { // of the host's request, when it is looked at for what it presents
            return Resolution.unavailable(new UnavailableException("the request cannot be looked at", failure));
        }
    }

    private Resolution ask(TenantRequest request) {
        Set<CredentialSource> unrecognizedAt = new HashSet<>();
        boolean unrecognized = false;
        for (Link link : links) {
            boolean asked = (!unrecognized || link.looksAtAll(unrecognizedAt))
                    && (!link.resolver.isDefault() || !anythingPresentedIn(request));
            if (!asked) {
                continue;
            }
            Resolution resolution = link.ask(request);
            if (resolution instanceof Resolution.Unrecognized) {
                unrecognized = true;
                link.sources.stream()
                        .filter(source -> source.presentIn(request))
                        .forEach(unrecognizedAt::add);
            } else if (!(resolution instanceof Resolution.Absent)) {
                return resolution;
            }
        }
        return unrecognized || anythingPresentedIn(request)
                ? Resolution.rejected("what was presented is not in the form of any active resolver")
                : Resolution.absent();
    }

    private boolean anythingPresentedIn(TenantRequest request) {
        return allSources.stream().anyMatch(source -> source.presentIn(request));
    }

    /** A resolver, and what it said of itself when the chain was made. */
    private record Link(String name, TenantResolver resolver, Set<CredentialSource> sources) {

        static Link of(TenantResolver resolver) {
            return new Link(resolver.name(), resolver, Set.copyOf(resolver.sources()));
        }

        /** With no known place nobody can be trusted to have looked there. */
        boolean looksAtAll(Set<CredentialSource> places) {
            return !places.isEmpty() && sources.containsAll(places);
        }

        @SuppressWarnings("NullAway") // a resolver from outside may return null against its contract
        Resolution ask(TenantRequest request) {
            try {
                Resolution resolution = resolver.resolve(request);
                if (resolution == null) {
                    return unavailable(null);
                }
                return resolution instanceof Resolution.Unavailable down ? unavailable(down.cause()) : resolution;
            } catch (InvalidTenantIdException invalid) {
                return Resolution.rejected("what was presented is not a tenant id: " + invalid.fault());
            } catch (Exception failure) { // also a checked one, which other languages throw undeclared
                return unavailable(failure);
            }
        }

        private Resolution unavailable(@Nullable Throwable cause) {
            return Resolution.unavailable(
                    new UnavailableException("resolver '" + name + "' cannot tell who the tenant is", cause));
        }
    }
}
