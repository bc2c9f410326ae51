package dev.tenancy.jdbc;

import static dev.tenancy.jdbc.NotesDatabase.insert;
import static dev.tenancy.jdbc.NotesDatabase.store;
import static dev.tenancy.jdbc.NotesDatabase.visibleOn;
import static dev.tenancy.jdbc.NotesDatabase.visibleTo;
import static dev.tenancy.jdbc.Tenants.A;
import static dev.tenancy.jdbc.Tenants.B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.tenancy.TenantContext;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.testservers.TestPgBouncer;
import dev.tenancy.testservers.TestPgBouncer.PoolMode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/** A connection that is bound under seal is its tenant's, whatever settings its SQL sets. */
@ParameterizedClass(name = "{0}, autoCommit={1}")
@CsvSource({"SESSION,true", "SESSION,false", "TRANSACTION,true", "TRANSACTION,false"})
class SealedBindingIT {
    private static final SealKey FIRST = SealKey.random("k1");
    private static final SealKey SECOND = SealKey.random("k2");
    private static final String KEY_IN_USE = "SELECT split_part(current_setting('tenancy.seal'), ';', 2)";

    private final Way way;
    private final boolean autoCommit;
    private final AtomicReference<SealKey> signing = new AtomicReference<>(FIRST);
    private final AtomicLong later = new AtomicLong();

    @AutoClose
    private final NotesDatabase notes = new NotesDatabase();

    private HikariDataSource pool;
    private TenantDataSource source;

    SealedBindingIT(Way way, boolean autoCommit) throws SQLException {
        this.way = way;
        this.autoCommit = autoCommit;
    }

    @BeforeEach
    void storeOneNoteOfEach() throws SQLException {
        try (Connection owner = notes.database().ownerConnection()) {
            TenantSeal.install(owner, FIRST, SECOND);
            RowLevelSecurity.table("notes")
                    .key("id")
                    .unique("body")
                    .sealed()
                    .grantTo(notes.database().app())
                    .build()
                    .apply(owner);
        }
        pool = notes.poolOfOne(autoCommit);
        source = sealed(pool, renewed());
        store(source, A, "of A");
        store(source, B, "of B");
    }

    @AfterEach
    void close() {
        pool.close();
    }

    private TenantDataSource sealed(HikariDataSource by, TenantSeal seal) {
        return TenantDataSource.builder(by).binding(way.binding()).seal(seal).build();
    }

    private TenantSeal renewed() {
        return TenantSeal.builder(signing::get)
                .validity(Duration.ofSeconds(10))
                .ticks(() -> System.nanoTime() + later.get())
                .build();
    }

