package dev.tenancy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.resolver.HeaderTenantResolver;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TenancyListenerTest {
    private final List<String> told = new ArrayList<>();

    @Test
    void listenersAreToldWhatBecomesOfARequest() {
        Tenancy tenancy = tenancy(TenantCatalog.of(
                Tenant.of(TenantId.of("acme")),
                Tenant.builder(TenantId.of("frozen"))
                        .status(Tenant.Status.SUSPENDED)
                        .build()));

        handle(tenancy, "acme", true);
        handle(tenancy, "acme", false);
        handle(tenancy, "frozen", true);
        handle(tenancy, "unknown", true);
        handle(tenancy, "", true);
        handle(tenancy, "no tenant", true);

        assertThat(told)
                .containsExactly(
                        "admitted acme",
                        "finished acme true",
                        "admitted acme",
                        "finished acme false",
                        "refused frozen 403",
                        "refused 401",
                        "refused 401",
                        "refused 401");
    }

    @Test
    void whoIsRefusedIsInTheSecurityLogWithTheReasonAndWithoutWhatWasPresented() {
        Tenancy tenancy = tenancy(TenantCatalog.of(Tenant.builder(TenantId.of("frozen"))
                .status(Tenant.Status.SUSPENDED)
                .build()));

        try (CapturedLog log = CapturedLog.ofSecurity()) {
            handle(tenancy, "frozen", true);
            handle(tenancy, "unknown", true);
            handle(tenancy, "", true);
            handle(tenancy, "presented; secret", true);

            assertThat(log.messages())
                    .hasSize(4)
                    .startsWith(
                            "refused with 403: tenant frozen is suspended",
                            "refused with 401: tenant unknown is not in the catalog",
                            "refused with 401: nothing presented")
                    .last()
                    .asString()
                    .startsWith("refused with 401: the header")
                    .doesNotContain("secret");
        }
    }

    @Test
    void anOutageIsToldAsSuch() {
        handle(
                tenancy(id -> {
                    throw new IllegalStateException("database");
                }),
                "acme",
                true);

        assertThat(told).containsExactly("refused 503");
    }

    @Test
    void aFailingListenerKeepsNobodyFromAnything() {
        Tenancy tenancy = Tenancy.builder()
                .resolver(HeaderTenantResolver.of("X-Tenant"))
                .catalog(TenantCatalog.of(Tenant.of(TenantId.of("acme"))))
                .listener(new Failing())
                .listener(new Recording())
                .build();

        assertThat(handle(tenancy, "acme", true)).isEqualTo("handled");
        assertThat(handle(tenancy, "unknown", true)).isEqualTo("401");

        assertThat(told).containsExactly("admitted acme", "finished acme true", "refused 401");
    }

    @Test
    void aListenerMayBeInterestedInNothing() {
        Tenancy tenancy = Tenancy.builder()
                .resolver(HeaderTenantResolver.of("X-Tenant"))
                .catalog(TenantCatalog.acceptingAny())
                .listener(new TenancyListener() {})
                .build();

        assertThat(handle(tenancy, "acme", true)).isEqualTo("handled");
        assertThat(handle(tenancy, "", true)).isEqualTo("401");
    }

    @Test
    void headersThatSeveralGuardsSetAreOneList() {
        Tenancy tenancy = Tenancy.builder()
                .resolver(HeaderTenantResolver.of("X-Tenant"))
                .catalog(TenantCatalog.acceptingAny())
                .guard(new RecordingGuard(Map.of("RateLimit", "minute", "X-One", "1")))
                .guard(new RecordingGuard(Map.of("ratelimit", "day", "X-Two", "2")))
                .build();

        Map<String, String> headers = tenancy.<Map<String, String>, RuntimeException>handle(
                request("acme"), Admitted::headers, problem -> Map.of());

        assertThat(headers)
                .containsExactlyInAnyOrderEntriesOf(Map.of("RateLimit", "minute, day", "X-One", "1", "X-Two", "2"));
    }

    private Tenancy tenancy(TenantCatalog catalog) {
        return Tenancy.builder()
                .resolver(HeaderTenantResolver.of("X-Tenant"))
                .catalog(catalog)
                .listener(new Recording())
                .build();
    }

    private static String handle(Tenancy tenancy, String tenant, boolean well) {
        return tenancy.handle(
                request(tenant),
                admitted -> {
                    if (!well) {
                        throw new InvalidTenantIdException("expected");
                    }
                    return "handled";
                },
                problem -> Integer.toString(problem.status()));
    }

    private static TenantRequest request(String tenant) {
        return TenantRequest.builder().header("X-Tenant", tenant).build();
    }

    private final class Recording implements TenancyListener {
        @Override
        public void admitted(TenantIdentity identity) {
            told.add("admitted " + identity.tenantId());
        }

        @Override
        public void finished(TenantIdentity identity, boolean succeeded) {
            told.add("finished " + identity.tenantId() + " " + succeeded);
        }

        @Override
        public void refused(TenantIdentity identity, Problem problem) {
            told.add("refused " + identity.tenantId() + " " + problem.status());
        }

        @Override
        public void refused(Problem problem) {
            told.add("refused " + problem.status());
        }
    }

    private static final class Failing implements TenancyListener {
        @Override
        public void admitted(TenantIdentity identity) {
            throw new StackOverflowError("expected");
        }

        @Override
        public void finished(TenantIdentity identity, boolean succeeded) {
            throw new IllegalStateException("expected");
        }

        @Override
        public void refused(Problem problem) {
            throw new LinkageError("expected");
        }
    }
}
