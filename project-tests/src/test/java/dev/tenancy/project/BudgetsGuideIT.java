package dev.tenancy.project;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.tenancy.Admission;
import dev.tenancy.Admitted;
import dev.tenancy.Tenancy;
import dev.tenancy.TenantCatalog;
import dev.tenancy.TenantContext;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.TenantRequest;
import dev.tenancy.jdbc.RowLevelSecurity;
import dev.tenancy.jdbc.TenantDataSource;
import dev.tenancy.ratelimit.Budget;
import dev.tenancy.ratelimit.BudgetGuard;
import dev.tenancy.ratelimit.BudgetListener;
import dev.tenancy.ratelimit.BudgetPlan;
import dev.tenancy.ratelimit.Budgets;
import dev.tenancy.ratelimit.Expense;
import dev.tenancy.ratelimit.InMemoryBudgetLedger;
import dev.tenancy.ratelimit.PostgresBudgetLedger;
import dev.tenancy.ratelimit.Reservation;
import dev.tenancy.ratelimit.WhenExpired;
import dev.tenancy.resolver.HeaderTenantResolver;
import dev.tenancy.testservers.TestPostgres;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The code in docs/budgets.md, run. */
class BudgetsGuideIT {
    private static final TenantIdentity ACME = TenantIdentity.of(TenantId.of("acme"), "test");

    @Test
    void whatTheGuideSaysIsWhatIsRunHere() {
        for (String name : List.of("guard", "handler", "alone", "protect")) {
            assertThat(Documents.text("docs/budgets.md")).contains(Documents.region(BudgetsGuideIT.class, name));
        }
    }

    @Test
    void theTextsOfTheGuideAreBudgets() {
        assertThat(Documents.text("docs/budgets.md")
                        .lines()
                        .filter(line -> line.matches("\\| `(\\d|unlimited).*"))
                        .map(line -> line.replaceAll("\\| `([^`]*)`.*", "$1"))
                        .toList())
                .hasSizeGreaterThan(7)
                .allSatisfy(text -> assertThat(Budget.parse(text)).hasToString(text));
    }

    @Test
    void theGuardReservesAndTheHandlerSettles() {
        Budgets budgets = Budgets.in(InMemoryBudgetLedger.create());
        Model model = () -> new Answer(300);
        // region guard
        BudgetGuard guard = BudgetGuard.of(
                        budgets,
                        request -> request.attribute(Call.class)
                                .map(call -> Expense.of(call.mostMicros())
                                        .named(call.model())
                                        .tagged(call.feature())))
                .withDefault(BudgetPlan.parse("1000000/1d warn 80%, 200000/1d per subject, 5000000/1mo of large"));
        // endregion
        Tenancy tenancy = Tenancy.builder()
                .resolver(HeaderTenantResolver.of("X-Tenant"))
                .catalog(TenantCatalog.acceptingAny())
                .guard(guard)
                .build();
        try (Admitted admitted = (Admitted) tenancy.admit(request(1_000))) {
            // region handler
            Reservation reservation = admitted.attachment(Reservation.class).orElseThrow();
            Answer answer = model.ask();
            reservation.settle(answer.costMicros());
            // endregion
        }
        TenantContext.run(
                ACME,
                () -> assertThat(budgets.usageByTag(Budget.parse("1000000/1d"))).containsEntry("summary", 300L));
        assertThat(tenancy.admit(request(200_001))).isInstanceOf(Admission.Denied.class);
    }

    @Test
    void budgetsAloneAreKeptInPostgres() throws Exception {
        TestPostgres.Database database = TestPostgres.newDatabase();
        database.asOwner(PostgresBudgetLedger.ddl());
        String role = database.app();
        try (Connection owner = database.ownerConnection()) {
            // region protect
            RowLevelSecurity.table("tenancy_budget")
                    .key("budget", "subject", "period")
                    .grantTo(role)
                    .build()
                    .apply(owner);
            RowLevelSecurity.table("tenancy_budget_reservation")
                    .key("id")
                    .grantTo(role)
                    .build()
                    .apply(owner);
            // endregion
        }
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(database.appUrl());
        config.setMaximumPoolSize(2);
        BudgetPlan plan = BudgetPlan.parse("1000/total");
        BudgetListener metrics = new BudgetListener() {};
        try (TenantDataSource source = TenantDataSource.wrap(new HikariDataSource(config));
                TenantContext.Scope acme = TenantContext.open(ACME)) {
            assertThat(acme).isNotNull();
            // region alone
            Budgets budgets = Budgets.builder(PostgresBudgetLedger.on(source))
                    .lease(Duration.ofMinutes(2))
                    .whenExpired(WhenExpired.CHARGE)
                    .listener(metrics)
                    .build();
            Reservation reservation = budgets.reserve(plan, Expense.of(1_000).withKey("job-17"));
            reservation.extend();
            reservation.settle(640);
            // endregion
            assertThat(budgets.usage(plan.all().get(0)).left()).isEqualTo(360);
        }
    }

    private static TenantRequest request(long micros) {
        return TenantRequest.builder()
                .header("X-Tenant", "acme")
                .attribute(Call.class, new Call(micros, "large", "summary"))
                .build();
    }

    private record Call(long mostMicros, String model, String feature) {}

    private record Answer(long costMicros) {}

    private interface Model {
        Answer ask();
    }
}
