package dev.tenancy.project;

import dev.tenancy.TenantId;
import dev.tenancy.TenantRequest;
import dev.tenancy.TenantResolver;
import dev.tenancy.testing.TenantResolverContract;
import java.util.List;
import java.util.Set;

/** The resolver in the README keeps the contract, which is extended as somebody outside does it. */
class PartnerResolverContractTest extends TenantResolverContract {
    @Override
    protected TenantResolver resolver() {
        return new PartnerResolverTest.PartnerResolver();
    }

    @Override
    protected TenantId tenant() {
        return TenantId.of("p-1");
    }

    @Override
    protected List<TenantRequest> provingRequests() {
        return List.of(TenantRequest.builder().header("X-Partner", "p-1").build());
    }

    @Override
    protected List<TenantRequest> refusedRequests() {
        return List.of(
                TenantRequest.builder().header("X-Partner", "garbage").build(),
                TenantRequest.builder().header("X-Partner", "p-(garbage)").build(),
                TenantRequest.builder()
                        .header("X-Partner", "p-1")
                        .header("X-Partner", "p-2")
                        .build());
    }

    @Override
    protected Set<String> secrets() {
        return Set.of("garbage");
    }
}
