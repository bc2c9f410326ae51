package dev.tenancy.example.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenancy.ConfigKey;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
    private static final ConfigKey<String> RESOLVERS = ConfigKey.text("tenancy.resolvers", "names");

    @ParameterizedTest
    @ValueSource(strings = {"redis://user:secret@host:port", "http://secret@host", "host:6379", "redis://"})
    void aRedisUrlThatIsNoneIsRefusedByItsName(String url) {
        assertThatThrownBy(() -> Settings.of(Map.of("GATEWAY_REDIS_URL", url)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("GATEWAY_REDIS_URL")
                .hasMessageContaining("allowed: redis://user:password@host:port/database")
                .hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis://127.0.0.1:6379", "rediss://user:secret@redis.example/1"})
    void aRedisUrlIsKept(String url) {
        assertThat(Settings.of(Map.of("GATEWAY_REDIS_URL", url)).redisUrl()).contains(url);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " "})
    void blankResolversAreTheUsualOnes(String blank) {
        Settings settings = Settings.of(Map.of("TENANCY_RESOLVERS", blank));

        assertThat(settings.tenancy().require(RESOLVERS)).isEqualTo("jwt,api-key");
    }

    @Test
    void withoutOneLimitsAreCountedHere() {
        assertThat(Settings.of(Map.of()).redisUrl()).isEmpty();
    }
}
