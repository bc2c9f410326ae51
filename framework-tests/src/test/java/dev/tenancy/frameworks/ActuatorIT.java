package dev.tenancy.frameworks;

import static dev.tenancy.frameworks.Tenants.A;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.tenancy.TenantContext;
import dev.tenancy.jdbc.TenantDataSource;
import dev.tenancy.testservers.CuttableProxy;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.jdbc.autoconfigure.health.DataSourceHealthContributorAutoConfiguration;
import org.springframework.boot.jdbc.health.DataSourceHealthIndicator;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/** The health of the database is that of the connection of nobody, whoever asks. */
class ActuatorIT extends FrameworkIT {

    ActuatorIT(Setup setup) {
        super(setup);
    }

    @Test
    void withoutTenantIsUpWhoeverAsks() {
        DataSourceHealthIndicator byValidity = new DataSourceHealthIndicator(source.withoutTenant());
        DataSourceHealthIndicator byQuery =
                new DataSourceHealthIndicator(source.withoutTenant(), "SELECT count(*) FROM projects");

        assertUp(byValidity.health());
        assertUp(TenantContext.call(A, byValidity::health));
        assertUp(TenantContext.callAsSystem("a probe", byValidity::health));
        Health counted = TenantContext.call(A, byQuery::health);
        assertUp(counted);
        assertThat(counted.getDetails()).as("rows that the probe sees").containsEntry("result", 0L);
    }

    @Test
    void theTenantDataSourceItselfIsUpForATenantOnly() {
        DataSourceHealthIndicator ofTenants = new DataSourceHealthIndicator(source);

        assertUp(TenantContext.call(A, ofTenants::health));
        assertThat(ofTenants.health().getStatus()).isEqualTo(Status.DOWN);
    }

    @Test
    void anOutageIsDownAndItsEndIsUp() {
        try (CuttableProxy proxy = database.proxy();
                HikariDataSource throughProxy = database.poolOfOneThrough(proxy, setup.autoCommit())) {
            throughProxy.setConnectionTimeout(500);
            DataSourceHealthIndicator indicator = new DataSourceHealthIndicator(
                    TenantDataSource.wrap(throughProxy, setup.binding()).withoutTenant());
            assertUp(indicator.health());

            proxy.cut();
            assertThat(indicator.health().getStatus()).isEqualTo(Status.DOWN);

            proxy.restore();
            throughProxy.setConnectionTimeout(10_000);
            assertUp(indicator.health());
        }
    }

    @Test
    void aBeanOfThatNameTakesThePlaceOfWhatSpringBootWouldConfigure() {
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            context.registerBean("pool", DataSource.class, () -> pool, ActuatorIT::closedByTheTest);
            context.registerBean("source", DataSource.class, () -> source, ActuatorIT::closedByTheTest);
            context.registerBean(
                    "dbHealthContributor",
                    HealthContributor.class,
                    () -> new DataSourceHealthIndicator(source.withoutTenant()));
            context.register(DataSourceHealthContributorAutoConfiguration.class);
            context.refresh();

            assertThat(context.getBeansOfType(HealthContributor.class)).containsOnlyKeys("dbHealthContributor");
            assertUp(context.getBean(DataSourceHealthIndicator.class).health());
        }
    }

    private static void closedByTheTest(BeanDefinition bean) {
        bean.setDestroyMethodName("");
    }

    private static void assertUp(Health health) {
        assertThat(health.getStatus()).as("%s", health).isEqualTo(Status.UP);
        assertThat(health.getDetails()).containsEntry("database", "PostgreSQL");
    }
}
