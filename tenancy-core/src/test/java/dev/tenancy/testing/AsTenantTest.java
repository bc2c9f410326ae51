package dev.tenancy.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.TenantContext;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@AsTenant("acme")
class AsTenantTest {
    private final List<String> before = new ArrayList<>();

    @BeforeEach
    void remember() {
        before.add(tenant());
    }

    @AfterEach
    void isTheSame() {
        assertThat(before).containsExactly(tenant());
    }

    @Test
    void aTestIsRunAsTheTenantOfItsClass() {
        assertThat(tenant()).isEqualTo("acme");
        assertThat(TenantContext.require().subject()).isEmpty();
    }

    @Test
    @AsTenant(value = "globex", subject = "u1", readable = "shared")
    void orAsItsOwn() {
        TenantIdentity identity = TenantContext.require();

        assertThat(identity.tenantId()).isEqualTo(TenantId.of("globex"));
        assertThat(identity.subject()).isEqualTo(Optional.of("u1"));
        assertThat(identity.readableTenants()).containsExactly(TenantId.of("shared"));
        assertThat(before).containsExactly("globex");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void eachTimeAnew(int time) {
        assertThat(tenant()).as("time %d", time).isEqualTo("acme");
    }

    @Nested
    class Inside {
        @Test
        void theOuterClassSaysAsWhom() {
            assertThat(tenant()).isEqualTo("acme");
        }
    }

    private static String tenant() {
        return TenantContext.require().tenantId().value();
    }
}
