package dev.tenancy.ratelimit.lettuce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenancy.TenantId;
import dev.tenancy.UnavailableException;
import dev.tenancy.ratelimit.Acquisition;
import dev.tenancy.ratelimit.BucketKey;
import dev.tenancy.ratelimit.RateLimitListener;
import dev.tenancy.ratelimit.RateLimiter;
import dev.tenancy.ratelimit.RateLimits;
import dev.tenancy.ratelimit.Standing;
import dev.tenancy.ratelimit.WhenAway;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What one of four replicas answers while the server is away. */
class SharesTest {
    private static final BucketKey ACME = BucketKey.of(TenantId.of("acme"));

    private final List<WhenAway> told = new ArrayList<>();
    private final Shares shares = new Shares(4, List.of(new Failing(), new Telling()));

    private static final class Failing implements RateLimitListener {
        @Override
        public void away(TenantId tenant, WhenAway answer) {
            throw new LinkageError("a listener that fails");
        }
    }

    private final class Telling implements RateLimitListener {
        @Override
        public void away(TenantId tenant, WhenAway answer) {
            told.add(answer);
        }
    }

    @Test
    void aPartIsGrantedAndGivenBack() {
        RateLimits limits = RateLimits.parse("43/1d burst 11 when away share");
        Acquisition first = granted(limits, 2);
        assertThat(first.standings()).extracting(Standing::remaining).containsExactly(0L);
        assertThat(answer(limits, 1).isGranted()).isFalse();
        assertThat(answer(limits, 3).waitNanos()).isEqualTo(RateLimiter.NEVER);
        shares.giveBack((Acquisition) first.receipt().orElseThrow());
        granted(limits, 2);

        assertThat(told).hasSize(4).containsOnly(WhenAway.SHARE);
    }

    @Test
    void whatTheServerGrantedHereIsOfThePart() {
        RateLimits limits = RateLimits.parse("8/1d when away share");
        shares.count(ACME, limits, 2);
        assertThat(answer(limits, 1).isGranted()).isFalse();
    }

    @Test
    void whatIsMoreThanThePartIsAllOfIt() {
        RateLimits limits = RateLimits.parse("8/1d when away share");
        shares.count(ACME, limits, 3);
        assertThat(answer(limits, 1).isGranted()).isFalse();
    }

    @Test
    void whatTheServerGrantedIsGrantedAlsoIfItCannotBeCounted() {
        RateLimits limits = RateLimits.parse("100/1d per subject when away share");
        for (int i = 0; i <= 100_000; i++) {
            shares.count(ACME.withSubject("u" + i), limits, 1);
        }
        assertThatThrownBy(() -> shares.answer(ACME.withSubject("u100000"), limits, 1, null))
                .as("there is no room for so many")
                .isInstanceOf(UnavailableException.class);
    }

    @Test
    void aPartThatComesBackMoreSlowlyThanTheWholeHasNoLargerBurstThanAPartMayHave() {
        RateLimits limits = RateLimits.parse("7/366d burst 349 when away share");
        assertThat(answer(limits, 50).isGranted()).isFalse();
        granted(limits, 49);
    }

    @Test
    void thePartsOfAllAreNoMoreThanTheWhole() {
        assertThat(answer(RateLimits.parse("3/1d when away share"), 1).waitNanos())
                .as("three for four of them")
                .isEqualTo(RateLimiter.NEVER);
        granted(RateLimits.parse("4/1d when away share"), 1);
        assertThat(answer(RateLimits.parse("3/1d burst 4 when away share"), 1).waitNanos())
                .as("of which none comes back")
                .isEqualTo(RateLimiter.NEVER);
    }

    @Test
    void aSubjectHasAPartOfItsOwn() {
        RateLimits limits = RateLimits.parse("4/1d per subject when away share");
        granted(ACME.withSubject("u1"), limits, 1);
        granted(ACME.withSubject("u2"), limits, 1);
        assertThat(shares.answer(ACME.withSubject("u1"), limits, 1, null).isGranted())
                .isFalse();
    }

    @Test
    void oneLimitThatDeniesDeniesAndOneThatAllowsDoesNotCount() {
        RateLimits denies = RateLimits.parse("4/1d when away share, 9/1h");
        assertThatThrownBy(() -> answer(denies, 1))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("acme/default");
        RateLimits shared = RateLimits.parse("8/1d when away share, 1/1h when away allow, unlimited");
        granted(shared, 2);
        assertThat(answer(shared, 1).isGranted()).isFalse();
        RateLimits allows = RateLimits.parse("1/1h when away allow");
        assertThat(granted(allows, 1).standings()).isEmpty();
        granted(allows, 1);

        assertThat(told).containsExactly(WhenAway.DENY, WhenAway.SHARE, WhenAway.SHARE, WhenAway.ALLOW, WhenAway.ALLOW);
    }

    private Acquisition answer(RateLimits limits, long permits) {
        return shares.answer(ACME, limits, permits, null);
    }

    private Acquisition granted(RateLimits limits, long permits) {
        return granted(ACME, limits, permits);
    }

    private Acquisition granted(BucketKey key, RateLimits limits, long permits) {
        Acquisition answer = shares.answer(key, limits, permits, null);
        assertThat(answer.isGranted()).isTrue();
        return answer;
    }
}
