package dev.tenancy.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.CredentialSource;
import dev.tenancy.Resolution;
import dev.tenancy.Tenancy;
import dev.tenancy.TenancyConfig;
import dev.tenancy.TenantCatalog;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.TenantRequest;
import dev.tenancy.TenantResolver;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The resolver in the README, found by ServiceLoader. */
class PartnerResolverTest {

    @Test
    void whatTheReadmeSaysIsWhatIsRunHere() {
        assertThat(Documents.text("README.md"))
                .contains(Documents.region(PartnerResolverTest.class, "resolver")
                        .replace("static final class", "final class"));
    }

    @Test
    void aResolverOfOneClassIsFoundByItsName() {
        Tenancy tenancy = Tenancy.load(TenancyConfig.of(Map.of("tenancy.resolvers", "partner")))
                .catalog(TenantCatalog.acceptingAny())
                .build();

        assertThat(titleOf(tenancy, "p-1")).isEqualTo("p-1");
        assertThat(titleOf(tenancy, "other")).isEqualTo("Invalid credential");
    }

    private static String titleOf(Tenancy tenancy, String partner) {
        TenantRequest request =
                TenantRequest.builder().header("X-Partner", partner).build();
        return tenancy.handle(
                request, admitted -> admitted.identity().tenantId().value(), problem -> problem.title());
    }

    // region resolver
    public static final class PartnerResolver implements TenantResolver {
        private static final CredentialSource SOURCE = CredentialSource.header("X-Partner");

        @Override
        public String name() {
            return "partner";
        }

        @Override
        public Set<CredentialSource> sources() {
            return Set.of(SOURCE);
        }

        @Override
        public Resolution resolve(TenantRequest request) {
            return SOURCE.resolve(request, PartnerResolver::identityOf);
        }

        private static Resolution identityOf(String partner) {
            return partner.startsWith("p-")
                    ? Resolution.resolved(TenantIdentity.of(TenantId.of(partner), "partner"))
                    : Resolution.unrecognized();
        }
    }
    // endregion
}
