package dev.tenancy.jdbc.differential;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.tenancy.TenantContext;
import dev.tenancy.jdbc.Tenants;
import dev.tenancy.jdbc.Thoroughness;
import dev.tenancy.jdbc.Way;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/**
 * A connection that is bound to a tenant does what a connection of the driver does, but for what a case says of itself.
 *
 * <p>Each case is run on new connections: of the driver, bound by hand, and of a TenantDataSource in each way; as the
 * first thing that is done, and after a query; in autocommit, and in a transaction. In each build a case has one start
 * in autocommit and one in a transaction, and with them each way; {@code -Psoak} has all, and so has a case that
 * differs.
 */
class DifferentialIT {
    /** Only one that begins without a query is run in each way. */
    private static final List<List<Start>> STARTS =
            List.of(List.of(Start.NEW, Start.IN_TRANSACTION), List.of(Start.USED, Start.NEW_TRANSACTION));

    @SuppressWarnings("NullAway.Init")
    private static ThingsDatabase things;

    /** It would tell of each session that a case breaks on purpose. */
    private static final Logger SECURITY = (Logger) LoggerFactory.getLogger("dev.tenancy.security");

    @BeforeAll
    static void create() throws SQLException {
        SECURITY.setLevel(Level.OFF);
        things = new ThingsDatabase();
    }

    @AfterAll
    static void close() throws SQLException {
        things.close();
        SECURITY.setLevel(null);
    }

    static Stream<Case> cases() {
        return Stream.of(
                        StatementCases.ALL,
                        TextCases.ALL,
                        PreparedCases.ALL,
                        DescribedCases.ALL,
                        ParameterCases.ALL,
                        BatchCases.ALL,
                        KeyCases.ALL,
                        CallCases.ALL,
                        RowCases.ALL,
                        ValueCases.ALL,
                        ErrorCases.ALL,
                        TransactionCases.ALL,
                        ConnectionCases.ALL,
                        MetaDataCases.ALL)
                .flatMap(List::stream);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aBoundConnectionDoesWhatTheDriverDoes(Case testCase) throws Exception {
        List<String> differences = new ArrayList<>();
        boolean differs = false;
        boolean mayDifferAnywhere = false;
        for (Start start : startsOf(testCase)) {
            String expected = seen(testCase, start, things.byHand());
            for (Way way : start.waysThatMayDiffer()) {
                String seen = seen(testCase, start, things.bound(way));
                boolean mayDiffer = testCase.where().test(way, start);
                mayDifferAnywhere |= mayDiffer;
                differs |= mayDiffer && !seen.equals(expected);
                if (!mayDiffer && !seen.equals(expected)) {
                    differences.add(way + " " + start + "\n-- driver\n" + expected + "\n-- bound\n" + seen);
                }
            }
        }
        assertThat(String.join("\n\n", differences)).as(testCase.name()).isEmpty();
        assertThat(differs).as("differs, as it says").isEqualTo(mayDifferAnywhere);
        assertThat(mayDifferAnywhere)
                .as("says why it differs")
                .isEqualTo(!testCase.differs().isEmpty());
    }

    private static List<Start> startsOf(Case testCase) {
        if (!testCase.differs().isEmpty()) {
            return List.of(Start.values());
        }
        return Thoroughness.oneOrAll(STARTS, testCase.name()).stream()
                .flatMap(List::stream)
                .toList();
    }

    private static String seen(Case testCase, Start start, Connection connection) throws Exception {
        things.reset();
        return TenantContext.call(Tenants.A, () -> {
            try (connection) {
                start.of(connection);
                return Seen.outcome(() -> testCase.calls().on(connection));
            }
        });
    }

    @Test
    void namesAreGivenOnce() {
        assertThat(cases().map(Case::name)).doesNotHaveDuplicates();
    }
}
