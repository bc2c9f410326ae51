package dev.tenancy.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.tenancy.TenancyConfigException;
import dev.tenancy.Tenant;
import dev.tenancy.TenantId;
import dev.tenancy.TenantSetting;
import dev.tenancy.UnavailableException;
import dev.tenancy.testservers.CountingProxy;
import dev.tenancy.testservers.TestPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the table says is seen in time, and what is wrong with it or with its server stays with whom it concerns. */
class JdbcTenantCatalogIT {
    private static final TenantId ACME = TenantId.of("acme");
    private static final TenantSetting<String> PLAN = TenantSetting.of("plan", text -> text);

    private final AtomicLong now = new AtomicLong();
    private final List<JdbcTenantCatalog> open = new ArrayList<>();

    @AutoClose
    private TestPostgres.Database database;

    @BeforeEach
    void makeTable() {
        database = TestPostgres.newDatabase();
        database.asOwner(
                JdbcTenantCatalog.ddl(),
                "GRANT SELECT ON tenancy_tenant TO " + database.app(),
                "INSERT INTO tenancy_tenant (id, settings) VALUES ('acme', '{\"plan\": \"gold\"}'), ('globex', '{}')");
    }

    @AfterEach
    void close() {
        open.forEach(JdbcTenantCatalog::close);
    }

    private JdbcTenantCatalog catalog() {
        return opened(builder());
    }

    private JdbcTenantCatalog listening() throws SQLException {
        JdbcTenantCatalog catalog = opened(builder().listenOn(app()));
        waitUntil(() -> listeners() == open.size());
        return catalog;
    }

    private JdbcTenantCatalog opened(JdbcTenantCatalog.Builder builder) {
        JdbcTenantCatalog catalog = builder.build();
        open.add(catalog);
        return catalog;
    }

    /** With a clock that stands still unless it is told to go on. */
    private JdbcTenantCatalog.Builder builder() {
        return JdbcTenantCatalog.builder(app())
                .cached(cache -> cache.nanoTime(now::get).timeToLive(Duration.ofMinutes(1)));
    }

    private DataSource app() {
        return OffboardingDatabase.source(database.appUrl());
    }

    private TenantRegistry registry(JdbcTenantCatalog catalog) {
        return catalog.registry(OffboardingDatabase.source(database.ownerUrl()));
    }

    @Test
    void theTableMayBeMadeAgain() {
        database.asOwner(JdbcTenantCatalog.ddl(), JdbcTenantCatalog.ddl());

        assertThat(catalog().find(ACME)).isPresent();
    }

    @Test
    void aRoleThatMayOnlySelectIsEnough() {
        assertThat(catalog().find(ACME).orElseThrow().setting(PLAN)).contains("gold");
        assertThatThrownBy(() -> catalog().registry(app()).remove(ACME)).isInstanceOf(SQLException.class);
        assertThat(catalog().find(ACME)).isPresent();
    }

    @Test
    void whatIsChangedHoldsHereAtOnce() throws SQLException {
        JdbcTenantCatalog catalog = catalog();
        TenantRegistry registry = registry(catalog);
        TenantId added = TenantId.of("added");
        assertThat(catalog.find(added)).isEmpty();

        registry.put(Tenant.builder(added)
                .readableTenants(Set.of(ACME))
                .setting("plan", "a \"b\" \\ é")
                .build());
        assertThat(catalog.find(added).orElseThrow().setting(PLAN)).contains("a \"b\" \\ é");
        assertThat(catalog.find(added).orElseThrow().readableTenants()).containsExactly(ACME);

        assertThat(registry.setStatus(added, Tenant.Status.SUSPENDED)).isTrue();
        assertThat(catalog.find(added).orElseThrow().status()).isEqualTo(Tenant.Status.SUSPENDED);
        assertThat(catalog.find(added).orElseThrow().setting(PLAN)).contains("a \"b\" \\ é");

        assertThat(registry.remove(added)).isTrue();
        assertThat(catalog.find(added)).isEmpty();
        assertThat(registry.remove(added)).isFalse();
        assertThat(registry.setStatus(added, Tenant.Status.ACTIVE)).isFalse();
    }

    @Test
    void whoUpdatesATenantChangesWhatTheOneBeforeMade() throws Exception {
        JdbcTenantCatalog catalog = catalog();
        TenantRegistry registry = registry(catalog);
        TenantId counted = TenantId.of("counted");
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<Tenant>> updates = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                updates.add(threads.submit(() -> registry.update(
                        counted,
                        former -> Tenant.builder(counted)
                                .setting(
                                        "plan",
                                        former.flatMap(tenant -> tenant.setting(PLAN))
                                                        .orElse("") + "x")
                                .build())));
            }
            for (Future<Tenant> update : updates) {
                update.get();
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(catalog.find(counted).orElseThrow().setting(PLAN)).contains("x".repeat(40));
    }

