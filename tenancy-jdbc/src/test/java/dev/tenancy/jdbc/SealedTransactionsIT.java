package dev.tenancy.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenancy.TenantId;
import dev.tenancy.testservers.TestPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** Rows that are no more seen are not taken for rows that are gone. */
class SealedTransactionsIT {
    private static final SealKey KEY = SealKey.random("k1");

    @AutoClose
    private final TestPostgres.Database database = TestPostgres.newDatabase();

    @BeforeEach
    void makeTable() throws SQLException {
        database.asOwner("CREATE TABLE notes (id bigint)");
        try (Connection owner = database.ownerConnection()) {
            TenantSeal.install(owner, KEY);
            RowLevelSecurity.table("notes").key("id").sealed().build().apply(owner);
        }
        database.asSuperuser("INSERT INTO notes (tenant_id, id) VALUES ('acme', 1), ('acme', 2)");
    }

    private TenantTransactions transactions() {
        PGSimpleDataSource owner = new PGSimpleDataSource();
        owner.setUrl(database.ownerUrl());
        return new TenantTransactions(
                owner, TenantId.of("acme"), TenantSeal.of(KEY), Duration.ofSeconds(10), Duration.ofSeconds(10));
    }

    @Test
    void aTransactionWhoseSealIsNoMoreAcceptedAtItsEndDoesNothing() throws SQLException {
        assertThatThrownBy(() -> transactions().call(TenantTransactions.WRITING, connection -> {
                    try (Statement statement = connection.createStatement()) {
                        assertThat(statement.executeUpdate("DELETE FROM notes WHERE id = 1"))
                                .isEqualTo(1);
                        database.asOwner("DELETE FROM tenancy.seal_key");
                        assertThat(countIn(statement)).isZero();
                        return countIn(statement);
                    }
                }))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("does not accept the seal of tenant acme");

        try (Connection owner = database.ownerConnection()) {
            TenantSeal.install(owner, KEY);
        }
        long left = transactions().call(TenantTransactions.ONE_SNAPSHOT, connection -> {
            try (Statement statement = connection.createStatement()) {
                return countIn(statement);
            }
        });
        assertThat(left).isEqualTo(2);
    }

    private static long countIn(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT count(*) FROM notes")) {
            row.next();
            return row.getLong(1);
        }
    }
}
