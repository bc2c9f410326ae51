package dev.tenancy.jdbc;

import static dev.tenancy.jdbc.Tenants.A;
import static dev.tenancy.jdbc.Tenants.B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.tenancy.TenantContext;
import java.sql.Connection;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.PGResultSetMetaData;

/** What the driver says of columns and parameters it may have to ask the server first: for the borrower only. */
@ParameterizedClass
@EnumSource
class DescriptionsIT {
    private final Way way;
    private HikariDataSource pool;
    private TenantDataSource source;

    DescriptionsIT(Way way) {
        this.way = way;
    }

    @BeforeEach
    void storeOneNoteOfEach() throws SQLException {
        NotesDatabase notes = new NotesDatabase();
        pool = notes.poolOfOne(true);
        source = NotesDatabase.withANoteOfEach(pool, way.binding());
    }

    @AfterEach
    void close() {
        source.close();
    }

    @Test
    void theyAnswerTheBorrowerAsTheDriverDoesAndNobodyElse() throws SQLException {
        TenantContext.run(A, () -> {
            try (Connection connection = source.getConnection();
                    PreparedStatement select =
                            connection.prepareStatement("SELECT id AS number, body FROM notes WHERE body = ?")) {
                select.setString(1, "of A");
                ParameterMetaData parameters = select.getParameterMetaData();
                try (ResultSet rows = select.executeQuery()) {
                    ResultSetMetaData columns = rows.getMetaData();
                    for (ResultSetMetaData each : new ResultSetMetaData[] {columns, select.getMetaData()}) {
                        assertThat(each.getColumnLabel(1)).isEqualTo("number");
                        assertThat(each.isAutoIncrement(1)).isTrue();
                        assertThat(each.isNullable(2)).isEqualTo(ResultSetMetaData.columnNoNulls);
                        assertThat(each.isWrapperFor(PGResultSetMetaData.class)).isTrue();
                        assertThat(each.unwrap(PGResultSetMetaData.class).getBaseColumnName(1))
                                .isEqualTo("id");
                    }
                    assertThat(parameters.getParameterTypeName(1)).isEqualTo("varchar");
                    assertThatThrownBy(() -> columns.getColumnLabel(3))
                            .isInstanceOf(SQLException.class)
                            .hasMessageContaining("The column index is out of range: 3, number of columns: 2");

                    TenantContext.run(B, () -> {
                        assertState("28000", columns::getColumnCount);
                        assertState("28000", () -> columns.isNullable(1));
                        assertState("28000", () -> ((PGResultSetMetaData) columns).getBaseTableName(1));
                        assertState("28000", parameters::getParameterCount);
                    });
                    assertThat(rows.next()).isTrue();
                    assertThat(rows.getString(2)).isEqualTo("of A");
                }
            }
        });
    }

    @Test
    void theyEndWithTheConnection() throws SQLException {
        ResultSetMetaData columns = TenantContext.call(A, () -> {
            try (Connection connection = source.getConnection();
                    PreparedStatement select = connection.prepareStatement("SELECT body FROM notes");
                    ResultSet rows = select.executeQuery()) {
                return rows.getMetaData();
            }
        });

        TenantContext.run(A, () -> {
            try (Connection next = source.getConnection()) {
                assertState("08003", () -> columns.isNullable(1));
                assertThat(NotesDatabase.visibleOn(next)).containsExactly("of A");
            }
        });
    }

    private static void assertState(String state, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        SQLException.class,
                        failure -> assertThat(failure.getSQLState()).isEqualTo(state));
    }
}
