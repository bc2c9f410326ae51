package dev.tenancy.example.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.Problem;
import dev.tenancy.Tenant;
import dev.tenancy.TenantCatalog;
import dev.tenancy.TenantContext;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.jdbc.TenantDataSource;
import dev.tenancy.testservers.TestPostgres;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RefusalsIT {
    private static final TenantIdentity ACME = TenantIdentity.of(TenantId.of("acme"), "test");
    private static final TenantIdentity GLOBEX = TenantIdentity.of(TenantId.of("globex"), "test");

    private Database database;
    private TenantDataSource source;
    private Jdbi jdbi;
    private final Work work = new Work();

    @BeforeEach
    void open() throws SQLException {
        TestPostgres.Database given = TestPostgres.newDatabase();
        Settings.DatabaseUrls urls = new Settings.DatabaseUrls(given.appUrl(), given.ownerUrl());
        database = Database.open(Optional.of(urls), new Metrics());
        source = database.pool("test", 2);
        jdbi = Jdbi.create(source);
    }

    @AfterEach
    void close() throws SQLException {
        source.close();
        database.close();
    }

    private Refusals refusals(TenantCatalog catalog) {
        return new Refusals(new AuditTrail(jdbi, (tenant, id) -> {}), catalog, work);
    }

    @Test
    void aFloodOfRefusalsIsAFewRowsOfItsOwnTenant() {
        try (Refusals refusals = refusals(TenantCatalog.acceptingAny())) {
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

    @Test
    void thoseOfATenantThatIsGoneAreNotRecorded() {
        TenantCatalog withoutAcme = id -> id.equals(ACME.tenantId())
                ? Optional.empty()
                : Optional.of(Tenant.builder(id).build());
        try (Refusals refusals = refusals(withoutAcme)) {
            refusals.refused(ACME, Problem.suspended());
            refusals.refused(GLOBEX, Problem.suspended());
        }

        assertThat(timesOf(jdbi, ACME)).isEmpty();
        assertThat(timesOf(jdbi, GLOBEX)).containsExactly(1L);
    }

    @Test
    void thoseOfATenantThatIsGoingAreNotRecorded() {
        work.stop(ACME.tenantId());
        try (Refusals refusals = refusals(TenantCatalog.acceptingAny())) {
            refusals.refused(ACME, Problem.suspended());
            refusals.refused(GLOBEX, Problem.suspended());
        }

        assertThat(timesOf(jdbi, ACME)).isEmpty();
        assertThat(timesOf(jdbi, GLOBEX)).containsExactly(1L);
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
