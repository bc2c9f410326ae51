package dev.tenancy.internal.resolver;

import dev.tenancy.ConfigKey;
import dev.tenancy.TenancyConfig;
import dev.tenancy.TenancyConfigException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Collects what is wrong with the settings of a resolver, to name all at once. */
final class Faults {
    private final TenancyConfig config;
    private final List<String> all = new ArrayList<>();

    Faults(TenancyConfig config) {
        this.config = config;
    }

    /** Gives the value of {@code key}, if it is set, to {@code reader}, whose faults are named by the key. */
    <T> void read(ConfigKey<T> key, Consumer<T> reader) {
        config.get(key).ifPresent(value -> collect(key.name() + ": ", () -> reader.accept(value)));
    }

    /** Adds a fault. */
    void add(String fault) {
        all.add(fault);
    }

    /**
     * {@return what {@code maker} makes, if nothing was wrong before and it finds nothing wrong}
     *
     * @param place names what it finds wrong: a key, or how the keys start that it was made from
     */
    <T> T unlessAny(String place, Supplier<T> maker) {
        List<T> made = new ArrayList<>();
        collect(place + ": ", () -> made.add(maker.get()));
        if (!all.isEmpty()) {
            throw new TenancyConfigException(all);
        }
        return made.get(0);
    }

    private void collect(String place, Runnable action) {
        try {
            action.run();
        } catch (TenancyConfigException bad) {
            bad.faults().forEach(fault -> all.add(place + fault));
        }
    }
}
