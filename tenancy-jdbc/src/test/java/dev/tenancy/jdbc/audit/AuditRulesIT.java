package dev.tenancy.jdbc.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each rule finds the database that is wrong in its way, is silent on one that has the same done right, and its own SQL
 * turns the first into one on which it is silent. Everything in transactions that are rolled back.
 */
class AuditRulesIT {
    /** What no transaction can make wrong is in ServerRulesIT and IsolationAuditIT. */
    private static final Set<String> ELSEWHERE = Set.of(
            "setting-tenant-of-server",
            "server-prepared-transactions",
            "server-flaws",
            "server-unsupported",
            "allowed-nothing");

    private static AuditedDatabase database;
    private static Connection superuser;

    @BeforeAll
    static void create() throws SQLException {
        database = AuditedDatabase.hardened();
        superuser = database.superuser();
        superuser.setAutoCommit(false);
    }

    @AfterAll
    static void close() throws SQLException {
        superuser.close();
    }

    @AfterEach
    void rollBack() throws SQLException {
        superuser.rollback();
    }

    static Stream<RuleCase> cases() {
        return RuleCase.all().stream();
    }

    @Test
    void everyRuleHasACase() {
        Set<String> tested = cases().map(RuleCase::rule).collect(Collectors.toCollection(TreeSet::new));
        tested.addAll(ELSEWHERE);

        assertThat(tested)
                .isEqualTo(IsolationAudit.rules().stream()
                        .map(AuditRule::id)
                        .collect(Collectors.toCollection(TreeSet::new)));
        assertThat(tested).hasSizeGreaterThanOrEqualTo(75);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isFoundWhereItIsWrongAndMendedByItsOwnSql(RuleCase each) throws SQLException {
        assumeTrue(superuser.getMetaData().getDatabaseMajorVersion() >= each.since());
        database.run(superuser, each.wrong());
        List<Finding> found = findings();
        assertThat(found).as("broken").extracting(f -> f.rule().id()).contains(each.rule());
        assertThat(idsOf(found)).as("broken in this way only").isSubsetOf(with(each.also(), each.rule()));

        List<String> mends = found.stream()
                .filter(finding -> finding.rule().id().equals(each.rule()))
                .map(Finding::mend)
                .flatMap(Optional::stream)
                .toList();
        if (mends.isEmpty()) {
            assertThat(IsolationAudit.rule(each.rule()).why()).contains("No SQL");
        }
        database.run(superuser, each.byHand().isEmpty() ? mends : each.byHand());
        assertThat(idsOf(findings())).as("mended").isSubsetOf(each.also()).doesNotContain(each.rule());
    }

    @Test
    void allAreSilentWhereNothingIsWrong() throws SQLException {
        assertThat(findings()).isEmpty();
    }

    static Stream<RuleCase> casesThatCanBeDoneRight() {
        return cases().filter(each -> !each.right().isEmpty());
    }

    @ParameterizedTest
    @MethodSource("casesThatCanBeDoneRight")
    void isSilentWhereTheSameIsDoneRight(RuleCase each) throws SQLException {
        assumeTrue(superuser.getMetaData().getDatabaseMajorVersion() >= each.since());
        database.run(superuser, each.right());

        assertThat(findings())
                .as("right")
                .filteredOn(finding -> finding.rule().id().equals(each.rule()))
                .isEmpty();
    }

    private static Set<String> with(Set<String> some, String more) {
        Set<String> all = new TreeSet<>(some);
        all.add(more);
        return all;
    }

    private static List<Finding> findings() throws SQLException {
        return database.audit().run(superuser).findings();
    }

    private static Set<String> idsOf(List<Finding> findings) {
        return findings.stream().map(finding -> finding.rule().id()).collect(Collectors.toCollection(TreeSet::new));
    }
}
