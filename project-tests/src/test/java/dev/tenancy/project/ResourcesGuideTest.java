package dev.tenancy.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.TenantContext;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.resource.Lease;
import dev.tenancy.resource.TenantResources;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The code in docs/resources.md, run. */
class ResourcesGuideTest {

    @Test
    void whatTheGuideSaysIsWhatIsRunHere() {
        for (String name : List.of("build", "borrow")) {
            assertThat(Documents.text("docs/resources.md")).contains(Documents.region(ResourcesGuideTest.class, name));
        }
    }

    @Test
    void eachTenantAsksItsOwnClient() {
        try (TenantResources<ModelClient> clients = clients()) {
            for (String tenant : List.of("acme", "globex", "acme")) {
                TenantIdentity identity = TenantIdentity.of(TenantId.of(tenant), "test");
                assertThat(TenantContext.call(identity, () -> answer(clients, "hello")))
                        .isEqualTo("hello with the key of " + tenant);
            }
            assertThat(clients.size()).isEqualTo(2);
        }
    }

    private static TenantResources<ModelClient> clients() {
        // region build
        TenantResources<ModelClient> clients = TenantResources.<ModelClient>builder(
                        identity -> new ModelClient(keyOf(identity)))
                .maximumSize(200)
                .idleTime(Duration.ofMinutes(10))
                .build();
        // endregion
        return clients;
    }

    private static String answer(TenantResources<ModelClient> clients, String prompt) {
        // region borrow
        try (Lease<ModelClient> lease = clients.borrow()) {
            return lease.get().ask(prompt);
        }
        // endregion
    }

    private static String keyOf(TenantIdentity identity) {
        return "the key of " + identity.tenantId();
    }

    private record ModelClient(String key) {
        String ask(String prompt) {
            return prompt + " with " + key;
        }
    }
}
