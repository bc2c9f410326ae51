package dev.tenancy.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.Admission;
import dev.tenancy.Admitted;
import dev.tenancy.Problem;
import dev.tenancy.Tenancy;
import dev.tenancy.Tenant;
import dev.tenancy.TenantCatalog;
import dev.tenancy.TenantId;
import dev.tenancy.TenantRequest;
import dev.tenancy.resolver.HeaderTenantResolver;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateLimitGuardTest {
    private final AtomicLong now = new AtomicLong();
    private final RateLimiter limiter = RateLimiter.inMemory(now::get);

    @Test
    void responsesCarryWhatIsLeft() {
        Tenancy tenancy = tenancy(guard().build(), tenant("acme", "60/1m burst 3"));

        try (Admitted admitted = (Admitted) tenancy.admit(from("acme"))) {
            assertThat(admitted.headers())
                    .containsEntry("RateLimit", "\"default\";r=2;t=1")
                    .containsEntry("RateLimit-Policy", "\"default\";q=60;w=60");
        }
    }

    @Test
    void aTenantOverItsLimitIsRefusedAndToldWhenToRetry() {
        Tenancy tenancy = tenancy(guard().build(), tenant("acme", "60/1m burst 1"), tenant("globex", "60/1m burst 1"));
        assertThat(tenancy.admit(from("acme"))).isInstanceOf(Admitted.class);

        Problem problem = refused(tenancy, "acme");

        assertThat(problem.status()).isEqualTo(429);
        assertThat(problem.type().getPath()).endsWith("/rate-limited");
        assertThat(problem.headers()).containsEntry("Retry-After", "1").containsKeys("RateLimit", "RateLimit-Policy");
        assertThat(tenancy.admit(from("globex"))).isInstanceOf(Admitted.class);
        now.addAndGet(1_000_000_000L);
        assertThat(tenancy.admit(from("acme"))).isInstanceOf(Admitted.class);
    }

    @Test
    void withoutALimitNobodyPasses() {
        Tenancy tenancy = tenancy(guard().build(), Tenant.of(TenantId.of("acme")));

        assertThat(refused(tenancy, "acme").status()).isEqualTo(503);
    }

    @Test
    void aBadLimitStopsItsTenantOnly() {
        Tenancy tenancy = tenancy(guard().build(), tenant("acme", "lots"), tenant("globex", "60/1m"));

        assertThat(refused(tenancy, "acme").status()).isEqualTo(503);
        assertThat(tenancy.admit(from("globex"))).isInstanceOf(Admitted.class);
    }

    @Test
    void theDefaultHoldsWhereTheCatalogSaysNothing() {
        Tenancy tenancy = tenancy(
                guard().defaultLimit(RateLimit.parse("1/1m")).build(),
                Tenant.of(TenantId.of("acme")),
                tenant("globex", "unlimited"));

        assertThat(tenancy.admit(from("acme"))).isInstanceOf(Admitted.class);
        assertThat(refused(tenancy, "acme").headers()).containsEntry("Retry-After", "60");
        for (int i = 0; i < 100; i++) {
            assertThat(tenancy.admit(from("globex"))).isInstanceOf(Admitted.class);
        }
    }

    @Test
    void aLimitOfNoneRefusesEverything() {
        Tenancy tenancy = tenancy(guard().build(), tenant("acme", "0/1m"));

        assertThat(refused(tenancy, "acme").headers()).containsEntry("Retry-After", "60");
    }

    @Test
    void requestsMayCostMoreOrNothing() {
        Tenancy tenancy = tenancy(
                guard().cost(request -> request.method().equals("POST") ? 3 : 0).build(),
                tenant("acme", "60/1m burst 3"));
        TenantRequest post = TenantRequest.builder()
                .method("POST")
                .header("X-Tenant", "acme")
                .build();

        assertThat(tenancy.admit(post)).isInstanceOf(Admitted.class);
        assertThat(tenancy.admit(post)).isInstanceOf(Admission.Denied.class);
        assertThat(tenancy.admit(from("acme"))).isInstanceOf(Admitted.class);
    }

    @Test
    void permitsAreGivenBackWhenALaterGuardDenies() {
        Tenancy tenancy = Tenancy.builder()
                .resolver(HeaderTenantResolver.of("X-Tenant"))
                .catalog(TenantCatalog.of(tenant("acme", "1/1d")))
                .guard(guard().build())
                .guard(new ClosedGuard())
                .build();

        for (int i = 0; i < 5; i++) {
            assertThat(refused(tenancy, "acme").status()).isEqualTo(403);
        }
    }

    private RateLimitGuard.Builder guard() {
        return RateLimitGuard.builder().limiter(limiter);
    }

    private static Tenancy tenancy(RateLimitGuard guard, Tenant... tenants) {
        return Tenancy.builder()
                .resolver(HeaderTenantResolver.of("X-Tenant"))
                .catalog(TenantCatalog.of(tenants))
                .guard(guard)
                .build();
    }

    private static Tenant tenant(String id, String limit) {
        return Tenant.builder(TenantId.of(id)).setting("rate-limit", limit).build();
    }

    private static TenantRequest from(String tenant) {
        return TenantRequest.builder().header("X-Tenant", tenant).build();
    }

    private static Problem refused(Tenancy tenancy, String tenant) {
        return ((Admission.Denied) tenancy.admit(from(tenant))).problem();
    }
}
