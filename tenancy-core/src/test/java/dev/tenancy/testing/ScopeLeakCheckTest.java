package dev.tenancy.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.tenancy.TenantContext;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Tests are run within this one, since some of them must fail. */
class ScopeLeakCheckTest {
    private static final TenantIdentity ACME = TenantIdentity.of(TenantId.of("acme"), "test");

    @Test
    void whoClosesScopesPasses() {
        TestExecutionSummary summary = run(Tidy.class);

        assertThat(summary.getTestsSucceededCount()).isEqualTo(2);
        assertThat(summary.getFailures()).isEmpty();
    }

    @Test
    void whoLeavesOneOpenFailsAndIsToldWhere() {
        Throwable failure = failureOf(Untidy.class);

        assertThat(failure).isInstanceOf(AssertionError.class).hasMessageContaining("acme");
        assertThat(failure.getSuppressed()[0].getStackTrace())
                .anyMatch(frame -> frame.getMethodName().equals("leavesOneOpen"));
        assertThat(TenantContext.current()).isEmpty();
    }

    @Test
    void whoLeavesOneOpenOnAnotherThreadFailsToo() {
        assertThat(failureOf(UntidyElsewhere.class))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("on thread elsewhere");
    }

    private static Throwable failureOf(Class<?> test) {
        List<TestExecutionSummary.Failure> failures = run(test).getFailures();
        assertThat(failures).hasSize(1);
        return failures.get(0).getException();
    }

    private static TestExecutionSummary run(Class<?> test) {
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectClass(test))
                                .build(),
                        listener);
        return listener.getSummary();
    }

    @ExtendWith(ScopeLeakCheck.class)
    static class Tidy {
        private static TenantContext.Scope ofTheClass;

        @BeforeAll
        static void open() {
            ofTheClass = TenantContext.open(ACME);
        }

        @AfterAll
        static void close() {
            ofTheClass.close();
        }

        @Test
        void closesWhatItOpens() {
            try (TenantContext.Scope scope = TenantContext.open(ACME)) {
                assertThat(TenantContext.current()).contains(ACME);
            }
        }

        /** Its thread goes on a little longer than the test. */
        @Test
        void isNotBlamedForWorkThatIsAboutToEnd() throws InterruptedException {
            CountDownLatch opened = new CountDownLatch(1);
            new Thread(() -> TenantContext.run(ACME, opened::countDown)).start();
            opened.await();
        }
    }

    @ExtendWith(ScopeLeakCheck.class)
    static class Untidy {
        private static final List<TenantContext.Scope> LEFT = new ArrayList<>();

        @Test
        void leavesOneOpen() {
            LEFT.add(TenantContext.open(ACME));
        }

        @AfterAll
        static void mend() {
            LEFT.forEach(TenantContext.Scope::close);
        }
    }

    @ExtendWith(ScopeLeakCheck.class)
    static class UntidyElsewhere {
        @Test
        void leavesOneOpen() throws InterruptedException {
            Thread thread = new Thread(() -> TenantContext.open(ACME), "elsewhere");
            thread.start();
            thread.join();
        }
    }
}
