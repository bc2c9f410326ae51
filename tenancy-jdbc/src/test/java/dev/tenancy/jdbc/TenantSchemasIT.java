package dev.tenancy.jdbc;

import static dev.tenancy.jdbc.Tenants.A;
import static dev.tenancy.jdbc.Tenants.B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.zaxxer.hikari.HikariDataSource;
import dev.tenancy.TenantContext;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.testservers.CountingProxy;
import dev.tenancy.testservers.TestPgBouncer;
import dev.tenancy.testservers.TestPgBouncer.PoolMode;
import dev.tenancy.testservers.TestPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** Each tenant works in its own schema, which is made when it is first needed, once. */
@Timeout(120)
@ParameterizedClass(name = "{0}, autoCommit={1}")
@CsvSource({"SESSION,true", "SESSION,false", "TRANSACTION,true", "TRANSACTION,false"})
class TenantSchemasIT {
    private static final Map<String, String> SCHEMAS = Map.of("tenant-a", "schema_a", "tenant-b", "schema_b");
    private static final Logger LOG = (Logger) LoggerFactory.getLogger(TenantSchemas.class);

    private final Way way;
    private final boolean autoCommit;

    @AutoClose
    private final TestPostgres.Database database = TestPostgres.newDatabase();

    private final AtomicInteger migrations = new AtomicInteger();
    private HikariDataSource owner;
    private HikariDataSource pool;
    private TenantDataSource source;

    TenantSchemasIT(Way way, boolean autoCommit) {
        this.way = way;
        this.autoCommit = autoCommit;
    }

    @BeforeEach
    void build() throws SQLException {
        LOG.setLevel(Level.OFF);
        owner = NotesDatabase.poolOf(database.ownerUrl(), 8);
        pool = NotesDatabase.poolOfOne(database.appUrl(), autoCommit);
        source = over(pool, schemas(this::notes));
    }

    @AfterEach
    void close() {
        LOG.setLevel(null);
        pool.close();
        owner.close();
    }

    private TenantDataSource over(DataSource of, TenantSchemas schemas) {
        return TenantDataSource.builder(of)
                .binding(way.binding())
                .schemas(schemas)
                .build();
    }

    private TenantSchemas schemas(SchemaMigration migration) throws SQLException {
        return TenantSchemas.builder(owner, TenantSchemasIT::schemaOf)
                .migration("1", migration)
                .grantTo(database.app())
                .build();
    }

    private static Optional<String> schemaOf(TenantId tenant) {
        return Optional.ofNullable(SCHEMAS.get(tenant.value()));
    }

    private void notes(DataSource from, String schema) throws SQLException {
        migrations.incrementAndGet();
        try (Connection connection = from.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE " + schema + ".notes (id bigint GENERATED ALWAYS AS IDENTITY, body text,"
                    + " at timestamptz DEFAULT now())");
            statement.execute("INSERT INTO " + schema + ".notes (body) VALUES ('of " + schema + "')");
        }
    }

    private List<String> notesOf(TenantIdentity tenant) throws SQLException {
        return NotesDatabase.visibleTo(source, tenant);
    }

    @Test
    void eachTenantSeesItsOwnTablesWithStatementsThatTheServerKeeps() throws SQLException {
        for (int i = 0; i < 12; i++) {
            assertThat(notesOf(A)).containsExactly("of schema_a");
            assertThat(notesOf(B)).containsExactly("of schema_b");
        }
        NotesDatabase.store(source, B, "more");

        assertThat(notesOf(A)).containsExactly("of schema_a");
        assertThat(notesOf(B)).containsExactly("more", "of schema_b");
        assertThat(migrations).hasValue(2);
        try (Connection raw = pool.getConnection();
                Statement statement = raw.createStatement()) {
            assertThatThrownBy(() -> statement.executeQuery("SELECT * FROM notes"))
                    .as("on the pool itself")
                    .hasMessageContaining("does not exist");
        }
    }

