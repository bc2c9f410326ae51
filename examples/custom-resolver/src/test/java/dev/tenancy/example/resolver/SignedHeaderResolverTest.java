package dev.tenancy.example.resolver;

import dev.tenancy.TenancyConfig;
import dev.tenancy.TenantId;
import dev.tenancy.TenantRequest;
import dev.tenancy.TenantResolver;
import dev.tenancy.testing.TenantResolverContract;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** It keeps the contract of all resolvers. */
class SignedHeaderResolverTest extends TenantResolverContract {

    @Override
    protected TenantResolver resolver() {
        return new SignedHeaderResolverFactory().create(settings());
    }

    private static TenancyConfig settings() {
        return TenancyConfig.of(Map.of("tenancy.signed-header.secret", Proxy.SECRET));
    }

    @Override
    protected TenantId tenant() {
        return TenantId.of("acme");
    }

    @Override
    protected List<TenantRequest> provingRequests() {
        return List.of(request(Proxy.signed("acme")));
    }

    @Override
    protected List<TenantRequest> refusedRequests() {
        String otherTenants = Proxy.signed("acme").replace("acme", "globex");
        return List.of(
                request("acme"),
                request(otherTenants),
                request("acme;" + "0".repeat(64)),
                TenantRequest.builder()
                        .header("X-Signed-Tenant", Proxy.signed("acme"))
                        .header("X-Signed-Tenant", Proxy.signed("globex"))
                        .build());
    }

    @Override
    protected Set<String> secrets() {
        return Set.of(Proxy.SECRET);
    }

    private static TenantRequest request(String header) {
        return TenantRequest.builder().header("X-Signed-Tenant", header).build();
    }
}
