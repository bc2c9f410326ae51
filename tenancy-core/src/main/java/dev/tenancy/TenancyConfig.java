package dev.tenancy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The settings of a server, as text under keys that start with {@code tenancy.}; read once, at start.
 *
 * <p>They come from one place or several. For each key the first place, in the order in which they were added, that has
 * a text which is not blank is the one that counts. What is wrong (a file that cannot be read, a key that nobody
 * declares, a bad value) is reported by {@link Tenancy#load} all at once.
 *
 * <pre>{@code
 * TenancyConfig config = TenancyConfig.builder()
 *         .environment(System.getenv())
 *         .file(Path.of("tenancy.properties"))
 *         .build();
 * }</pre>
 *
 * <p>Immutable and thread-safe. It never prints a value.
 *
 * @since 0.1
 */
public final class TenancyConfig {
    private final List<ConfigSource> sources;
    private final List<String> faults;
    private final ConcurrentMap<String, Optional<ConfigSource.Setting>> read;

    private TenancyConfig(
            List<ConfigSource> sources,
            List<String> faults,
            ConcurrentMap<String, Optional<ConfigSource.Setting>> read) {
        this.sources = sources;
        this.faults = faults;
        this.read = read;
    }

    /** {@return a configuration of exactly these settings; a key that nobody declares fails the start} */
    public static TenancyConfig of(Map<String, String> settings) {
        return builder().settings(settings).build();
    }

    /** {@return a builder without settings} */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * {@return this configuration, reading what it lacks from environment variables}
     *
     * @param variables as for {@link Builder#environment}
     */
    public TenancyConfig withEnvironment(Map<String, String> variables) {
        Builder builder = builder();
        builder.sources.addAll(sources);
        return builder.environment(variables).build();
    }

    /**
     * {@return the value of {@code key}, or empty if it is not set or blank}
     *
     * @param <T> its type
     * @throws TenancyConfigException if its text is bad, or a place cannot be read
     */
    public <T> Optional<T> get(ConfigKey<T> key) {
        if (!faults.isEmpty()) {
            throw new TenancyConfigException(faults);
        }
        return settingOf(key).map(setting -> {
            try {
                return Objects.requireNonNull(key.parser().apply(setting.text().strip()), "value");
            } catch (RuntimeException bad) {
                throw new TenancyConfigException(
                        List.of(key.name() + " (" + setting.place() + ") has a bad value; allowed: " + key.allowed()));
            }
        });
    }

    /**
     * {@return the value of {@code key}}
     *
     * @param <T> its type
     * @throws TenancyConfigException if it is not set, its text is bad, or a place cannot be read
     */
    public <T> T require(ConfigKey<T> key) {
        return get(key).orElseThrow(() ->
                new TenancyConfigException(List.of(key.name() + " is not set; allowed: " + key.allowed())));
    }

    /** What is wrong with the places themselves. */
    List<String> faultsOfSources() {
        return faults;
    }

    /** This configuration as far as it can be read, to find what else is wrong. */
    TenancyConfig asFarAsItIsRead() {
        return new TenancyConfig(sources, List.of(), read);
    }

    /** The fault of keys that are set and not among {@code declared}, or none. */
    List<String> unknownKeys(Collection<ConfigKey<?>> declared) {
        Set<String> known = declared.stream().map(ConfigKey::name).collect(Collectors.toCollection(TreeSet::new));
        String unknown = listed(sources)
                .flatMap(source -> source.settings().entrySet().stream())
                .filter(setting -> !known.contains(setting.getKey()))
                .map(setting ->
                        "'" + setting.getKey() + "' (" + setting.getValue().place() + ")")
                .collect(Collectors.joining(", "));
        return unknown.isEmpty()
                ? List.of()
                : List.of("no such key: " + unknown + "; allowed: " + String.join(", ", known));
    }

    /** The faults of {@code keys}: required and not set, or set to something bad. */
    List<String> badValues(Collection<ConfigKey<?>> keys) {
        List<String> bad = new ArrayList<>();
        for (ConfigKey<?> key : keys) {
            try {
                if (key.required()) {
                    require(key);
                } else {
                    get(key);
                }
            } catch (TenancyConfigException fault) {
                bad.addAll(fault.faults());
            }
        }
        return bad;
    }

    /** A place is asked once, so that what was checked at start is what is used. */
    private Optional<ConfigSource.Setting> settingOf(ConfigKey<?> key) {
        Optional<ConfigSource.Setting> known = read.get(key.name());
        if (known != null) {
            return known;
        }
        Optional<ConfigSource.Setting> found = sources.stream()
                .flatMap(source -> source.find(key).stream())
                .filter(setting -> !setting.text().isBlank())
                .findFirst();
        Optional<ConfigSource.Setting> earlier = read.putIfAbsent(key.name(), found);
        return earlier == null ? found : earlier;
    }

    private static Stream<ConfigSource.Listed> listed(List<ConfigSource> sources) {
        return sources.stream().filter(ConfigSource.Listed.class::isInstance).map(ConfigSource.Listed.class::cast);
    }

    /** {@return the keys that are known to be set, without their values} */
    @Override
    public String toString() {
        return "TenancyConfig"
                + listed(sources)
                        .flatMap(source -> source.settings().keySet().stream())
                        .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * Collects places. One that is added earlier counts before one that is added later. Not thread-safe.
     *
     * @since 0.1
     */
    public static final class Builder {
        private final List<ConfigSource> sources = new ArrayList<>();

        private Builder() {}

        /** Adds settings from code; a key that nobody declares fails the start. */
        public Builder settings(Map<String, String> settings) {
            sources.add(ConfigSource.Listed.of(settings));
            return this;
        }

        /**
         * Adds a properties file that has nothing but settings of this library. It is read now.
         *
         * <p>It is in UTF-8 and in the syntax of {@link Properties}. A key that nobody declares, or that stands there
         * twice, fails the start.
         */
        public Builder file(Path path) {
            sources.add(ConfigSource.Listed.of(path, false));
            return this;
        }

        /**
         * Adds a properties file that others use too, such as {@code application.properties}. It is read now.
         *
         * <p>It is like {@link #file}, except that keys are left alone whose first part is neither {@code tenancy} nor
         * almost that: {@code tenency.resolvers} fails the start, {@code server.port} does not.
         */
        public Builder sharedFile(Path path) {
            sources.add(ConfigSource.Listed.of(path, true));
            return this;
        }

        /**
         * Adds the configuration of a framework. It is asked for declared keys only, at most once for each.
         *
         * <pre>{@code
         * .lookup("MicroProfile Config", key -> config.getOptionalValue(key, String.class))
         * .lookup("Spring environment", key -> Optional.ofNullable(environment.getProperty(key)))
         * }</pre>
         *
         * @param place what faults call it
         * @param texts gives the text of a key, or empty; if it throws or returns null, the start fails
         */
        public Builder lookup(String place, Function<String, Optional<String>> texts) {
            Objects.requireNonNull(place, "place");
            Objects.requireNonNull(texts, "texts");
            sources.add(new ConfigSource.Lookup(key -> place, key -> texts.apply(key.name())));
            return this;
        }

        /**
         * Adds the system properties that have the names of declared keys. Others are not looked at.
         *
         * @param properties usually {@link System#getProperties()}
         */
        public Builder systemProperties(Properties properties) {
            Objects.requireNonNull(properties, "properties");
            sources.add(new ConfigSource.Lookup(
                    key -> "system property", key -> Optional.ofNullable(properties.getProperty(key.name()))));
            return this;
        }

        /**
         * Adds the environment variables of declared keys. Others are not looked at.
         *
         * <p>A variable has the name of the key in upper case with {@code _} for dots and hyphens:
         * {@code TENANCY_JWT_ISSUER} for {@code tenancy.jwt.issuer}.
         *
         * @param variables usually {@link System#getenv()}
         */
        public Builder environment(Map<String, String> variables) {
            Map<String, String> copy = Map.copyOf(variables);
            sources.add(new ConfigSource.Lookup(
                    key -> "environment variable " + key.variable(),
                    key -> Optional.ofNullable(copy.get(key.variable()))));
            return this;
        }

        /** {@return the configuration} */
        public TenancyConfig build() {
            return new TenancyConfig(
                    List.copyOf(sources),
                    listed(sources).flatMap(source -> source.faults().stream()).toList(),
                    new ConcurrentHashMap<>());
        }
    }
}
