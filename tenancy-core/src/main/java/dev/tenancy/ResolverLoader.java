package dev.tenancy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds resolvers through {@link ServiceLoader}, or is given them, and makes those that {@code tenancy.resolvers}
 * names, and no others.
 */
final class ResolverLoader {
    private static final Logger LOG = LoggerFactory.getLogger(ResolverLoader.class);

    private static final ConfigKey<List<String>> RESOLVERS = ConfigKey.of(
                    "tenancy.resolvers",
                    "names of resolvers in their order, separated by commas",
                    ResolverLoader::names)
            .asRequired();

    private static final int MOST_PROVIDERS = 1_000;

    private final Map<String, TenantResolverFactory> found = new LinkedHashMap<>();
    private final List<ConfigKey<?>> declared = new ArrayList<>(List.of(RESOLVERS));
    private final List<String> faults = new ArrayList<>();

    ResolverLoader(ClassLoader loader, List<TenantResolver> made) {
        findAll(ServiceLoader.load(TenantResolver.class, loader), resolver -> add(new Ready(resolver)));
        findAll(ServiceLoader.load(TenantResolverFactory.class, loader), this::add);
        found.values().forEach(factory -> declared.addAll(factory.keys()));
        Set<String> names = new HashSet<>();
        for (TenantResolver resolver : made) {
            if (!names.add(resolver.name())) {
                faults.add("two resolvers made by hand have the name '" + resolver.name() + "'");
            }
            found.put(resolver.name(), new Ready(resolver));
        }
    }

    List<TenantResolver> load(TenancyConfig config) {
        faults.addAll(config.unknownKeys(declared));
        List<String> badNames = config.badValues(List.of(RESOLVERS));
        faults.addAll(badNames);
        List<TenantResolver> active = new ArrayList<>();
        if (badNames.isEmpty()) {
            config.require(RESOLVERS).forEach(name -> make(name, config).ifPresent(active::add));
        }
        if (!faults.isEmpty()) {
            throw new TenancyConfigException(faults);
        }
        logLeftOut(active);
        return active;
    }

    private <S> void findAll(ServiceLoader<S> services, Consumer<S> action) {
        Iterator<S> providers = services.iterator();
        boolean more = true;
        // A broken entry is skipped by the next call; a loader that is broken itself never comes to an end.
        for (int tries = 0; more && tries < MOST_PROVIDERS; tries++) {
            try {
                more = providers.hasNext();
                if (more) {
                    action.accept(providers.next());
                }
            } catch (ServiceConfigurationError | LinkageError broken) {
                faults.add("a provider cannot be loaded: " + broken.getMessage());
            }
        }
    }

    private void add(TenantResolverFactory factory) {
        TenantResolverFactory other = found.putIfAbsent(factory.name(), factory);
        if (other != null) {
            faults.add("two providers have the name '" + factory.name() + "': " + other + " and " + factory);
        }
    }

    private Optional<TenantResolver> make(String name, TenancyConfig config) {
        TenantResolverFactory factory = found.get(name);
        if (factory == null) {
            faults.add("tenancy.resolvers names '" + name + "', which is not there; found: "
                    + new TreeSet<>(found.keySet()));
            return Optional.empty();
        }
        List<String> bad = config.badValues(factory.keys());
        faults.addAll(bad);
        if (!bad.isEmpty()) {
            return Optional.empty();
        }
        try {
            TenantResolver resolver = Objects.requireNonNull(factory.create(config), "nothing was made");
            if (resolver.name().equals(name)) {
                return Optional.of(resolver);
            }
            faults.add("the factory of resolver '" + name + "' made one named '" + resolver.name() + "'");
        } catch (TenancyConfigException unfit) {
            unfit.faults().forEach(fault -> faults.add("resolver '" + name + "': " + fault));
        } catch (RuntimeException failure) {
            faults.add("resolver '" + name + "' cannot be made: " + failure);
        }
        return Optional.empty();
    }

    private void logLeftOut(List<TenantResolver> active) {
        Set<String> leftOut = new TreeSet<>(found.keySet());
        active.forEach(resolver -> leftOut.remove(resolver.name()));
        if (!leftOut.isEmpty()) {
            LOG.info("resolvers found and not named in tenancy.resolvers, so left out: {}", leftOut);
        }
    }

    private static List<String> names(String text) {
        List<String> names = Stream.of(text.split(",", -1)).map(String::strip).toList();
        if (names.stream().anyMatch(String::isEmpty)
                || names.stream().distinct().count() < names.size()) {
            throw new IllegalArgumentException("an empty name, or one twice");
        }
        return names;
    }

    /** A resolver without settings, as its own factory. */
    private record Ready(TenantResolver resolver) implements TenantResolverFactory {
        @Override
        public String name() {
            return resolver.name();
        }

        @Override
        public Set<ConfigKey<?>> keys() {
            return Set.of();
        }

        @Override
        public TenantResolver create(TenancyConfig config) {
            return resolver;
        }

        @Override
        public String toString() {
            return resolver.getClass().getName();
        }
    }
}
