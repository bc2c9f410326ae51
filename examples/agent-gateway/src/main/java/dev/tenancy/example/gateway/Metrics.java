package dev.tenancy.example.gateway;

import dev.tenancy.TenancyListener;
import dev.tenancy.jdbc.TenantDataSourceListener;
import dev.tenancy.jdbc.micrometer.DataSourceMetrics;
import dev.tenancy.micrometer.TenancyMetrics;
import dev.tenancy.ratelimit.BudgetListener;
import dev.tenancy.ratelimit.RateLimitListener;
import dev.tenancy.ratelimit.micrometer.BudgetMetrics;
import dev.tenancy.ratelimit.micrometer.RateLimitMetrics;
import io.javalin.config.RoutesConfig;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

/** What the operator's Prometheus reads; it names no tenant, so it is as open as {@link Health}. */
final class Metrics implements AutoCloseable {
    /** Version 0.0.4 of the text format, which every Prometheus reads. */
    private static final String TEXT_FORMAT = "text/plain; version=0.0.4; charset=utf-8";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final TenancyListener ofRequests = TenancyMetrics.of(registry);
    private final RateLimitListener ofLimits = RateLimitMetrics.of(registry);
    private final BudgetListener ofBudgets = BudgetMetrics.of(registry);

    void addTo(RoutesConfig routes) {
        routes.get("/metrics", ctx -> ctx.contentType(TEXT_FORMAT).result(registry.scrape(TEXT_FORMAT)));
    }

    /** Counts the requests that are admitted, refused and finished. */
    TenancyListener ofRequests() {
        return ofRequests;
    }

    /** Counts the decisions on limits, and those that are made while the server that counts is away. */
    RateLimitListener ofLimits() {
        return ofLimits;
    }

    /** Counts reservations, and what is spent, in millionths of a dollar. */
    BudgetListener ofBudgets() {
        return ofBudgets;
    }

    /** Times how long is waited for connections, by what they are for. */
    TenantDataSourceListener ofConnections(String use) {
        return DataSourceMetrics.of(registry, use);
    }

    @Override
    public void close() {
        registry.close();
    }
}