    /** What the driver has to ask the server for it asks before a statement that travels along has run. */
    @Test
    void statementsThatTheDriverHasDescribedFindTheirTables() throws SQLException {
        for (TenantIdentity tenant : List.of(A, B, A)) {
            TenantContext.run(tenant, () -> {
                try (Connection connection = source.getConnection()) {
                    for (int i = 0; i < 12; i++) {
                        try (PreparedStatement select =
                                connection.prepareStatement("SELECT body FROM notes WHERE at < ? AND body LIKE ?")) {
                            assertThat(select.getMetaData().getColumnCount()).isEqualTo(1);
                            assertThat(select.getParameterMetaData().getParameterCount())
                                    .isEqualTo(2);
                            select.setTimestamp(1, Timestamp.valueOf("2999-01-01 00:00:00"));
                            select.setString(2, "of schema%");
                            try (ResultSet row = select.executeQuery()) {
                                assertThat(row.next()).isTrue();
                                assertThat(row.getString(1))
                                        .isEqualTo("of "
                                                + SCHEMAS.get(tenant.tenantId().value()));
                            }
                        }
                    }
                    if (!connection.getAutoCommit()) {
                        connection.commit();
                    }
                }
            });
        }
    }

    @Test
    void theSchemaOfATenantThatWasErasedIsMadeAnewOnceThatIsSaid() throws SQLException {
        TenantSchemas schemas = schemas(this::notes);
        source = over(pool, schemas);
        NotesDatabase.store(source, A, "before");
        notesOf(B);
        database.asOwner("DROP SCHEMA schema_a CASCADE");

        schemas.forget(A.tenantId());

        assertThat(notesOf(A)).containsExactly("of schema_a");
        assertThat(notesOf(B)).containsExactly("of schema_b");
        assertThat(migrations).hasValue(3);
    }

    @Test
    void whatOneTenantSetsOrMakesTheNextDoesNotMeet() throws SQLException {
        TenantContext.run(A, () -> {
            try (Connection connection = source.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("SET search_path = schema_b");
                statement.execute("CREATE TEMP TABLE notes (body text)");
                if (!connection.getAutoCommit()) {
                    connection.commit();
                }
            }
        });

        assertThat(notesOf(B)).containsExactly("of schema_b");
        assertThat(notesOf(A)).containsExactly("of schema_a");
    }

    @Test
    void aTemporaryTableDoesNotStandInFrontOfTheTenantsOwn() throws SQLException {
        TenantContext.run(A, () -> {
            try (Connection connection = source.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE TEMP TABLE notes (body text)");
                assertThat(NotesDatabase.visibleOn(connection)).containsExactly("of schema_a");
            }
        });
    }

    @Test
    void aTenantWithoutASchemaGetsNoConnection() {
        TenantIdentity unmapped = TenantIdentity.of(TenantId.of("tenant-c"), "test");

        assertThatThrownBy(() -> notesOf(unmapped))
                .isInstanceOfSatisfying(
                        SQLException.class,
                        fault -> assertThat(fault.getSQLState()).isEqualTo("28000"));
    }

    @Test
    void twoTenantsNeverHaveTheSameSchema() throws SQLException {
        TenantSchemas one = TenantSchemas.builder(owner, tenant -> Optional.of("Schema_A"))
                .migration("1", this::notes)
                .grantTo(database.app())
                .build();
        source = over(pool, one);

        assertThat(notesOf(A)).containsExactly("of schema_a");
        assertThatThrownBy(() -> notesOf(B))
                .isInstanceOfSatisfying(
                        SQLException.class,
                        fault -> assertThat(fault.getSQLState()).isEqualTo("28000"));
        assertThat(notesOf(A)).containsExactly("of schema_a");
    }

