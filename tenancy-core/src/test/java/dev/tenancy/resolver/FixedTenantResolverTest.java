package dev.tenancy.resolver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.TenantId;
import dev.tenancy.TenantRequest;
import dev.tenancy.TenantResolver;
import dev.tenancy.testing.TenantResolverContract;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class FixedTenantResolverTest {
    private final TenantResolver resolver = FixedTenantResolver.of(TenantId.of("acme"));

    @Test
    void itAlwaysAnswersAndSaysThatItIsADefault() {
        assertThat(Answers.of(resolver, TenantRequest.builder().build())).isEqualTo("acme");
        assertThat(resolver.isDefault()).isTrue();
        assertThat(resolver.sources()).isEmpty();
        assertThat(resolver.name()).isEqualTo("fixed");
    }

    @Nested
    class Contract extends TenantResolverContract {
        @Override
        protected TenantResolver resolver() {
            return resolver;
        }

        @Override
        protected TenantId tenant() {
            return TenantId.of("acme");
        }

        @Override
        protected List<TenantRequest> provingRequests() {
            return List.of(TenantRequest.builder().build());
        }

        @Override
        protected List<TenantRequest> refusedRequests() {
            return List.of();
        }
    }
}
