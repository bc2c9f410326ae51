package dev.tenancy;

import dev.tenancy.internal.PropertiesFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/** A place from which settings come. */
sealed interface ConfigSource {

    /**
     * The setting of {@code key}, or empty if this place has none.
     *
     * @throws TenancyConfigException if this place cannot be asked
     */
    Optional<Setting> find(ConfigKey<?> key);

    /** The text of a setting, and where it stands. */
    record Setting(String text, String place) {}

    /** A place all of whose settings are known, so that those that nobody declares are found. */
    record Listed(Map<String, Setting> settings, List<String> faults) implements ConfigSource {

        static Listed of(Map<String, String> texts) {
            Map<String, Setting> settings = new TreeMap<>();
            texts.forEach((key, text) -> settings.put(key, new Setting(Objects.requireNonNull(text, key), "in code")));
            return new Listed(settings, List.of());
        }

        /** The settings of this library in a file; in one that is not shared nothing else may stand. */
        static Listed of(Path path, boolean shared) {
            PropertiesFile file = PropertiesFile.read(path, ConfigKey::isMeant);
            Map<String, Setting> settings = new TreeMap<>();
            file.settings().forEach((key, found) -> settings.put(key, new Setting(found.value(), found.place())));
            Stream<String> strangers = shared ? Stream.empty() : file.foreign().stream();
            Stream<String> faults = strangers.map(
                    place -> place + " is not a setting; allowed: keys that start with " + ConfigKey.PREFIX);
            return new Listed(
                    settings, Stream.concat(file.faults().stream(), faults).toList());
        }

        @Override
        public Optional<Setting> find(ConfigKey<?> key) {
            return Optional.ofNullable(settings.get(key.name()));
        }
    }

    /** A place that is asked for one key at a time. */
    record Lookup(Function<ConfigKey<?>, String> place, Function<ConfigKey<?>, Optional<String>> texts)
            implements ConfigSource {

        @Override
        public Optional<Setting> find(ConfigKey<?> key) {
            try {
                return texts.apply(key).map(text -> new Setting(text, place.apply(key)));
            } catch (Exception failure) { // also a checked one, which other languages throw undeclared
                // Its message is the host's, and may repeat a value.
                throw new TenancyConfigException(List.of(key.name() + " (" + place.apply(key) + ") cannot be read: "
                        + failure.getClass().getName()));
            }
        }
    }
}
