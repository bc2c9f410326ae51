package dev.tenancy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.Function;

/** The resolvers that {@link ServiceLoader} finds, active or not, and what is wrong with any of them. */
final class ResolverProviders {
    private static final int MOST_PROVIDERS = 1_000;

    private final Map<String, ResolverProvider> byName = new LinkedHashMap<>();
    private final Map<String, Declared> keysByVariable = new HashMap<>();
    private final List<TenantResolver> instances = new ArrayList<>();
    private final Set<String> faults = new LinkedHashSet<>();

    private ResolverProviders(ServiceLoader<TenantResolver> resolvers, ServiceLoader<TenantResolverFactory> factories) {
        declare(ResolverLoader.RESOLVERS, "tenancy-core");
        findAll(resolvers, resolver -> {
            instances.add(resolver);
            return ResolverProvider.of(resolver);
        });
        findAll(factories, ResolverProvider::of);
    }

    static ResolverProviders seenBy(ClassLoader loader) {
        return new ResolverProviders(
                ServiceLoader.load(TenantResolver.class, loader),
                ServiceLoader.load(TenantResolverFactory.class, loader));
    }

    static ResolverProviders in(ModuleLayer layer) {
        return new ResolverProviders(
                ServiceLoader.load(layer, TenantResolver.class),
                ServiceLoader.load(layer, TenantResolverFactory.class));
    }

    Map<String, ResolverProvider> byName() {
        return byName;
    }

    /** The settings of all of them, and {@code tenancy.resolvers}. */
    Collection<ConfigKey<?>> keys() {
        return keysByVariable.values().stream().<ConfigKey<?>>map(Declared::key).toList();
    }

    /** The resolvers that were made while looking for them. */
    List<TenantResolver> instances() {
        return instances;
    }

    Collection<String> faults() {
        return faults;
    }

    private <S> void findAll(ServiceLoader<S> services, Function<S, ResolverProvider> description) {
        Iterator<S> providers = services.iterator();
        // A broken entry is skipped by the next call; a loader that is broken itself never comes to an end.
        for (int tries = 0; tries < MOST_PROVIDERS; tries++) {
            try {
                if (!providers.hasNext()) {
                    return;
                }
                add(description.apply(providers.next()));
            } catch (TenancyConfigException broken) {
                faults.addAll(broken.faults());
            } catch (ServiceConfigurationError | LinkageError broken) {
                Throwable cause = broken.getCause();
                faults.add("a provider cannot be loaded: " + broken.getMessage()
                        + (cause == null ? "" : " (" + ResolverProvider.described(cause) + ")"));
            }
        }
        faults.add("there are more than " + MOST_PROVIDERS + " providers, or they cannot be listed");
    }

    private void add(ResolverProvider provider) {
        ResolverProvider other = byName.putIfAbsent(provider.name(), provider);
        if (other == null) {
            provider.keys().forEach(key -> declare(key, provider.type().getName()));
        } else if (!provider.isCopyOf(other)) {
            faults.add("two providers have the name '" + provider.name() + "': "
                    + other.type().getName() + " and " + provider.type().getName());
            // Then neither's keys are unknown as well.
            provider.keys()
                    .forEach(key -> keysByVariable.putIfAbsent(
                            key.variable(), new Declared(key, provider.type().getName())));
        }
    }

    /** Two keys of one variable could not be told apart in the environment; one key of two meanings, nowhere. */
    private void declare(ConfigKey<?> key, String by) {
        Declared other = keysByVariable.putIfAbsent(key.variable(), new Declared(key, by));
        if (other != null && !other.key.equals(key)) {
            faults.add("two keys have the environment variable " + key.variable() + ": '" + other.key.name() + "' of "
                    + other.by + " and '" + key.name() + "' of " + by);
        }
    }

    private record Declared(ConfigKey<?> key, String by) {}
}
