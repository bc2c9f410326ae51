package dev.tenancy.example.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.Guard;
import dev.tenancy.GuardedRequest;
import dev.tenancy.Tenant;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.TenantRequest;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class WorkTest {
    private static final TenantId ACME = TenantId.of("acme");
    private static final TenantId GLOBEX = TenantId.of("globex");
    private static final Duration LONG = Duration.ofMinutes(1);

    private final Work work = new Work();

    private Guard.Decision check(TenantId tenant) {
        return work.check(new GuardedRequest(
                TenantRequest.builder().build(),
                TenantIdentity.of(tenant, "test"),
                Tenant.builder(tenant).build()));
    }

    @Test
    void whatIsUnderWayIsWaitedForHoweverItEnds() throws InterruptedException {
        Guard.Passed answered = (Guard.Passed) check(ACME);
        Guard.Passed denied = (Guard.Passed) check(ACME);
        assertThat(work.awaitEnd(ACME, Duration.ZERO)).isFalse();
        assertThat(work.awaitEnd(GLOBEX, LONG)).isTrue();

        answered.finished(false);
        assertThat(work.awaitEnd(ACME, Duration.ZERO)).isFalse();
        denied.undo();

        assertThat(work.awaitEnd(ACME, LONG)).isTrue();
    }

    @Test
    void nothingOfATenantThatIsStoppedBegins() {
        assertThat(work.stop(ACME)).isTrue();
        assertThat(work.stop(ACME)).as("one at a time").isFalse();

        assertThat(check(ACME)).isInstanceOf(Guard.Denied.class);
        assertThat(work.begin(ACME)).isFalse();
        assertThat(check(GLOBEX)).isInstanceOf(Guard.Passed.class);
        work.allow(ACME);
        assertThat(check(ACME)).isInstanceOf(Guard.Passed.class);
    }

    @Test
    void whoWaitsIsToldOfTheEnd() throws InterruptedException {
        Guard.Passed request = (Guard.Passed) check(ACME);
        Thread other = new Thread(() -> request.finished(true));
        other.start();

        assertThat(work.awaitEnd(ACME, LONG)).isTrue();
        other.join();
    }
}