    @Test
    void whomSomebodyMakesMeanwhileIsChangedAndNotReplaced() throws SQLException {
        TenantRegistry registry = registry(catalog());
        TenantId both = TenantId.of("both");
        List<Optional<Tenant>> formers = new ArrayList<>();

        Tenant stored = registry.update(both, former -> {
            formers.add(former);
            if (former.isEmpty()) {
                database.asOwner("INSERT INTO tenancy_tenant (id, status) VALUES ('both', 'suspended')");
            }
            return Tenant.builder(both)
                    .status(former.map(Tenant::status).orElse(Tenant.Status.ACTIVE))
                    .setting("plan", "gold")
                    .build();
        });

        assertThat(formers).hasSize(2);
        assertThat(stored.status()).isEqualTo(Tenant.Status.SUSPENDED);
    }

    @Test
    void whomSomebodyMakesBetweenTheLockAndTheReadingIsLockedToo() throws SQLException {
        DataSource owners = OffboardingDatabase.source(database.ownerUrl());
        DataSource raced = OneConnection.standingFor(DataSource.class, (proxy, method, arguments) -> {
            Connection connection = owners.getConnection();
            return OneConnection.standingFor(Connection.class, (self, called, given) -> {
                Object result = called.invoke(connection, given);
                return called.getName().equals("prepareStatement")
                                && given[0].toString().endsWith("FOR UPDATE")
                        ? followedByAnInsert((PreparedStatement) result)
                        : result;
            });
        });
        List<Optional<Tenant>> formers = new ArrayList<>();

        catalog().registry(raced).update(TenantId.of("both"), former -> {
            formers.add(former);
            return Tenant.builder(TenantId.of("both")).build();
        });

        assertThat(formers).extracting(Optional::isPresent).containsExactly(false, true);
    }

    private PreparedStatement followedByAnInsert(PreparedStatement lock) {
        return OneConnection.standingFor(PreparedStatement.class, (proxy, method, arguments) -> {
            Object result = method.invoke(lock, arguments);
            if (method.getName().startsWith("execute")) {
                database.asOwner("INSERT INTO tenancy_tenant (id) VALUES ('both') ON CONFLICT DO NOTHING");
            }
            return result;
        });
    }

