package dev.tenancy.example.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.Problem;
import dev.tenancy.TenantContext;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.jdbc.TenantDataSource;
import dev.tenancy.testservers.TestPostgres;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

class RefusalsIT {
    private static final TenantIdentity ACME = TenantIdentity.of(TenantId.of("acme"), "test");
    private static final TenantIdentity GLOBEX = TenantIdentity.of(TenantId.of("globex"), "test");

    @Test
    void aFloodOfRefusalsIsAFewRowsOfItsOwnTenant() throws SQLException {
        TestPostgres.Database given = TestPostgres.newDatabase();
        Settings.DatabaseUrls urls = new Settings.DatabaseUrls(given.appUrl(), given.ownerUrl());
        try (Database database = Database.open(Optional.of(urls), new Metrics());
                TenantDataSource source = database.pool("test", 2)) {
            Jdbi jdbi = Jdbi.create(source);
            try (Refusals refusals = new Refusals(new AuditTrail(jdbi, (tenant, id) -> {}))) {
                for (int i = 0; i < 10_000; i++) {
                    refusals.refused(ACME, Problem.suspended());
                }
                refusals.refused(GLOBEX, Problem.suspended());
            }

            assertThat(timesOf(jdbi, ACME))
                    .hasSizeLessThan(100)
                    .satisfies(times -> assertThat(
                                    times.stream().mapToLong(Long::longValue).sum())
                            .isEqualTo(10_000));
            assertThat(timesOf(jdbi, GLOBEX)).containsExactly(1L);
        }
    }

    private static List<Long> timesOf(Jdbi jdbi, TenantIdentity identity) {
        return TenantContext.call(
                identity,
                () -> jdbi.withHandle(handle -> handle.createQuery(
                                "SELECT times FROM audit_records WHERE action = 'refused' AND target = 'suspended'")
                        .mapTo(Long.class)
                        .list()));
    }
}
