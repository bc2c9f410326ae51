package dev.tenancy.frameworks;

import static dev.tenancy.frameworks.Hibernate.names;
import static dev.tenancy.frameworks.Tenants.A;
import static dev.tenancy.frameworks.Tenants.B;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.TenantContext;
import dev.tenancy.TenantIdentity;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import org.hibernate.Session;
import org.hibernate.SessionFactory;
import org.hibernate.cfg.AvailableSettings;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.jpa.HibernatePersistenceConfiguration;
import org.hibernate.resource.jdbc.spi.PhysicalConnectionHandlingMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How Hibernate starts where no tenant is current, and keeps its sessions and caches apart by tenant. */
class HibernateTenantsIT extends FrameworkIT {

    HibernateTenantsIT(Setup setup) {
        super(setup);
    }

    @Test
    void itStartsOnMetadataThatNeedNoTenant() throws SQLException {
        try (SessionFactory factory = Hibernate.aware(source, setup).createEntityManagerFactory()) {
            assertThat(factory.unwrap(SessionFactoryImplementor.class)
                            .getJdbcServices()
                            .getDialect()
                            .getVersion()
                            .getMajor())
                    .isEqualTo(database.majorVersion());
            writeAndReadAs(A, factory);
            writeAndReadAs(B, factory);
            assertState("28000", () -> factory.inSession(Hibernate::names));
        }
    }

    /** The other modes give a connection back before the commit, and are for managers of distributed transactions. */
    @ParameterizedTest
    @EnumSource(
            names = {
                "IMMEDIATE_ACQUISITION_AND_HOLD",
                "DELAYED_ACQUISITION_AND_HOLD",
                "DELAYED_ACQUISITION_AND_RELEASE_AFTER_TRANSACTION"
            })
    void howeverItHoldsConnectionsEachTenantHasItsOwnRows(PhysicalConnectionHandlingMode mode) throws SQLException {
        try (SessionFactory factory = Hibernate.unaware(source, setup)
                .property(AvailableSettings.CONNECTION_HANDLING, mode)
                .createEntityManagerFactory()) {
            writeAndReadAs(A, factory);
            writeAndReadAs(B, factory);
        }

        assertThat(database.projects())
                .containsExactly("tenant-a: of A", "tenant-a: by a", "tenant-b: of B", "tenant-b: by b");
    }

    private static void writeAndReadAs(TenantIdentity tenant, SessionFactory factory) {
        String letter = tenant.tenantId().value().substring("tenant-".length());
        TenantContext.run(tenant, () -> {
            try (Session session = factory.openSession()) {
                session.beginTransaction();
                session.persist(new Project("by " + letter));
                session.getTransaction().commit();
                session.beginTransaction();
                assertThat(names(session)).containsExactly("of " + letter.toUpperCase(Locale.ROOT), "by " + letter);
                session.getTransaction().commit();
            }
        });
    }

    @Test
    void aSessionThatHoldsItsConnectionIsRefusedToAnotherTenant() throws SQLException {
        try (SessionFactory factory = Hibernate.unaware(source, setup)
                        .property(
                                AvailableSettings.CONNECTION_HANDLING,
                                PhysicalConnectionHandlingMode.DELAYED_ACQUISITION_AND_HOLD)
                        .createEntityManagerFactory();
                Session session = factory.openSession()) {
            assertRefusedToBOnceAReadIn(session);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"DELAYED_ACQUISITION_AND_HOLD", "DELAYED_ACQUISITION_AND_RELEASE_AFTER_TRANSACTION"})
    void aSessionThatKnowsItsTenantIsRefusedToAnotherHoweverItHoldsConnections(PhysicalConnectionHandlingMode mode)
            throws SQLException {
        try (SessionFactory factory = Hibernate.aware(source, setup)
                .property(AvailableSettings.CONNECTION_HANDLING, mode)
                .createEntityManagerFactory()) {
            try (Session used = TenantContext.call(A, factory::openSession)) {
                assertRefusedToBOnceAReadIn(used);
            }
            try (Session unused = TenantContext.call(A, factory::openSession)) {
                TenantContext.run(B, () -> assertState("28000", () -> names(unused)));
            }
        }
    }