    private static String query(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return String.valueOf(row.getString(1));
        }
    }

    @Test
    void eachTenantSeesItsOwnWhateverThePoolSays() throws SQLException {
        for (int i = 0; i < 7; i++) {
            assertThat(visibleTo(source, A)).containsExactly("of A");
            assertThat(visibleTo(source, B)).containsExactly("of B");
        }
        try (Connection raw = pool.getConnection()) {
            assertThat(visibleOn(raw)).as("on the pool itself").isEmpty();
        }
        try (Connection nobodys = source.withoutTenant().getConnection()) {
            assertThat(visibleOn(nobodys)).as("without tenant").isEmpty();
        }
    }

    @Test
    void settingsThatSqlSetsMakeItNobodyElse() throws SQLException {
        TenantContext.run(A, () -> {
            for (String set : Set.of(
                    "SET tenancy.tenant_id = 'tenant-b'",
                    "SELECT set_config('tenancy.tenant_id', 'tenant-b', false)",
                    "SELECT set_config('tenancy.seal', replace(current_setting('tenancy.seal'), 'tenant-a', 'tenant-b'),"
                            + " false)",
                    "RESET ALL")) {
                try (Connection connection = source.getConnection();
                        Statement statement = connection.createStatement()) {
                    statement.execute(set);
                    assertThat(visibleOn(connection)).as(set).isSubsetOf("of A");
                    assertThat(query(connection, set.startsWith("SELECT") ? set + "::text" : "SELECT 1"))
                            .isNotNull();
                    assertThat(visibleOn(connection)).as(set).isSubsetOf("of A");
                }
            }
        });

        assertThat(visibleTo(source, A)).containsExactly("of A");
        assertThat(visibleTo(source, B)).containsExactly("of B");
    }

    @Test
    void aTenantThatIsToldWithoutASealIsNobody() throws SQLException {
        TenantDataSource unsealed = TenantDataSource.wrap(pool, way.binding());

        assertThat(visibleTo(unsealed, A)).isEmpty();
        assertThatThrownBy(() -> store(unsealed, A, "planted")).isInstanceOf(SQLException.class);
        assertThat(visibleTo(source, A)).containsExactly("of A");
    }

    @Test
    void aSealThatTheServerDoesNotAcceptIsAnErrorOfTheBindAndCostsTheSession() throws SQLException {
        signing.set(SealKey.random("unknown"));
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> visibleTo(source, A))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            fault -> assertThat(fault.getSQLState()).isEqualTo("08006"))
                    .hasStackTraceContaining("the seal of the tenant is not accepted")
                    .satisfies(fault -> assertThat(textOf(fault)).doesNotContain("ts1;", "unknown;"));
            assertThatThrownBy(() -> store(source, A, "lost")).isInstanceOf(SQLException.class);
        }

        signing.set(SECOND);
        assertThat(visibleTo(source, A)).containsExactly("of A");
        assertThat(visibleTo(source, B)).containsExactly("of B");
    }

    /** P4: what the server shows of the parameters of a statement that fails. */
    @Test
    void noErrorShowsASeal() throws SQLException {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(notes.database().appUrl() + "&options=-c%20log_parameter_max_length_on_error=-1");
        config.setMaximumPoolSize(1);
        config.setAutoCommit(autoCommit);
        try (HikariDataSource talkative = new HikariDataSource(config)) {
            TenantDataSource sealed = sealed(talkative, renewed());
            TenantContext.run(A, () -> {
                try (Connection connection = sealed.getConnection()) {
                    assertThat(query(connection, "SHOW log_parameter_max_length_on_error"))
                            .isEqualTo("-1");
                }
            });
            signing.set(SealKey.random("unknown"));

            assertThatThrownBy(() -> visibleTo(sealed, A))
                    .isInstanceOf(SQLException.class)
                    .satisfies(fault -> assertThat(textOf(fault)).doesNotContain("ts1;"));
        }
    }

    private static String textOf(Throwable fault) {
        StringWriter text = new StringWriter();
        fault.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    @Test
    void aSealIsReplacedBeforeItExpiresAlsoInATransaction() throws SQLException {
        for (boolean inTransaction : new boolean[] {false, true}) {
            signing.set(FIRST);
            TenantContext.run(A, () -> {
                try (Connection connection = source.getConnection()) {
                    connection.setAutoCommit(!inTransaction);
                    assertThat(query(connection, KEY_IN_USE)).isEqualTo("k1");
                    signing.set(SECOND);
                    later.addAndGet(Duration.ofSeconds(6).toNanos());
                    assertThat(query(connection, KEY_IN_USE)).isEqualTo("k2");
                    assertThat(visibleOn(connection)).contains("of A");
                    insert(connection, "later " + inTransaction);
                    if (inTransaction) {
                        connection.rollback();
                        assertThat(query(connection, KEY_IN_USE)).isEqualTo("k2");
                        connection.commit();
                    }
                }
            });
        }
        assertThat(visibleTo(source, A)).containsExactly("later false", "of A");
    }

    @Test
    void aSealThatIsRefusedWhenItIsReplacedLeavesAutocommitAsItWas() throws SQLException {
        TenantContext.run(A, () -> {
            try (Connection connection = source.getConnection()) {
                assertThat(visibleOn(connection)).containsExactly("of A");
                if (!autoCommit) {
                    connection.commit();
                }
                signing.set(SealKey.random("unknown"));
                later.addAndGet(Duration.ofSeconds(6).toNanos());
                assertThatThrownBy(() -> visibleOn(connection)).isInstanceOf(SQLException.class);
                assertThat(connection.getAutoCommit()).isEqualTo(autoCommit);
            }
        });
    }

    @Test
    void aSealOfTheSessionIsGoodInItAndRefusedBehindAPoolerThatSharesSessions() throws Exception {
        TenantSeal bound = TenantSeal.builder(FIRST).boundToSession().build();
        TenantDataSource ofSession = sealed(pool, bound);
        assertThat(visibleTo(ofSession, A)).containsExactly("of A");
        assertThat(visibleTo(ofSession, B)).containsExactly("of B");

        assumeTrue(TestPgBouncer.isInstalled(), TestPgBouncer.NOT_INSTALLED);
        try (TestPgBouncer bouncer = TestPgBouncer.start(notes.database(), PoolMode.TRANSACTION, 1);
                HikariDataSource behind =
                        NotesDatabase.poolOfOne(bouncer.appUrl() + "&prepareThreshold=0", autoCommit)) {
            assertThatThrownBy(() -> visibleTo(sealed(behind, bound), A))
                    .isInstanceOf(SQLException.class)
                    .hasStackTraceContaining("a pooler that shares sessions");
            if (way == Way.TRANSACTION) {
                assertThat(visibleTo(sealed(behind, renewed()), A)).containsExactly("of A");
                assertThat(visibleTo(sealed(behind, renewed()), B)).containsExactly("of B");
            }
        }
    }

    @Test
    void aServerWhoseClockIsWrongBindsNobody() {
        TenantSeal seal =
                TenantSeal.builder(FIRST).mostClockSkew(Duration.ofSeconds(2)).build();

        for (Duration ahead : Set.of(Duration.ofMillis(2_001), Duration.ofHours(-1))) {
            assertThatThrownBy(() -> seal.requireClock(ahead))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            fault -> assertThat(fault.getSQLState()).isEqualTo("08006"))
                    .hasMessageContaining("allowed for a seal: 2 s");
        }
    }

    @Test
    void anIdentityWithMoreReadableTenantsThanFitGetsNoConnection() throws SQLException {
        assertThat(visibleTo(source, readerOf(300))).containsExactly("of A");

        assertThatThrownBy(() -> visibleTo(source, readerOf(500)))
                .isInstanceOfSatisfying(
                        SQLException.class,
                        fault -> assertThat(fault.getSQLState()).isEqualTo("28000"))
                .hasMessageContaining("500 readable tenants");
    }

    private static TenantIdentity readerOf(int tenants) {
        return TenantIdentity.builder(TenantId.of("tenant-a"), "test")
                .readableTenants(IntStream.range(0, tenants)
                        .mapToObj(i -> TenantId.of("another-tenant-" + (100 + i)))
                        .collect(Collectors.toSet()))
                .build();
    }
}
