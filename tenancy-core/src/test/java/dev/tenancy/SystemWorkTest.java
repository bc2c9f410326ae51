package dev.tenancy;

import static dev.tenancy.Identities.A;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class SystemWorkTest {
    @AfterEach
    void thisThreadIsClean() {
        assertThat(TenantContext.current()).isEmpty();
        assertThat(TenantContext.systemReason()).isEmpty();
    }

    @Test
    void theSystemIsNoTenantAndNotNobody() {
        TenantContext.run(A, () -> {
            String result = TenantContext.callAsSystem("monthly bill", () -> {
                assertThat(TenantContext.current()).isEmpty();
                assertThat(TenantContext.systemReason()).contains("monthly bill");
                assertThat(MDC.get("tenant_id")).isNull();
                assertThatThrownBy(TenantContext::require)
                        .isInstanceOf(NoTenantException.class)
                        .hasMessageContaining("works for the system");
                return "billed";
            });

            assertThat(result).isEqualTo("billed");
            assertThat(TenantContext.require()).isSameAs(A);
            assertThat(TenantContext.systemReason()).isEmpty();
        });
        assertThatThrownBy(TenantContext::require).hasMessageContaining("works for nobody");
    }

    @Test
    void itIsWrittenToTheSecurityLogWhoBeganItAndWhyOnOneLine() {
        try (CapturedLog log = CapturedLog.ofSecurity()) {
            TenantContext.run(A, () -> TenantContext.callAsSystem("clean\n\u009bup", () -> "done"));

            assertThat(log.messages()).containsExactly("work as the system, begun as " + A + ": clean??up");
        }
    }

    @Test
    void aReasonIsNeeded() {
        for (String blank : new String[] {"", " \t"}) {
            assertThatThrownBy(() -> TenantContext.callAsSystem(blank, () -> {
                        throw new AssertionError("not reached");
                    }))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("reason");
        }
    }

    @Test
    void itIsCarriedLikeATenantAndEndsWithAFailure() throws Exception {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        Supplier<Optional<String>> reason = TenantContext::systemReason;

        Callable<Optional<String>> carried = TenantContext.callAsSystem(
                "report", () -> TenantContext.wrap((Callable<Optional<String>>) reason::get));

        assertThat(pool.submit(carried).get()).contains("report");
        assertThat(pool.submit(reason::get).get()).isEmpty();
        assertThatThrownBy(() -> TenantContext.callAsSystem("report", () -> {
                    throw new IllegalStateException("expected");
                }))
                .hasMessage("expected");
        pool.shutdown();
    }

    @Test
    void aTenantInsideOfItIsATenant() {
        TenantContext.callAsSystem("report", () -> {
            TenantContext.run(A, () -> {
                assertThat(TenantContext.require()).isSameAs(A);
                assertThat(TenantContext.systemReason()).isEmpty();
            });
            assertThat(TenantContext.systemReason()).contains("report");
            return "done";
        });
    }
}