    @Test
    void theApplicationMayUseRowsAndMakeNothing() throws SQLException {
        assertThat(notesOf(A)).hasSize(1);
        TenantContext.run(A, () -> {
            try (Connection connection = source.getConnection();
                    Statement statement = connection.createStatement()) {
                for (String sql : List.of("CREATE TABLE mine (id int)", "TRUNCATE notes", "DROP TABLE notes")) {
                    assertThatThrownBy(() -> statement.execute(sql))
                            .as(sql)
                            .isInstanceOfSatisfying(
                                    SQLException.class,
                                    fault -> assertThat(fault.getSQLState()).isEqualTo("42501"));
                    if (!connection.getAutoCommit()) {
                        connection.rollback();
                    }
                }
            }
        });
    }

    @Test
    void aMigrationThatFailsIsTriedAgainAndStopsNobodyElse() throws SQLException {
        AtomicBoolean broken = new AtomicBoolean(true);
        source = over(pool, schemas((from, schema) -> {
            if (schema.equals("schema_a") && broken.get()) {
                throw new IllegalStateException("the password is hunter2");
            }
            notes(from, schema);
        }));

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> notesOf(A))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            fault -> assertThat(fault.getSQLState()).isEqualTo("57P03"))
                    .hasMessage("the data of the current tenant is not available now")
                    .hasNoCause();
            assertThat(notesOf(B)).containsExactly("of schema_b");
        }
        broken.set(false);
        assertThat(notesOf(A)).containsExactly("of schema_a");
    }

    @Test
    void aNewVersionIsMigratedOnceMore() throws Exception {
        assertThat(notesOf(A)).hasSize(1);
        List<String> migrated = Collections.synchronizedList(new ArrayList<>());
        for (int replica = 0; replica < 2; replica++) {
            TenantSchemas later = TenantSchemas.builder(owner, TenantSchemasIT::schemaOf)
                    .migration("2", (from, schema) -> migrated.add(schema))
                    .build();
            assertThat(later.migrateAll(SCHEMAS.values(), 2, done -> {}).failed())
                    .isEmpty();
        }

        assertThat(migrated).containsExactlyInAnyOrder("schema_a", "schema_b");
    }

    @Test
    void manyReplicasAndThreadsMigrateOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(20);
        try {
            List<TenantSchemas> replicas = List.of(schemas(this::notes), schemas(this::notes));
            List<Callable<Integer>> requests = IntStream.range(0, 20)
                    .mapToObj(i -> (Callable<Integer>) () -> {
                        replicas.get(i % 2).await(A.tenantId());
                        return i;
                    })
                    .toList();
            for (Future<Integer> request : threads.invokeAll(requests)) {
                assertThat(request.get()).isNotNegative();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(migrations).hasValue(1);
    }

    @Test
    void manySchemasAreMigratedInParallelAndWhichFailedIsTold() throws Exception {
        List<String> names = IntStream.range(0, 60).mapToObj(i -> "many_" + i).toList();
        List<Integer> progress = Collections.synchronizedList(new ArrayList<>());
        TenantSchemas schemas = schemas((from, schema) -> {
            if (schema.equals("many_7")) {
                throw new IllegalStateException("broken");
            }
            notes(from, schema);
        });

        TenantSchemas.Report report = schemas.migrateAll(names, 3, progress::add);

        assertThat(report.migrated()).isEqualTo(59);
        assertThat(report.failed()).containsOnlyKeys("many_7");
        assertThat(progress).hasSize(60).contains(1, 60);
        assertThat(migrations).hasValue(59);
        assertThatIllegalArgumentException().isThrownBy(() -> schemas.migrateAll(List.of("public"), 1, done -> {}));
    }

    @Test
    void oneStatementIsOneRoundTripAllTheSame() throws SQLException {
        assumeTrue(way == Way.TRANSACTION && autoCommit, "what the transaction binding promises");
        assertThat(notesOf(A)).hasSize(1);
        try (CountingProxy wire = CountingProxy.to(database.address());
                OneConnection one = new OneConnection(wire.url(database.appUrl()))) {
            TenantDataSource counted = over(one.pool(), schemas(this::notes));
            for (int i = 0; i < 12; i++) {
                NotesDatabase.visibleTo(counted, A);
                NotesDatabase.visibleTo(counted, B);
            }
            long roundTrips = wire.roundTripsOf(() -> {
                for (int i = 0; i < 10; i++) {
                    NotesDatabase.visibleTo(counted, A);
                    NotesDatabase.visibleTo(counted, B);
                }
            });
            assertThat(roundTrips).isEqualTo(20);
        }
    }

    @Test
    void behindAPoolerThatSharesSessionsTheTransactionBindingHasTheSchemaToo() throws Exception {
        assumeTrue(TestPgBouncer.isInstalled(), TestPgBouncer.NOT_INSTALLED);
        assumeTrue(way == Way.TRANSACTION, "the session binding refuses it");
        try (TestPgBouncer bouncer = TestPgBouncer.start(database, PoolMode.TRANSACTION, 1);
                HikariDataSource behind = NotesDatabase.poolOf(bouncer.appUrl() + "&prepareThreshold=0", 2)) {
            source = over(behind, schemas(this::notes));
            for (int i = 0; i < 6; i++) {
                assertThat(notesOf(A)).containsExactly("of schema_a");
                assertThat(notesOf(B)).containsExactly("of schema_b");
            }
        }
    }

    @Test
    void whoWaitsForAMigrationDoesNotWaitForEver() throws Exception {
        TenantSchemas schemas = TenantSchemas.builder(owner, TenantSchemasIT::schemaOf)
                .migration("1", (from, schema) -> Thread.currentThread().join())
                .longestWait(Duration.ofMillis(1))
                .build();
        Thread migrating = new Thread(() -> {
            try {
                schemas.await(A.tenantId());
            } catch (SQLException interrupted) {
                Thread.currentThread().interrupt();
            }
        });
        migrating.start();
        while (migrating.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }

        TenantSchemas otherReplica = TenantSchemas.builder(owner, TenantSchemasIT::schemaOf)
                .longestWait(Duration.ofMillis(1))
                .build();

        for (TenantSchemas waiting : List.of(schemas, otherReplica)) {
            assertThatThrownBy(() -> waiting.await(A.tenantId()))
                    .isInstanceOf(SQLException.class)
                    .hasMessage("the data of the current tenant is not available now");
        }
        assertThat(otherReplica
                        .migrateAll(List.of("schema_a", "schema_b"), 1, done -> {})
                        .failed())
                .containsOnlyKeys("schema_a")
                .extractingByKey("schema_a")
                .asInstanceOf(InstanceOfAssertFactories.THROWABLE)
                .hasMessage("the schema schema_a is still being migrated");

        migrating.interrupt();
        migrating.join();
    }

    /**
     * Any SQL may take any advisory lock: a tenant's must not keep others from their data, nor a server from its start.
     */
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void locksThatATenantsSqlTakesKeepNobodyWaiting() throws SQLException {
        try (Connection ofTheApplication = DriverManager.getConnection(database.appUrl());
                Statement statement = ofTheApplication.createStatement()) {
            statement.execute("SELECT pg_advisory_lock(hashtextextended('dev.tenancy.schema:schema_b', 0))");
            statement.execute("SELECT pg_advisory_lock(7236783296)");
            assertThatThrownBy(() -> statement.execute("SELECT FROM tenancy.tenant_schema FOR UPDATE"))
                    .isInstanceOf(SQLException.class);

            assertThat(notesOf(B)).containsExactly("of schema_b");
            TenantSchemas.Builder starting =
                    TenantSchemas.builder(owner, TenantSchemasIT::schemaOf).longestWait(Duration.ofMillis(1));
            assertThatThrownBy(starting::build)
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            fault -> assertThat(fault.getSQLState()).isEqualTo("55P03"))
                    .hasMessageContaining("advisory lock 7236783296");
        }
    }
}
