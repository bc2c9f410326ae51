package dev.tenancy.example.benchmarks.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {
    @Test
    void whatIsNotAskedForIsNotQuick() {
        assertThat(Settings.of(Map.of("bench", "context")::get))
                .isEqualTo(new Settings("context", Effort.FULL, Path.of("target", "bench")));
    }

    @Test
    void everySettingIsRead() {
        Map<String, String> properties = Map.of("bench", "jwt", "bench.quick", "true", "bench.directory", "there");

        assertThat(Settings.of(properties::get)).isEqualTo(new Settings("jwt", Effort.QUICK, Path.of("there")));
    }

    @Test
    void quickIsTrueOrFalse() {
        assertThatThrownBy(() -> Settings.of(Map.of("bench.quick", "yes")::get))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("bench.quick is \"yes\"; allowed: true, false");
    }
}
