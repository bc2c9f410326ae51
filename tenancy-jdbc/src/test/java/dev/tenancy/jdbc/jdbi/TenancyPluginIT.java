package dev.tenancy.jdbc.jdbi;

import static dev.tenancy.jdbc.Tenants.A;
import static dev.tenancy.jdbc.Tenants.B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenancy.NoTenantException;
import dev.tenancy.TenantContext;
import dev.tenancy.jdbc.NotesDatabase;
import dev.tenancy.jdbc.TenantBinding;
import dev.tenancy.jdbc.TenantDataSource;
import java.sql.SQLException;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.UnableToCreateStatementException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/** The current tenant in the SQL of a Jdbi. */
@ParameterizedClass(name = "session={0}, autoCommit={1}")
@CsvSource({"false,true", "false,false", "true,true", "true,false"})
class TenancyPluginIT {
    private final boolean session;
    private final boolean autoCommit;

    @AutoClose
    private NotesDatabase notes;

    private TenantDataSource source;
    private Jdbi jdbi;

    TenancyPluginIT(boolean session, boolean autoCommit) {
        this.session = session;
        this.autoCommit = autoCommit;
    }

    @BeforeEach
    void open() throws SQLException {
        notes = new NotesDatabase();
        source = TenantDataSource.builder(notes.poolOfOne(autoCommit))
                .binding(session ? TenantBinding.session() : TenantBinding.transaction())
                .build();
        jdbi = Jdbi.create(source).installPlugin(new TenancyPlugin()).installPlugin(new TenancyPlugin());
    }

    @AfterEach
    void close() {
        source.close();
    }

    @Test
    void theNameStandsForTheCurrentTenant() {
        TenantContext.run(
                A,
                () -> jdbi.useHandle(
                        handle -> handle.createUpdate("INSERT INTO notes (tenant_id, body) VALUES (:tenantId, :body)")
                                .bind("body", "of A")
                                .execute()));
        TenantContext.run(
                B,
                () -> jdbi.useHandle(handle -> {
                    PreparedBatch batch = handle.prepareBatch("INSERT INTO notes (body) VALUES (:body)");
                    batch.bind("body", "of B").add().bind("body", "of B too").add();
                    assertThat(batch.execute()).containsExactly(1, 1);
                }));

        TenantContext.run(A, () -> assertThat(bodies()).containsExactly("of A"));
        TenantContext.run(B, () -> assertThat(bodies()).containsExactly("of B", "of B too"));
    }

    private List<String> bodies() {
        return jdbi.withHandle(
                handle -> handle.createQuery("SELECT body FROM notes WHERE tenant_id = :tenantId ORDER BY body")
                        .mapTo(String.class)
                        .list());
    }

    @Test
    void transactionsAreCommittedAndRolledBack() {
        TenantContext.run(A, () -> {
            jdbi.useTransaction(handle -> handle.execute("INSERT INTO notes (body) VALUES ('kept')"));
            assertThatThrownBy(() -> jdbi.useTransaction(handle -> {
                        handle.execute("INSERT INTO notes (body) VALUES ('lost')");
                        throw new IllegalStateException("no");
                    }))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(bodies()).containsExactly("kept");
        });
    }

    @Test
    void withoutATenantTheNameStandsForNobody() {
        assertThatThrownBy(() -> Jdbi.create(source.withoutTenant())
                        .installPlugin(new TenancyPlugin())
                        .withHandle(handle -> handle.createQuery("SELECT :tenantId")
                                .mapTo(String.class)
                                .one()))
                .isInstanceOf(NoTenantException.class);
    }

    @Test
    void statementsWithoutTheNameAndNamesOfTheCallersAreAsEver() {
        TenantContext.run(
                A,
                () -> jdbi.useHandle(handle -> {
                    assertThat(handle.createQuery("SELECT 1")
                                    .mapTo(Integer.class)
                                    .one())
                            .isEqualTo(1);
                    assertThat(handle.createQuery("SELECT :other")
                                    .bind("other", "x")
                                    .mapTo(String.class)
                                    .one())
                            .isEqualTo("x");
                    assertThatThrownBy(() -> handle.createQuery("SELECT :missing")
                                    .mapTo(String.class)
                                    .one())
                            .isInstanceOf(UnableToCreateStatementException.class);
                }));
    }
}