    private void assertRefusedToBOnceAReadIn(Session session) throws SQLException {
        TenantContext.run(A, () -> {
            session.beginTransaction();
            session.find(Project.class, 1L).name = "changed by A";
            session.flush();
            session.getTransaction().commit();
            session.find(Project.class, 1L).name = "never stored";
        });
        TenantContext.run(
                B,
                () -> assertState("28000", () -> {
                    session.beginTransaction();
                    try {
                        session.persist(new Project("by B, in A's session"));
                        session.flush();
                    } finally {
                        session.getTransaction().rollback();
                    }
                }));

        assertThat(database.projects()).containsExactly("tenant-a: changed by A", "tenant-b: of B");
    }

    @Test
    void cachesThatKnowTheTenantHandNothingOfOneToAnother() {
        try (SessionFactory factory = cached(Hibernate.aware(source, setup))) {
            TenantContext.run(A, () -> factory.inTransaction(HibernateTenantsIT::readCachedAsA));

            TenantContext.run(
                    B,
                    () -> factory.inTransaction(session -> {
                        assertThat(session.find(Project.class, 1L)).isNull();
                        assertThat(cachedNames(session)).containsExactly("of B");
                    }));
            TenantContext.run(A, () -> factory.inTransaction(HibernateTenantsIT::readCachedAsA));
            assertThat(factory.getStatistics().getSecondLevelCacheHitCount()).isEqualTo(1);
            assertThat(factory.getStatistics().getQueryCacheHitCount()).isEqualTo(1);
        }
    }

    /** No database stands between a cache and its reader: this is what the test above would see. */
    @Test
    void cachesThatDoNotKnowTheTenantAreNotForTenants() {
        try (SessionFactory factory = cached(Hibernate.unaware(source, setup))) {
            TenantContext.run(A, () -> factory.inTransaction(HibernateTenantsIT::readCachedAsA));

            TenantContext.run(
                    B,
                    () -> factory.inTransaction(session -> {
                        assertThat(session.find(Project.class, 1L)).isNotNull();
                        assertThat(cachedNames(session)).containsExactly("of A");
                    }));
        }
    }

    private static SessionFactory cached(HibernatePersistenceConfiguration configuration) {
        return configuration
                .property(AvailableSettings.CACHE_REGION_FACTORY, new MapRegionFactory())
                .property(AvailableSettings.USE_SECOND_LEVEL_CACHE, true)
                .property(AvailableSettings.USE_QUERY_CACHE, true)
                .property(AvailableSettings.GENERATE_STATISTICS, true)
                .createEntityManagerFactory();
    }

    private static void readCachedAsA(Session session) {
        assertThat(session.find(Project.class, 1L).name).isEqualTo("of A");
        assertThat(cachedNames(session)).containsExactly("of A");
    }

    private static List<String> cachedNames(Session session) {
        return session.createSelectionQuery("select name from Project", String.class)
                .setCacheable(true)
                .getResultList();
    }

    @Test
    void anEntityMayMapItsTenant() throws SQLException {
        try (SessionFactory factory = Hibernate.aware(source, setup)
                .managedClasses(OwnedProject.class)
                .createEntityManagerFactory()) {
            TenantContext.run(
                    B,
                    () -> factory.inTransaction(session -> {
                        session.persist(new OwnedProject("mapped"));
                        session.flush();
                        assertThat(session.find(OwnedProject.class, 2L).tenant).isEqualTo("tenant-b");
                        assertThat(session.find(OwnedProject.class, 1L)).isNull();
                    }));
        }

        assertThat(database.projects()).containsExactly("tenant-a: of A", "tenant-b: of B", "tenant-b: mapped");
    }
}
