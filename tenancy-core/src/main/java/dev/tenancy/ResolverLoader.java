package dev.tenancy;

import dev.tenancy.internal.ResolverNames;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the resolvers that {@code tenancy.resolvers} names, and no others. */
final class ResolverLoader {
    static final ConfigKey<List<String>> RESOLVERS = ConfigKey.of(
                    "tenancy.resolvers",
                    "names of resolvers in their order, none twice, separated by commas",
                    ResolverLoader::names)
            .asRequired();

    private static final Logger LOG = LoggerFactory.getLogger(ResolverLoader.class);

    private final ResolverProviders found;
    private final TenancyConfig config;
    private final Map<String, ResolverProvider> byName;
    private final List<TenantResolver> own;
    private final Set<String> faults;

    private ResolverLoader(ResolverProviders found, TenancyConfig config) {
        this.found = found;
        this.config = config.asFarAsItIsRead();
        this.byName = new LinkedHashMap<>(found.byName());
        this.own = new ArrayList<>(found.instances());
        this.faults = new LinkedHashSet<>(found.faults());
        this.faults.addAll(config.faultsOfSources());
    }

    /**
     * The active resolvers.
     *
     * @param inOrder all of them
     * @param own those that were not made by hand
     */
    record Loaded(List<TenantResolver> inOrder, List<TenantResolver> own) {}

    /**
     * Makes them. Those that were found and are not active are closed, if they can be; so are all, if this fails.
     *
     * @param byHand each takes the place of one of its name that was found
     * @throws TenancyConfigException if a setting or a provider is wrong; names all faults
     */
    static Loaded load(ResolverProviders found, TenancyConfig config, List<TenantResolver> byHand) {
        ResolverLoader loader = new ResolverLoader(found, config);
        List<TenantResolver> active = List.of();
        try {
            active = loader.load(byHand);
        } finally {
            loader.closeAllBut(active);
        }
        return new Loaded(active, List.copyOf(loader.own));
    }

    private List<TenantResolver> load(List<TenantResolver> byHand) {
        Set<String> replaced = substitute(byHand);
        faults.addAll(config.unknownKeys(found.keys()));
        List<TenantResolver> active = new ArrayList<>();
        try {
            config.require(RESOLVERS).forEach(name -> make(name).ifPresent(active::add));
        } catch (TenancyConfigException bad) {
            faults.addAll(bad.faults());
        }
        if (!faults.isEmpty()) {
            throw new TenancyConfigException(List.copyOf(faults));
        }
        log(config.require(RESOLVERS), replaced);
        return active;
    }

    /** Puts those made by hand in the place of those found. */
    private Set<String> substitute(List<TenantResolver> byHand) {
        Set<String> names = new HashSet<>();
        for (TenantResolver resolver : byHand) {
            try {
                ResolverProvider provider = ResolverProvider.of(resolver);
                if (!names.add(provider.name())) {
                    faults.add("two resolvers made by hand have the name '" + provider.name() + "'");
                }
                byName.put(provider.name(), provider);
            } catch (TenancyConfigException broken) {
                faults.addAll(broken.faults());
            }
        }
        return names;
    }

    private Optional<TenantResolver> make(String name) {
        ResolverProvider provider = byName.get(name);
        if (provider == null) {
            faults.add("tenancy.resolvers names '" + name + "', which is not there; found: "
                    + new TreeSet<>(byName.keySet()));
            return Optional.empty();
        }
        List<String> bad = config.badValues(provider.keys());
        faults.addAll(bad);
        return make(provider, bad);
    }

    /** Also with bad values, at which a factory ends: what else it has found wrong is named with them. */
    @SuppressWarnings("NullAway") // a factory from outside may return null against its contract
    private Optional<TenantResolver> make(ResolverProvider provider, List<String> badValues) {
        try {
            TenantResolver resolver = provider.maker().apply(config);
            if (resolver == null) {
                faults.add("the provider of resolver '" + provider.name() + "' made nothing");
                return Optional.empty();
            }
            if (provider.byFactory()) {
                own.add(resolver);
            }
            if (provider.name().equals(resolver.name())) {
                return Optional.of(resolver);
            }
            faults.add("the provider of resolver '" + provider.name() + "' gave one of another name");
        } catch (TenancyConfigException unfit) {
            unfit.faults().stream()
                    .filter(fault -> !badValues.contains(fault))
                    .forEach(fault -> faults.add("resolver '" + provider.name() + "': " + fault));
        } catch (Exception | LinkageError failure) { // also a checked one, which other languages throw undeclared
            faults.add("resolver '" + provider.name() + "' cannot be made: " + ResolverProvider.described(failure));
        }
        return Optional.empty();
    }

    private void log(List<String> active, Set<String> byHand) {
        Set<String> leftOut = new TreeSet<>(byName.keySet());
        active.forEach(leftOut::remove);
        LOG.info(
                "resolvers in their order: {}, of which made by hand: {}; found and left out, since {} does not name them: {}",
                active,
                byHand,
                RESOLVERS.name(),
                leftOut);
    }

    @SuppressWarnings("ReferenceEquality") // resolvers that are equal are each closed
    private void closeAllBut(List<TenantResolver> active) {
        Predicate<TenantResolver> isUnused = resolver -> active.stream().noneMatch(kept -> kept == resolver);
        List<TenantResolver> unused = own.stream().filter(isUnused).toList();
        own.removeIf(isUnused);
        closeAll(unused);
    }

    /** Closes those that can be closed, latest first; a failure of one does not keep the others open. */
    static void closeAll(List<TenantResolver> resolvers) {
        for (int last = resolvers.size() - 1; last >= 0; last--) {
            if (resolvers.get(last) instanceof AutoCloseable closeable) {
                try {
                    closeable.close();
                } catch (Exception failure) {
                    LOG.warn("a resolver cannot be closed: {}", ResolverProvider.described(failure));
                }
            }
        }
    }

    private static List<String> names(String text) {
        List<String> names = Stream.of(text.split(",", -1)).map(String::strip).toList();
        if (!names.stream().allMatch(ResolverNames::isValid)
                || names.stream().distinct().count() < names.size()) {
            throw new IllegalArgumentException("a bad name, or one twice");
        }
        return names;
    }
}