    @Test
    void anUpdateThatFailsChangesNothing() throws SQLException {
        JdbcTenantCatalog catalog = catalog();
        TenantRegistry registry = registry(catalog);

        assertThatThrownBy(() -> registry.update(ACME, former -> {
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");
        assertThatThrownBy(() -> registry.update(
                        ACME, former -> Tenant.builder(TenantId.of("globex")).build()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("acme")
                .hasMessageContaining("globex");
        assertThat(catalog.find(ACME).orElseThrow().setting(PLAN)).contains("gold");

        database.asOwner("UPDATE tenancy_tenant SET readable_tenants = '{\" \"}' WHERE id = 'acme'");
        assertThatThrownBy(() -> registry.update(ACME, Optional::orElseThrow))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("acme")
                .hasMessageContaining("readable_tenants");
        registry.put(Tenant.builder(ACME).build());
        assertThat(registry.update(ACME, Optional::orElseThrow).settings()).isEmpty();
    }

    @Test
    void idsAreListedPageByPage() throws SQLException {
        TenantRegistry registry = registry(catalog());
        database.asOwner("INSERT INTO tenancy_tenant (id) VALUES ('Acme'), ('not an id'), ('a|b')");

        assertThat(registry.ids(Optional.empty(), 3))
                .extracting(TenantId::value)
                .containsExactly("Acme", "acme", "a|b");
        assertThat(registry.ids(Optional.of(TenantId.of("a|b")), 3))
                .extracting(TenantId::value)
                .containsExactly("globex");
    }

    @Test
    void withoutListeningAChangeIsSeenWhenItsTimeIsOver() {
        JdbcTenantCatalog catalog = catalog();
        assertThat(status(catalog)).isEqualTo(Tenant.Status.ACTIVE);
        database.asOwner("UPDATE tenancy_tenant SET status = 'suspended' WHERE id = 'acme'");

        now.addAndGet(Duration.ofSeconds(59).toNanos());
        assertThat(status(catalog)).isEqualTo(Tenant.Status.ACTIVE);
        now.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(status(catalog)).isEqualTo(Tenant.Status.SUSPENDED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE tenancy_tenant SET status = 'suspended' WHERE id = 'acme'",
                "DELETE FROM tenancy_tenant WHERE id = 'acme'",
                "UPDATE tenancy_tenant SET id = 'renamed' WHERE id = 'acme'",
                "TRUNCATE tenancy_tenant",
                "UPDATE tenancy_tenant SET status = 'suspended'",
                "INSERT INTO tenancy_tenant (id) VALUES ('acme') ON CONFLICT (id) DO UPDATE SET status = 'suspended'",
            })
    void whoListensHearsOfEveryKindOfChange(String change) throws SQLException {
        JdbcTenantCatalog first = listening();
        JdbcTenantCatalog second = listening();
        assertThat(isServed(first) && isServed(second)).isTrue();

        database.asOwner(change);

        waitUntil(() -> !isServed(first) && !isServed(second)); // the clock stands still
    }

    @Test
    void aNewTenantIsHeardOfToo() throws SQLException {
        JdbcTenantCatalog catalog = listening();
        TenantId added = TenantId.of("added");
        assertThat(catalog.find(added)).isEmpty();

        database.asOwner("INSERT INTO tenancy_tenant (id) VALUES ('added')");

        waitUntil(() -> catalog.find(added).isPresent());
    }

    @Test
    void aStatementThatChangesManyIsOneNotification() throws SQLException {
        JdbcTenantCatalog catalog = listening();
        TenantId last = TenantId.of("many-5000");
        assertThat(catalog.find(last)).isEmpty();

        database.asOwner("INSERT INTO tenancy_tenant (id) SELECT 'many-' || n FROM generate_series(1, 5000) n");

        waitUntil(() -> catalog.find(last).isPresent());
    }

    @Test
    void whatChangedWhileNobodyHeardIsSeenWhenTheConnectionIsBack() throws SQLException {
        JdbcTenantCatalog catalog = listening();
        assertThat(isServed(catalog)).isTrue();

        // Nobody can connect again until the change is made.
        database.asSuperuser(
                "ALTER DATABASE " + database.name() + " CONNECTION LIMIT 0",
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                        + " AND pid <> pg_backend_pid()",
                "ALTER TABLE tenancy_tenant DISABLE TRIGGER ALL",
                "UPDATE tenancy_tenant SET status = 'suspended' WHERE id = 'acme'",
                "ALTER DATABASE " + database.name() + " CONNECTION LIMIT -1");

        waitUntil(() -> !isServed(catalog));
    }

    @Test
    void aDatabaseThatIsDownIsUnavailableUnlessTheTenantIsRemembered() throws Exception {
        try (CountingProxy proxy = CountingProxy.to(database.address())) {
            JdbcTenantCatalog catalog = opened(JdbcTenantCatalog.builder(through(proxy))
                    .cached(cache -> cache.nanoTime(now::get).timeToLive(Duration.ofMinutes(1))));
            assertThat(catalog.find(ACME)).isPresent();
            proxy.close();

            assertThat(catalog.find(ACME)).isPresent();
            assertThatThrownBy(() -> catalog.find(TenantId.of("globex"))).isInstanceOf(UnavailableException.class);
            assertThatThrownBy(() -> catalog.find(TenantId.of("nobody"))).isInstanceOf(UnavailableException.class);
            now.addAndGet(Duration.ofMinutes(1).toNanos());
            assertThatThrownBy(() -> catalog.find(ACME)).isInstanceOf(UnavailableException.class);
        }
    }

    @Test
    void aCatalogStartsWithoutItsDatabase() {
        JdbcTenantCatalog catalog = opened(JdbcTenantCatalog.builder(
                        OffboardingDatabase.source("jdbc:postgresql://localhost:1/none?connectTimeout=1"))
                .listenOn(OffboardingDatabase.source("jdbc:postgresql://localhost:1/none?connectTimeout=1")));

        assertThatThrownBy(() -> catalog.find(ACME)).isInstanceOf(UnavailableException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "status = 'frozen'",
                "status = NULL",
                "readable_tenants = '{not an id}'",
                "readable_tenants = '{\" padded\"}'",
                "readable_tenants = '{NULL}'",
                "readable_tenants = NULL",
                "settings = NULL",
                "settings = '[]'",
                "settings = '\"text\"'",
                "settings = '{\"plan\": null}'",
                "settings = '{\"plan\": {\"name\": \"gold\"}}'",
            })
    void aMalformedRowIsAnOutageOfItsTenantOnly(String malformed) throws Exception {
        database.asOwner(
                "ALTER TABLE tenancy_tenant DROP CONSTRAINT tenancy_tenant_status_check,"
                        + " DROP CONSTRAINT tenancy_tenant_settings_check, ALTER status DROP NOT NULL,"
                        + " ALTER readable_tenants DROP NOT NULL, ALTER settings DROP NOT NULL",
                "UPDATE tenancy_tenant SET " + malformed + " WHERE id = 'acme'");
        JdbcTenantCatalog catalog = catalog();

        assertThatThrownBy(() -> catalog.find(ACME))
                .isInstanceOf(UnavailableException.class)
                .hasStackTraceContaining("row of tenant acme");
        assertThat(catalog.find(TenantId.of("globex"))).isPresent();
        assertThat(catalog.find(TenantId.of("nobody"))).isEmpty();

        database.asOwner(
                "UPDATE tenancy_tenant SET status = 'active', readable_tenants = '{}', settings = '{\"n\": 7}'");
        assertThat(catalog.find(ACME).orElseThrow().settings()).containsEntry("n", "7"); // the fault is not remembered
    }

    @Test
    void aFloodOfUnknownIdsIsNoFloodOfQueries() throws Exception {
        try (CountingProxy proxy = CountingProxy.to(database.address());
                HikariDataSource pool = NotesDatabase.poolOfOne(proxy.url(database.appUrl()), true)) {
            JdbcTenantCatalog catalog = opened(JdbcTenantCatalog.builder(pool).queriesPerSecond(100));
            catalog.find(ACME);
            int threads = 32;
            int each = 50;
            ExecutorService flood = Executors.newFixedThreadPool(threads);
            List<Future<?>> answers = new ArrayList<>();
            long before = proxy.roundTrips();
            for (int thread = 0; thread < threads; thread++) {
                int first = thread * each;
                answers.add(flood.submit(() -> {
                    for (int id = first; id < first + each; id++) {
                        assertThat(catalog.find(TenantId.of("made-up-" + id))).isEmpty();
                    }
                }));
            }
            for (Future<?> answer : answers) {
                answer.get(1, TimeUnit.MINUTES);
            }
            flood.shutdown();

            assertThat(proxy.roundTrips() - before).isLessThan(threads * each / 4);
            assertThat(catalog.find(ACME)).isPresent();
        }
    }

    @Test
    void closingEndsTheConnectionThatListens() throws SQLException {
        JdbcTenantCatalog catalog = listening();

        catalog.close();

        waitUntil(() -> listeners() == 0);
        assertThat(catalog.find(ACME)).isPresent();
    }

    @Test
    void badSettingsAreNamedAllAtOnce() {
        assertThatThrownBy(() -> JdbcTenantCatalog.builder(app())
                        .table("Tenants; --")
                        .queryTimeout(Duration.ofMillis(1500))
                        .queriesPerSecond(0)
                        .build())
                .isInstanceOfSatisfying(
                        TenancyConfigException.class,
                        fault -> assertThat(fault.faults()).hasSize(3));
        assertThatThrownBy(() -> JdbcTenantCatalog.ddl("\"")).isInstanceOf(TenancyConfigException.class);
    }

    @Test
    void theTableMayHaveAnotherNameAndSchema() throws SQLException {
        database.asOwner("CREATE SCHEMA admin", JdbcTenantCatalog.ddl("admin.customers"));
        DataSource owner = OffboardingDatabase.source(database.ownerUrl());
        JdbcTenantCatalog catalog = opened(JdbcTenantCatalog.builder(owner)
                .table("admin.customers")
                .listenOn(owner)
                .cached(cache -> cache.nanoTime(now::get)));
        waitUntil(() -> listeners() == 1);
        assertThat(catalog.find(ACME)).isEmpty();

        database.asOwner("INSERT INTO admin.customers (id) VALUES ('acme')");

        waitUntil(() -> catalog.find(ACME).isPresent());
    }

    private DataSource through(CountingProxy proxy) {
        return OffboardingDatabase.source(proxy.url(database.appUrl()) + "&connectTimeout=2&socketTimeout=5");
    }

    private static Tenant.Status status(JdbcTenantCatalog catalog) {
        return catalog.find(ACME).orElseThrow().status();
    }

    private static boolean isServed(JdbcTenantCatalog catalog) {
        return catalog.find(ACME)
                .map(tenant -> tenant.status() == Tenant.Status.ACTIVE)
                .orElse(false);
    }

    private long listeners() {
        try (var connection = DriverManager.getConnection(database.superuserUrl());
                var statement = connection.createStatement();
                var row = statement.executeQuery(
                        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                                + " AND pid <> pg_backend_pid() AND (query LIKE 'LISTEN%' OR query = 'SELECT 1')")) {
            row.next();
            return row.getLong(1);
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static void waitUntil(BooleanSupplier holds) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!holds.getAsBoolean()) {
            assertThat(System.nanoTime()).as("20 seconds are over").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }
}
