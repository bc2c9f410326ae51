package dev.tenancy.jdbc;

import static dev.tenancy.jdbc.NotesDatabase.visibleTo;
import static dev.tenancy.jdbc.Tenants.A;
import static dev.tenancy.jdbc.Tenants.B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenancy.TenantContext;
import dev.tenancy.TenantIdentity;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a listener is told, and that it can do no harm. */
class TenantDataSourceListenerIT {

    /** Remembers what it is told, and fails at each. */
    private static final class Failing implements TenantDataSourceListener {
        private final List<String> told = new ArrayList<>();

        @Override
        public void borrowed(Optional<TenantIdentity> identity, Duration waited) {
            assertThat(waited).isPositive();
            throw remembered("borrowed " + identity.map(TenantIdentity::tenantId));
        }

        @Override
        public void overShare(TenantIdentity identity) {
            throw remembered("over share " + identity.tenantId());
        }

        @Override
        public void discarded(Throwable reason) {
            throw remembered("discarded");
        }

        private IllegalStateException remembered(String what) {
            told.add(what);
            return new IllegalStateException("expected");
        }
    }

    @Test
    void aListenerIsToldOfEveryBorrowRefusalAndDiscardAndItsFailuresChangeNothing() throws SQLException {
        NotesDatabase notes = new NotesDatabase();
        Failing listener = new Failing();
        try (TenantDataSource source = TenantDataSource.builder(notes.poolOfOne(true))
                .binding(TenantBinding.transaction())
                .connectionsPerTenant(1, Duration.ZERO)
                .listener(listener)
                .build()) {
            TenantContext.run(A, () -> {
                try (Connection held = source.getConnection();
                        Statement statement = held.createStatement()) {
                    assertThatThrownBy(source::getConnection)
                            .isInstanceOf(SQLTransientException.class)
                            .extracting(failure -> ((SQLException) failure).getSQLState())
                            .isEqualTo("53300");
                    statement.execute("CREATE TEMPORARY TABLE trap (a int)");
                }
            });
            assertThat(visibleTo(source, B)).isEmpty();
            source.withoutTenant().getConnection().close();
        }

        assertThat(listener.told)
                .containsExactly(
                        "borrowed Optional[tenant-a]",
                        "over share tenant-a",
                        "discarded",
                        "borrowed Optional[tenant-b]",
                        "borrowed Optional.empty");
    }

    @Test
    void whatABuilderIsToldIsChecked() throws SQLException {
        TenantDataSource.Builder builder = TenantDataSource.builder(
                new OneConnection(new NotesDatabase().database().appUrl()).pool());

        assertThatThrownBy(() -> builder.connectionsPerTenant(0, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("connectionsPerTenant is 0; allowed: 1 or more");
        assertThatThrownBy(() -> builder.connectionsPerTenant(1, Duration.ofMillis(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("allowed: zero or more");
    }
}
