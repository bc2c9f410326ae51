package dev.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TenantIdTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"a", "7", "acme", "auth0|abc", "org_id.v2:eu@x/y+z=~-", "123e4567-e89b-12d3-a456-426614174000"})
    void takesWhatIsAllowed(String value) {
        assertThat(TenantId.of(value).value()).isEqualTo(value);
        assertThat(TenantId.of(value)).hasToString(value);
    }

    @Test
    void takesUpTo128Characters() {
        assertThat(TenantId.of("x".repeat(128)).value()).hasSize(128);
        assertThatThrownBy(() -> TenantId.of("x".repeat(129))).isInstanceOf(InvalidTenantIdException.class);
    }

    @Test
    void trimsAndKeepsCase() {
        assertThat(TenantId.of("  Acme\t")).isEqualTo(TenantId.of("Acme")).isNotEqualTo(TenantId.of("acme"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "-a",
                "_a",
                ".a",
                "|a",
                "a b",
                "a\nb",
                "a\u0000",
                "a'b",
                "a\"b",
                "a;b",
                "a,b",
                "a*b",
                "ä",
                "a\u0430",
                "a\\b",
                "a%b",
                "\u212Aelvin"
            })
    void refusesAnythingElseAndDoesNotRepeatIt(String value) {
        assertThatThrownBy(() -> TenantId.of(value)).isInstanceOfSatisfying(InvalidTenantIdException.class, invalid -> {
            assertThat(invalid.problem().status()).isEqualTo(400);
            assertThat(invalid.fault()).isNotBlank();
            if (!value.isBlank()) {
                assertThat(invalid.getMessage()).doesNotContain(value);
                assertThat(invalid.problem().toJson()).doesNotContain(value);
            }
        });
    }
}
