package dev.tenancy.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenancy.Admission;
import dev.tenancy.Admitted;
import dev.tenancy.Guard;
import dev.tenancy.GuardedRequest;
import dev.tenancy.Problem;
import dev.tenancy.Tenancy;
import dev.tenancy.Tenant;
import dev.tenancy.TenantCatalog;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.TenantRequest;
import dev.tenancy.UnavailableException;
import dev.tenancy.resolver.HeaderTenantResolver;
import java.util.List;
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

    @Test
    void severalLimitsAreToldApart() {
        Tenancy tenancy = tenancy(guard().build(), tenant("acme", "60/1m burst 3, 100/1d"));

        try (Admitted admitted = (Admitted) tenancy.admit(from("acme"))) {
            assertThat(admitted.headers())
                    .containsEntry("RateLimit", "\"default-1m\";r=2;t=1, \"default-1d\";r=99;t=864")
                    .containsEntry("RateLimit-Policy", "\"default-1m\";q=60;w=60, \"default-1d\";q=100;w=86400");
        }
    }

    @Test
    void aRetryAfterTheAdvisedSecondsIsAdmitted() {
        Tenancy tenancy = tenancy(guard().build(), tenant("acme", "7/1m burst 2, 100/1d"));
        for (int i = 0; i < 50; i++) {
            while (tenancy.admit(from("acme")) instanceof Admitted) {
                now.addAndGet(1_234_567);
            }
            long seconds = Long.parseLong(refused(tenancy, "acme").headers().get("Retry-After"));
            assertThat(seconds).isPositive();
            now.addAndGet(seconds * 1_000_000_000L);
            assertThat(tenancy.admit(from("acme"))).isInstanceOf(Admitted.class);
        }
    }

    @Test
    void aRequestThatCostsMoreThanTheBurstIsNotToldToRetry() {
        Tenancy tenancy = tenancy(guard().cost(request -> 4).build(), tenant("acme", "60/1m burst 3"));

        Problem problem = refused(tenancy, "acme");
        assertThat(problem.status()).isEqualTo(429);
        assertThat(problem.headers()).doesNotContainKey("Retry-After").containsKeys("RateLimit", "RateLimit-Policy");
        assertThat(problem.detail()).contains("costs 4", "3");
    }

    @Test
    void aNegativeCostFailsTheRequestAndMintsNothing() {
        Tenancy tenancy = tenancy(guard().cost(request -> -1).build(), tenant("acme", "60/1m burst 3"));

        assertThat(refused(tenancy, "acme").status()).isEqualTo(503);
    }

    @Test
    void whatIsFreePassesAlsoWhenNobodyCanSayWhatIsLeft() {
        BucketStore away = new BucketStore() {
            @Override
            public Acquisition acquire(BucketKey key, RateLimits limits, long permits) {
                throw new UnavailableException("away", null);
            }

            @Override
            public void giveBack(Acquisition acquisition) {
                throw new AssertionError("nothing was taken");
            }

            @Override
            public List<Standing> standing(BucketKey key, RateLimits limits) {
                throw new UnavailableException("away", null);
            }
        };
        RateLimitGuard.Builder guard = RateLimitGuard.builder()
                .limiter(RateLimiter.builder().store(away).build());

        assertThat(tenancy(guard.cost(request -> 0).build(), tenant("acme", "10/1m"))
                        .admit(from("acme")))
                .isInstanceOf(Admitted.class);
        assertThat(refused(tenancy(guard.cost(request -> 1).build(), tenant("acme", "10/1m")), "acme")
                        .status())
                .isEqualTo(503);
    }

    @Test
    void guardsWithNamesCountApartAndReadTheirOwnSetting() {
        RateLimitGuard ordinary = guard().build();
        RateLimitGuard chat = guard().name("chat").build();
        Tenant acme = Tenant.builder(TenantId.of("acme"))
                .setting("rate-limit", "10/1m")
                .setting("rate-limit-chat", "1/1m")
                .build();
        Tenancy tenancy = Tenancy.builder()
                .resolver(HeaderTenantResolver.of("X-Tenant"))
                .catalog(TenantCatalog.of(acme))
                .guard(ordinary)
                .guard(chat)
                .build();

        assertThat(tenancy.admit(from("acme"))).isInstanceOf(Admitted.class);
        assertThat(refused(tenancy, "acme").headers().get("RateLimit")).isEqualTo("\"chat\";r=0;t=60");
        assertThat(limiter.standing(TenantId.of("acme"), RateLimit.parse("10/1m"))
                        .remaining())
                .as("what the second guard denied was given back to the first")
                .isEqualTo(9);
        assertThat(ordinary.name()).isEqualTo("rate-limit");
        assertThat(chat.name()).isEqualTo("rate-limit-chat");
        assertThatThrownBy(() -> guard().name("Chat")).hasMessageContaining("allowed");
    }

    @Test
    void eachSubjectHasALimitOfItsOwn() {
        RateLimitGuard guard = guard().build();
        Tenant acme = tenant("acme", "3/1m, 2/1m per subject");

        assertThat(passes(guard, acme, "u1")).isEqualTo(2);
        assertThat(passes(guard, acme, "u2")).as("what is left for the tenant").isEqualTo(1);
    }

    private static int passes(RateLimitGuard guard, Tenant tenant, String subject) {
        TenantIdentity identity =
                TenantIdentity.builder(tenant.id(), "test").subject(subject).build();
        GuardedRequest request = new GuardedRequest(TenantRequest.builder().build(), identity, tenant);
        int passes = 0;
        for (int i = 0; i < 10; i++) {
            passes += guard.check(request) instanceof Guard.Passed ? 1 : 0;
        }
        return passes;
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
