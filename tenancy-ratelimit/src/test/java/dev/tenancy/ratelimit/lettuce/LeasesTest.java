package dev.tenancy.ratelimit.lettuce;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.TenantId;
import dev.tenancy.ratelimit.BucketKey;
import dev.tenancy.ratelimit.RateLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Each permit that was taken is granted, or given back, or forgotten on the safe side; and never two of these. */
class LeasesTest {
    private static final long A_SECOND = Duration.ofSeconds(1).toNanos();
    private static final Spec SPEC = new Spec.Cache().of(RateLimits.parse("10/1d"));
    private static final Target ACME = target("acme");

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - A_SECOND / 2);
    private final List<Long> givenBack = new ArrayList<>();
    private final Leases leases = new Leases(5, Duration.ofSeconds(1), now::get, rest -> givenBack.add(rest.permits()));

    @Test
    void whatIsLeasedIsGrantedOnce() {
        assertThat(leases.grant(ACME, 1)).isFalse();
        leases.keep(taken(ACME, 5));
        assertThat(leases.grant(target("globex"), 1)).isFalse();
        assertThat(leases.grant(ACME, 3)).isTrue();
        assertThat(leases.grant(ACME, 3)).isFalse();
        assertThat(leases.grant(ACME, 2)).isTrue();
        assertThat(leases.grant(ACME, 1)).isFalse();
        leases.endAll();
        assertThat(givenBack).isEmpty();
    }

    @Test
    void whatIsLeftIsGivenBackWhenTheLeaseIsOver() {
        leases.keep(taken(ACME, 5));
        now.addAndGet(A_SECOND - 1);
        assertThat(leases.grant(ACME, 1)).isTrue();
        now.addAndGet(1);
        assertThat(leases.grant(ACME, 1)).isFalse();
        assertThat(givenBack).containsExactly(4L);
        assertThat(leases.grant(ACME, 1)).isFalse();
        leases.endAll();
        assertThat(givenBack).containsExactly(4L);
    }

    @Test
    void anotherLeaseIsAddedAndLastsAnew() {
        leases.keep(taken(ACME, 2));
        now.addAndGet(A_SECOND - 1);
        leases.keep(taken(ACME, 5));
        now.addAndGet(A_SECOND - 1);
        assertThat(leases.grant(ACME, 6)).isTrue();
        leases.endAll();
        assertThat(givenBack).containsExactly(1L);
    }

    @Test
    void whatWasNotUsedIsThereAgainWhileTheLeaseLasts() {
        leases.restore(ACME, 1);
        leases.keep(taken(ACME, 5));
        assertThat(leases.grant(ACME, 5)).isTrue();
        now.addAndGet(A_SECOND - 1);
        leases.restore(ACME, 2);
        assertThat(leases.grant(ACME, 2)).isTrue();
        assertThat(leases.grant(ACME, 1)).isFalse();
        now.addAndGet(1);
        leases.restore(ACME, 2);
        assertThat(leases.grant(ACME, 1)).isFalse();
        assertThat(givenBack).isEmpty();
    }

    @Test
    void everythingIsGivenBackAtTheEnd() {
        leases.keep(taken(ACME, 5));
        leases.keep(taken(target("globex"), 3));
        leases.endAll();
        assertThat(givenBack).containsExactlyInAnyOrder(5L, 3L);
        leases.endAll();
        assertThat(givenBack).hasSize(2);
    }

    @Test
    void whatIsOverIsGivenBackThoughNobodyAsksForItAgain() {
        leases.keep(taken(ACME, 5));
        now.addAndGet(A_SECOND - 1);
        leases.keep(taken(target("globex"), 3));
        leases.endThoseThatAreOver();
        assertThat(givenBack).isEmpty();
        now.addAndGet(1);
        leases.endThoseThatAreOver();
        assertThat(givenBack).containsExactly(5L);
        assertThat(leases.grant(target("globex"), 3)).isTrue();
    }

    @Test
    void nothingIsLeasedOfWhatAllSubjectsShare() {
        Spec both = new Spec.Cache().of(RateLimits.parse("10/1d, 5/1d per subject"));
        Spec each = new Spec.Cache().of(RateLimits.parse("5/1d per subject"));
        BucketKey u1 = BucketKey.of(TenantId.of("acme")).withSubject("u1");
        assertThat(leases.besides(Target.of(u1, both))).isZero();
        assertThat(leases.besides(Target.of(u1, each))).isEqualTo(5);
        assertThat(leases.besides(Target.of(u1, SPEC))).isEqualTo(5);
    }

    @Test
    void aHundredThousandHaveLeasesAndNobodyElse() {
        for (int i = 0; i < 100_000; i++) {
            assertThat(leases.besides(ACME)).isEqualTo(5);
            leases.keep(taken(target("t" + i), 1));
        }
        assertThat(leases.besides(ACME)).isZero();
    }

    @Test
    void whoLeasesNothingTakesNothingBesides() {
        Leases none = new Leases(0, Duration.ofSeconds(1), now::get, rest -> givenBack.add(rest.permits()));
        assertThat(none.besides(ACME)).isZero();
        assertThat(none.grant(ACME, 1)).isFalse();
    }

    private static Target target(String tenant) {
        return new Target(BucketKey.of(TenantId.of(tenant)), SPEC);
    }

    private static Taken taken(Target target, long permits) {
        return new Taken(target, permits, 0, 0, new long[1], new long[1]);
    }
}
