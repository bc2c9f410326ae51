package dev.tenancy.jdbc.poison;

import static dev.tenancy.jdbc.Tenants.B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenancy.jdbc.NotesDatabase;
import dev.tenancy.jdbc.Way;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;

/** B9: texts that something put in front of them, or behind, could make mean something else. */
@ParameterizedClass
@EnumSource(Way.class)
class StatementTextsIT {
    private static final String OPERATOR = "SELECT body FROM notes WHERE '{\"k\":1}'::jsonb ? 'k'";

    /** Each finds B's note, and nothing else. */
    static final List<String> TEXTS = List.of(
            OPERATOR,
            "SELECT body FROM notes WHERE '{\"k\":1}'::jsonb ?| ARRAY['k']",
            "SELECT body FROM notes WHERE '{\"k\":1}'::jsonb ?& ARRAY['k']",
            "SELECT body FROM notes WHERE '?;' <> ';?' AND '{\"k\":1}'::jsonb ? 'k' -- ?;",
            "SELECT body FROM notes;",
            "SELECT body FROM notes ; ;",
            ";SELECT body FROM notes",
            "; -- nothing\n;SELECT body FROM notes",
            "SELECT body FROM notes -- the end",
            "SELECT body FROM notes -- the end;",
            "SELECT body FROM notes /* the end; */",
            "SELECT body FROM notes /* /* nested; */ ; */ WHERE true",
            "/* ; */ SELECT body FROM notes",
            "-- ; COMMIT\nSELECT body FROM notes",
            "SELECT body FROM notes WHERE body <> 'it''s; COMMIT'",
            "SELECT body FROM notes WHERE body <> E'it\\'s; COMMIT'",
            "SELECT body FROM notes WHERE body <> $$; COMMIT; ?$$",
            "SELECT body FROM notes WHERE body <> $tag$; $$ COMMIT; ?$tag$",
            "SELECT body AS \"; COMMIT; ?\" FROM notes",
            "SELECT body FROM notes WHERE body <> U&'\\003B'",
            "(SELECT body FROM notes)",
            "WITH n AS (SELECT body FROM notes) SELECT body FROM n",
            "TABLE notes_of_all",
            "SELECT 1 AS x; SELECT body FROM notes",
            "SELECT body FROM notes LIMIT 1;--",
            "select\tbody\nfrom\r\nnotes");

    private static HostDatabase database;

    private final Way way;

    StatementTextsIT(Way way) {
        this.way = way;
    }

    @BeforeAll
    static void makeDatabase() throws SQLException {
        database = new HostDatabase();
        database.makeNew();
        database.asOwner(
                "CREATE VIEW notes_of_all AS SELECT body FROM notes", "GRANT SELECT ON notes_of_all TO PUBLIC");
    }

    @AfterAll
    static void closeDatabase() throws SQLException {
        database.close();
    }

    private Host host(boolean autoCommit) {
        return Host.protectedBy(way.binding(), NotesDatabase.poolOfOne(database.appUrl(), autoCommit));
    }

    @Test
    void prepareInsteadOfExecutingAndAnOperatorIsAParameter() throws SQLException {
        try (Connection raw = DriverManager.getConnection(database.appUrl())) {
            assertThatThrownBy(() -> NaiveFold.found(raw, "tenant-b", OPERATOR, (statement, before) -> {}))
                    .hasMessageContaining("No value specified for parameter");
        }
    }

    @ParameterizedTest
    @FieldSource("TEXTS")
    void aTextFindsWhatItAsksForEachTime(String text) throws SQLException {
        for (boolean autoCommit : List.of(true, false)) {
            try (Host host = host(autoCommit)) {
                host.as(B, connection -> {
                    try (Statement statement = connection.createStatement()) {
                        for (int i = 0; i < 12; i++) {
                            assertThat(found(statement, text)).containsExactly("of B");
                            Poison.commit(connection);
                        }
                    }
                });
            }
        }
    }

    @ParameterizedTest
    @FieldSource("TEXTS")
    void aPreparedTextFindsWhatItAsksForEachTime(String text) throws SQLException {
        String escaped = text.replace("jsonb ?", "jsonb ??");
        for (boolean autoCommit : List.of(true, false)) {
            try (Host host = host(autoCommit)) {
                host.as(B, connection -> {
                    try (PreparedStatement statement = connection.prepareStatement(escaped)) {
                        for (int i = 0; i < 12; i++) {
                            statement.execute();
                            assertThat(NaiveFold.last(statement)).containsExactly("of B");
                            Poison.commit(connection);
                        }
                    }
                });
            }
        }
    }

    @Test
    void anOperatorAndParametersGoTogether() throws SQLException {
        try (Host host = host(true)) {
            host.as(B, connection -> {
                for (int i = 0; i < 12; i++) {
                    assertThat(Rows.of(
                                    connection,
                                    "SELECT body FROM notes WHERE ?::jsonb ?? ? AND body = ? -- ?",
                                    "{\"k\":1}",
                                    "k",
                                    "of B"))
                            .containsExactly("of B");
                }
            });
        }
    }

    @Test
    void aTextThatEndsTheTransactionItIsInIsRefusedOrDoneAsTheTenants() throws SQLException {
        Map<String, String> refusals = Map.of(
                "COMMIT; SELECT body FROM notes", "0A000",
                "SELECT body FROM notes; ROLLBACK; SELECT body FROM notes", "0A000");
        try (Host host = host(true)) {
            host.as(B, connection -> {
                for (Map.Entry<String, String> refusal : refusals.entrySet()) {
                    try (Statement statement = connection.createStatement()) {
                        assertThat(found(statement, refusal.getKey())).containsExactly("of B");
                        assertThat(way).isEqualTo(Way.SESSION);
                    } catch (SQLException refused) {
                        assertThat(refused.getSQLState()).isEqualTo(refusal.getValue());
                        assertThat(way).isEqualTo(Way.TRANSACTION);
                    }
                }
            });
        }
    }

    private static List<String> found(Statement statement, String text) throws SQLException {
        statement.execute(text);
        return NaiveFold.last(statement);
    }
}
