package dev.tenancy.example.spring;

import com.zaxxer.hikari.HikariDataSource;
import dev.tenancy.Tenancy;
import dev.tenancy.TenancyConfig;
import dev.tenancy.TenantContext;
import dev.tenancy.TenantRequest;
import dev.tenancy.catalog.PropertiesTenantCatalog;
import dev.tenancy.example.notes.Feed;
import dev.tenancy.jdbc.TenantDataSource;
import dev.tenancy.ratelimit.Budget;
import dev.tenancy.ratelimit.BudgetGuard;
import dev.tenancy.ratelimit.BudgetPlan;
import dev.tenancy.ratelimit.Budgets;
import dev.tenancy.ratelimit.Expense;
import dev.tenancy.ratelimit.InMemoryBudgetLedger;
import dev.tenancy.ratelimit.RateLimit;
import dev.tenancy.ratelimit.RateLimitGuard;
import dev.tenancy.servlet.TenancyFilter;
import java.nio.file.Path;
import java.util.Optional;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.boot.jdbc.health.DataSourceHealthIndicator;
import org.springframework.boot.web.servlet.ServletContextInitializer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.env.Environment;
import org.springframework.core.task.TaskDecorator;

// region adapter
/** What makes it an application of many tenants: the whole adapter between the library and Spring Boot. */
@Configuration(proxyBeanMethods = false)
class TenancyConfiguration {
    static final Budget BUDGET = Budget.parse("1000000/1d");

    @Bean
    @ConfigurationProperties("spring.datasource.hikari")
    HikariDataSource pool(DataSourceProperties properties) {
        return properties
                .initializeDataSourceBuilder()
                .type(HikariDataSource.class)
                .build();
    }

    /** What everybody gets who asks for a data source. */
    @Bean
    @Primary
    TenantDataSource dataSource(HikariDataSource pool) {
        return TenantDataSource.wrap(pool);
    }

    /** Health is asked for by nobody's request, and so without a tenant. */
    @Bean
    HealthContributor dbHealthContributor(TenantDataSource source) {
        return new DataSourceHealthIndicator(source.withoutTenant());
    }

    /** Asynchronous work runs as whoever asks for it. */
    @Bean
    TaskDecorator carriesTheTenant() {
        return task -> TenantContext.wrap(task);
    }

    @Bean
    Budgets budgets() {
        return Budgets.in(InMemoryBudgetLedger.create());
    }

    @Bean
    Tenancy tenancy(Environment environment, Budgets budgets, @Value("${NOTES_TENANTS}") Path tenants) {
        TenancyConfig config = TenancyConfig.builder()
                .lookup("Spring environment", key -> Optional.ofNullable(environment.getProperty(key)))
                .build();
        return Tenancy.load(config)
                .catalog(PropertiesTenantCatalog.of(tenants))
                .guard(RateLimitGuard.builder()
                        .defaultLimit(RateLimit.parse("100000/1m"))
                        .build())
                .guard(BudgetGuard.of(budgets, TenancyConfiguration::expense).withDefault(BudgetPlan.of(BUDGET)))
                .build();
    }

    private static Optional<Expense> expense(TenantRequest request) {
        return request.rawPath().equals("/stream") ? Optional.of(Expense.of(Feed.MOST)) : Optional.empty();
    }

    /** All but the Actuator's paths. */
    @Bean
    ServletContextInitializer filter(Tenancy tenancy) {
        return context ->
                TenancyFilter.of(tenancy).register(context, "/notes/*", "/slow-notes", "/stream", "/spent", "/counted");
    }
}
// endregion
