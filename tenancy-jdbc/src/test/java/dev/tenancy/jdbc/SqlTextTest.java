package dev.tenancy.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a text of SQL is taken for. */
class SqlTextTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 1",
                " \n\tselect 1 ; ; -- the end",
                "/* a /* nested */ hint */ SELECT 1",
                "-- a line; COMMIT\nSELECT 1",
                "-- a line\rSELECT 1",
                "(SELECT 1) UNION (SELECT 2)",
                "WITH x AS (INSERT INTO t VALUES (1) RETURNING *) SELECT * FROM x",
                "VALUES (1)",
                "TABLE notes",
                "MERGE INTO t USING s ON true WHEN MATCHED THEN DO NOTHING",
                "INSERT INTO t VALUES (';COMMIT')",
                "INSERT INTO t VALUES ('it''s;COMMIT')",
                "INSERT INTO t VALUES (E'it\\';COMMIT')",
                "INSERT INTO t VALUES (E'it''s \\';COMMIT')",
                "INSERT INTO t VALUES ('\\'); -- ';COMMIT",
                "SELECT \"a;b\"\"c;COMMIT\" FROM t",
                "SELECT $$;COMMIT$$",
                "SELECT $a$;COMMIT$$;COMMIT$a$",
                "SELECT a$b$c FROM t",
                "SELECT (1;COMMIT)"
            })
    void aStatementOnRowsCanBeFolded(String sql) {
        assertThat(SqlText.of(sql, true).isFoldable()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SET search_path = x|SETTING",
                "RESET ALL|SETTING",
                "LISTEN x|SETTING",
                "SET LOCAL statement_timeout = 1|LOCAL_SETTING",
                "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE|LOCAL_SETTING",
                "LOCK TABLE notes|LOCAL_SETTING",
                "SHOW search_path|LOCAL_SETTING",
                "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY|SETTING",
                "SET CONSTRAINTS ALL IMMEDIATE|ANYTHING",
                "BEGIN|BEGIN",
                "START TRANSACTION|BEGIN",
                "SAVEPOINT s|BEGIN",
                "RELEASE s|BEGIN",
                "commit and chain|COMMIT",
                "END|COMMIT",
                "PREPARE TRANSACTION 'x'|COMMIT",
                "PREPARE x AS SELECT 1|ANYTHING",
                "ROLLBACK|ROLLBACK",
                "ABORT WORK|ROLLBACK",
                "ROLLBACK TO s|ROLLBACK_TO",
                "ROLLBACK /* x */ TRANSACTION TO SAVEPOINT s|ROLLBACK_TO",
                "CALL p()|ANYTHING",
                "{call f()}|ANYTHING",
                "DO $$BEGIN COMMIT; END$$|ANYTHING",
                "EXPLAIN SELECT 1|ANYTHING",
                "SELECT 1; SELECT 2|ANYTHING",
                "SELECT 1; COMMIT|SEVERAL_TRANSACTIONS",
                "COMMIT; SELECT 1|SEVERAL_TRANSACTIONS",
                "SELECT 1 /* ; */ ; /**/ ; rollback|SEVERAL_TRANSACTIONS",
                "SELECT ')'; END|SEVERAL_TRANSACTIONS",
                "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END|ANYTHING",
                "CREATE TABLE x (a int); COMMIT|SEVERAL_TRANSACTIONS",
                "CREATE TABLE x (a int) /* begin atomic */; COMMIT|SEVERAL_TRANSACTIONS",
                "CREATE TABLE x (a int DEFAULT f('begin atomic')); COMMIT|SEVERAL_TRANSACTIONS",
                "SELECT $\u0660$ ' $\u0660$; COMMIT; --'|SEVERAL_TRANSACTIONS",
                "SET LOCAL a.b = 1; SET LOCAL a.c = 2|LOCAL_SETTING",
                "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE; SET a.b = 1|SETTING",
                "-- nothing|CATALOG",
                ";;|CATALOG",
                "''|CATALOG",
                "SELECT 1; -- nothing|ROWS",
                "selection|ANYTHING"
            })
    void everyStatementIsOfAKind(String sql, SqlKind kind) {
        assertThat(SqlText.of(sql, true).kind()).isEqualTo(kind);
    }

    @Test
    void aBackslashEscapesWhereTheServerWasToldSo() {
        String sql = "SELECT '\\''; COMMIT --'";

        assertThat(SqlText.of(sql, true).isFoldable()).isTrue();
        assertThat(SqlText.of(sql, false).kind()).isEqualTo(SqlKind.SEVERAL_TRANSACTIONS);
    }

    @Test
    void noTextIsOfAnyKind() {
        assertThat(SqlText.of(null, true).kind()).isEqualTo(SqlKind.ANYTHING);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SELECT data ? 'a'|SELECT data ?? 'a'",
                "SELECT data ??& 'a'|SELECT data ??& 'a'",
                "SELECT data ???|SELECT data ????",
                "SELECT '?', \"?\", $$?$$, E'?' /* ? */ -- ?|SELECT '?', \"?\", $$?$$, E'?' /* ? */ -- ?"
            })
    void anOperatorIsNoParameter(String sql, String prepared) {
        SqlScanner statement = new SqlScanner(sql, 0, true);

        assertThat(statement.textWithEscapedQuestionMarks()).isEqualTo(prepared);
    }

    @Test
    void questionMarksAreParametersIfTheTextIsPrepared() {
        assertThat(SqlText.of("SELECT ?, '?', a ?? b FROM t WHERE c = ?", true).parameters())
                .isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"'", "\"", "$$", "$", "/*", "--", "E'\\", "(", ")", "?", "$a", "$1", "'a", "a$$", "/*/"})
    void aTextThatBreaksOffIsReadToItsEnd(String rest) {
        assertThat(SqlText.of("SELECT " + rest, true).isFoldable()).isTrue();
    }
}
