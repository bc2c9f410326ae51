package dev.tenancy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a server, as text under keys that start with {@code tenancy.}; read once, at start.
 *
 * <p>Immutable and thread-safe. It never prints a value.
 *
 * @since 0.1
 */
public final class TenancyConfig {
    private final Map<String, String> settings;
    private final Map<String, String> environment;

    private TenancyConfig(Map<String, String> settings, Map<String, String> environment) {
        this.settings = Map.copyOf(settings);
        this.environment = Map.copyOf(environment);
    }

    /** {@return a configuration of exactly these settings; a key that nobody declares fails the start} */
    public static TenancyConfig of(Map<String, String> settings) {
        return new TenancyConfig(settings, Map.of());
    }

    /**
     * {@return this configuration, reading what it lacks from environment variables}
     *
     * <p>A variable has the name of the key in upper case with {@code _} for dots and hyphens:
     * {@code TENANCY_JWT_ISSUER} for {@code tenancy.jwt.issuer}. Others are not looked at.
     *
     * @param variables usually {@link System#getenv()}
     */
    public TenancyConfig withEnvironment(Map<String, String> variables) {
        return new TenancyConfig(settings, variables);
    }

    /**
     * {@return the value of {@code key}, or empty if it is not set or blank}
     *
     * @param <T> its type
     * @throws TenancyConfigException if its text is bad
     */
    public <T> Optional<T> get(ConfigKey<T> key) {
        @Nullable String text = settings.getOrDefault(key.name(), environment.get(key.variable()));
        if (text == null || text.isBlank()) {
            return Optional.empty();
        }
        try {
            return Optional.of(key.parser().apply(text.strip()));
        } catch (RuntimeException bad) {
            String place = settings.containsKey(key.name()) ? "" : " (environment variable " + key.variable() + ")";
            throw new TenancyConfigException(
                    List.of(key.name() + place + " has a bad value; allowed: " + key.allowed()));
        }
    }

    /**
     * {@return the value of {@code key}}
     *
     * @param <T> its type
     * @throws TenancyConfigException if it is not set, or its text is bad
     */
    public <T> T require(ConfigKey<T> key) {
        return get(key).orElseThrow(() ->
                new TenancyConfigException(List.of(key.name() + " is not set; allowed: " + key.allowed())));
    }

    /** The faults of keys that are set and not among {@code declared}. */
    List<String> unknownKeys(Collection<ConfigKey<?>> declared) {
        Set<String> known = declared.stream().map(ConfigKey::name).collect(Collectors.toCollection(TreeSet::new));
        Set<String> unknown = new TreeSet<>(settings.keySet());
        unknown.removeAll(known);
        return unknown.stream()
                .map(key -> "'" + key + "' is not a key; allowed: " + String.join(", ", known))
                .toList();
    }

    /** The faults of {@code keys}: required and not set, or set to something bad. */
    List<String> badValues(Collection<ConfigKey<?>> keys) {
        List<String> faults = new ArrayList<>();
        for (ConfigKey<?> key : keys) {
            try {
                if (key.required()) {
                    require(key);
                } else {
                    get(key);
                }
            } catch (TenancyConfigException bad) {
                faults.addAll(bad.faults());
            }
        }
        return faults;
    }

    @Override
    public String toString() {
        return "TenancyConfig" + new TreeSet<>(settings.keySet());
    }
}
