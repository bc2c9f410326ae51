package dev.tenancy.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.Admission;
import dev.tenancy.Admitted;
import dev.tenancy.Tenancy;
import dev.tenancy.TenantCatalog;
import dev.tenancy.TenantId;
import dev.tenancy.TenantRequest;
import dev.tenancy.ratelimit.RateLimit;
import dev.tenancy.ratelimit.RateLimitGuard;
import dev.tenancy.ratelimit.RateLimitListener;
import dev.tenancy.ratelimit.RateLimiter;
import dev.tenancy.ratelimit.RateLimits;
import dev.tenancy.ratelimit.lettuce.ValkeyBucketStore;
import dev.tenancy.resolver.HeaderTenantResolver;
import dev.tenancy.testservers.TestRedis;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The code in docs/rate-limits.md, run. */
class RateLimitsGuideTest {
    private static final TenantId ACME = TenantId.of("acme");

    @Test
    void whatTheGuideSaysIsWhatIsRunHere() {
        for (String name : List.of("guard", "named", "limiter", "acquire", "valkey")) {
            assertThat(Documents.text("docs/rate-limits.md"))
                    .contains(Documents.region(RateLimitsGuideTest.class, name));
        }
    }

    @Test
    void theTextsOfTheGuideAreLimits() {
        Documents.text("docs/rate-limits.md")
                .lines()
                .filter(line -> line.matches("\\| `(\\d|unlimited).*"))
                .map(line -> line.replaceAll("\\| `([^`]*)`.*", "$1"))
                .forEach(text -> assertThat(RateLimits.parse(text)).hasToString(text));
    }

    @Test
    void theGuardLimitsTenants() {
        // region guard
        RateLimitGuard guard = RateLimitGuard.builder()
                .defaultLimits(RateLimits.parse("600/1m burst 100, 100000/1d, 60/1m per subject"))
                .build();
        // endregion
        try (Admitted admitted = (Admitted) tenancy(guard).admit(request("/agents"))) {
            assertThat(admitted.headers().get("RateLimit"))
                    .contains("\"default-1m\";r=99;", "\"default-1d\";r=99999;", "\"default-1m-subject\";r=59;");
        }
    }

    @Test
    void aGuardWithANameLimitsWhatItCosts() {
        RateLimiter limiter = RateLimiter.inMemory();
        // region named
        RateLimitGuard chat = RateLimitGuard.builder()
                .limiter(limiter)
                .name("chat")
                .cost(request -> request.rawPath().equals("/chat") ? 1 : 0)
                .defaultLimit(RateLimit.of(20, Duration.ofMinutes(1)))
                .build();
        // endregion
        Tenancy tenancy = tenancy(chat);
        for (int i = 0; i < 20; i++) {
            assertThat(tenancy.admit(request("/chat"))).isInstanceOf(Admitted.class);
        }
        assertThat(tenancy.admit(request("/chat"))).isInstanceOf(Admission.Denied.class);
        assertThat(tenancy.admit(request("/agents"))).isInstanceOf(Admitted.class);
    }

    @Test
    void theLimiterAloneTellsHowLongToWait() {
        Map<TenantId, RateLimits> plans = Map.of(ACME, RateLimits.parse("1/1h"));
        // region limiter
        RateLimiter limiter = RateLimiter.builder().limits(plans::get).build();
        // endregion
        assertThat(ask(limiter, ACME)).isEqualTo("now");
        assertThat(ask(limiter, ACME)).matches("in 3\\d\\d\\d s");
    }

    private static String ask(RateLimiter limiter, TenantId tenant) {
        // region acquire
        long waitNanos = limiter.tryAcquire(tenant, 1);
        if (waitNanos > 0) {
            return "in " + Duration.ofNanos(waitNanos).toSeconds() + " s";
        }
        // endregion
        return "now";
    }

    @Test
    void replicasShareAServer() {
        try (TestRedis server = TestRedis.start()) {
            String uri = server.uri();
            RateLimitListener metrics = new RateLimitListener() {};
            // region valkey
            ValkeyBucketStore store = ValkeyBucketStore.builder()
                    .uri(uri)
                    .replicas(4)
                    .listener(metrics)
                    .build();
            RateLimiter shared =
                    RateLimiter.builder().store(store).listener(metrics).build();
            // endregion
            try (store) {
                assertThat(shared.tryAcquire(ACME, RateLimit.parse("1/1h"), 1)).isZero();
                assertThat(shared.tryAcquire(ACME, RateLimit.parse("1/1h"), 1)).isPositive();
            }
        }
    }

    private static Tenancy tenancy(RateLimitGuard guard) {
        return Tenancy.builder()
                .resolver(HeaderTenantResolver.of("X-Tenant"))
                .catalog(TenantCatalog.acceptingAny())
                .guard(guard)
                .build();
    }

    private static TenantRequest request(String path) {
        return TenantRequest.builder().target(path).header("X-Tenant", "acme").build();
    }
}
