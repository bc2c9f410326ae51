package dev.tenancy.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.Tenancy;
import dev.tenancy.TenantCatalog;
import dev.tenancy.TenantContext;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.TenantRequest;
import dev.tenancy.resolver.HeaderTenantResolver;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The code in docs/other-threads.md, run. */
class OtherThreadsTest {
    private static final TenantIdentity ACME = TenantIdentity.of(TenantId.of("acme"), "test");
    private static final TenantIdentity GLOBEX = TenantIdentity.of(TenantId.of("globex"), "test");

    @Test
    void whatTheGuideSaysIsWhatIsRunHere() {
        for (String name : List.of("executor", "future", "function", "async", "system")) {
            assertThat(Documents.text("docs/other-threads.md"))
                    .contains(Documents.region(OtherThreadsTest.class, name));
        }
    }

    @Test
    void anExecutorCarriesTheTenant() throws Exception {
        // region executor
        ExecutorService workers = TenantContext.wrap(Executors.newFixedThreadPool(8));
        // endregion
        Callable<TenantIdentity> who = TenantContext::require;

        assertThat(TenantContext.call(ACME, () -> workers.submit(who)).get()).isEqualTo(ACME);
        workers.shutdown();
    }

    @Test
    void aDependentRunsAsWhoeverRegistersIt() {
        CompletableFuture<String> future = new CompletableFuture<>();
        CompletableFuture<String> greeting = TenantContext.call(GLOBEX, () -> greeting(future));

        TenantContext.run(ACME, () -> future.complete("hello"));

        assertThat(greeting.join()).isEqualTo("hello for globex");
    }

    private static CompletableFuture<String> greeting(CompletionStage<String> sharedFuture) {
        // region future
        CompletableFuture<String> greeting = TenantContext.wrap(sharedFuture)
                .thenApply(name -> name + " for " + TenantContext.require().tenantId());
        // endregion
        return greeting;
    }

    @Test
    void aFunctionIsCarriedIntoAParallelStream() {
        assertThat(TenantContext.call(ACME, OtherThreadsTest::names)).containsExactly("a of acme", "b of acme");
    }

    private static List<String> names() {
        // region function
        Function<String, String> shout =
                name -> name + " of " + TenantContext.require().tenantId();
        List<String> names =
                Stream.of("a", "b").parallel().map(TenantContext.wrap(shout)).toList();
        // endregion
        return names;
    }

    @Test
    void anAsynchronousHandlerIsHandled() {
        Tenancy tenancy = Tenancy.builder()
                .resolver(HeaderTenantResolver.of("X-Tenant"))
                .catalog(TenantCatalog.acceptingAny())
                .build();

        assertThat(handled(
                                tenancy,
                                TenantRequest.builder()
                                        .header("X-Tenant", "acme")
                                        .build())
                        .join())
                .isEqualTo("report for acme");
        assertThat(handled(tenancy, TenantRequest.builder().build()).join()).isEqualTo("No credential");
    }

    private static CompletableFuture<String> handled(Tenancy tenancy, TenantRequest request) {
        // region async
        return tenancy.handleAsync(request, admitted -> reportFor(admitted.identity()), problem -> problem.title());
        // endregion
    }

    private static CompletionStage<String> reportFor(TenantIdentity identity) {
        return CompletableFuture.supplyAsync(() -> "report for " + identity.tenantId());
    }

    @Test
    void theSystemWorksAcrossTenants() {
        // region system
        int tenants = TenantContext.callAsSystem("monthly bill", () -> billEveryTenant());
        // endregion
        assertThat(tenants).isEqualTo(2);
    }

    private static int billEveryTenant() {
        assertThat(TenantContext.current()).isEmpty();
        assertThat(TenantContext.systemReason()).contains("monthly bill");
        return 2;
    }
}
