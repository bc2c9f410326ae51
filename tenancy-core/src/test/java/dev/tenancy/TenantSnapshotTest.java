package dev.tenancy;

import static dev.tenancy.Identities.A;
import static dev.tenancy.Identities.B;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TenantSnapshotTest {

    @AfterEach
    void thisThreadIsClean() {
        assertThat(TenantContext.current()).isEmpty();
    }

    @Test
    void whatIsCapturedIsCurrentWhereItIsOpened() {
        TenantSnapshot ofA = TenantContext.call(A, TenantSnapshot::capture);
        assertThat(ofA.identity()).containsSame(A);

        CompletableFuture.runAsync(() -> {
                    try (TenantContext.Scope scope = ofA.open()) {
                        assertThat(TenantContext.require()).isSameAs(A);
                    }
                    assertThat(TenantContext.current()).isEmpty();
                })
                .join();
    }

    @Test
    void aSnapshotOfNobodyOpensNobody() {
        TenantSnapshot captured = TenantSnapshot.capture();

        try (TenantContext.Scope outer = TenantContext.open(A)) {
            try (TenantContext.Scope scope = captured.open()) {
                assertThat(TenantContext.current()).isEmpty();
            }
            try (TenantContext.Scope scope = TenantSnapshot.nobody().open()) {
                assertThat(TenantContext.current()).isEmpty();
            }
            try (TenantContext.Scope scope = TenantSnapshot.of(B).open()) {
                assertThat(TenantContext.require()).isSameAs(B);
            }
            assertThat(TenantContext.require()).isSameAs(A);
        }
    }

    @Test
    void theSystemIsCapturedWithItsReason() {
        TenantSnapshot ofSystem = TenantContext.callAsSystem("a test", TenantSnapshot::capture);
        assertThat(ofSystem.identity()).isEmpty();
        assertThat(TenantContext.systemReason()).isEmpty();

        try (TenantContext.Scope scope = ofSystem.open()) {
            assertThat(TenantContext.systemReason()).contains("a test");
        }
    }

    @Test
    void itSaysWhomItIs() {
        assertThat(TenantSnapshot.of(A).toString()).contains("tenant-a");
        assertThat(TenantSnapshot.nobody()).hasToString("nobody");
    }
}
