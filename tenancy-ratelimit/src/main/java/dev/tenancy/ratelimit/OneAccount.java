package dev.tenancy.ratelimit;

import static dev.tenancy.ratelimit.BudgetLedger.NO_LIMIT;

import dev.tenancy.TenantId;
import dev.tenancy.ratelimit.BudgetLedger.Balance;
import dev.tenancy.ratelimit.BudgetLedger.Hold;
import dev.tenancy.ratelimit.BudgetLedger.Line;
import dev.tenancy.ratelimit.BudgetLedger.Outcome;
import dev.tenancy.ratelimit.BudgetLedger.Result;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * The usual course of a reservation in a single account and without a key, without the functions of the ledger, which
 * take PostgreSQL half as long again. Empty, and nothing done, where things are not usual: the functions say then what
 * is so.
 */
final class OneAccount {
    /** Now and then it leaves the account to the function, which takes off what expired. */
    private static final String RESERVE = """
            WITH room AS (
                UPDATE tenancy_budget SET reserved = reserved + ?
                WHERE tenant_id = ? AND budget = ? AND subject = ? AND period = ? AND spent + reserved <= ?
                    AND random() >= 0.02
                RETURNING tenant_id, budget, subject, period, spent, reserved, told
            ), hold AS (
                INSERT INTO tenancy_budget_reservation (tenant_id, id, budgets, subjects, periods, tag, amount, expires_at,
                    charged_when_expired, state, reserved_at)
                SELECT tenant_id, ?, ARRAY[budget], ARRAY[subject], ARRAY[period], ?, ?,
                    clock_timestamp() + ? * interval '1 second', ?, 'open', clock_timestamp()
                FROM room
            )
            SELECT spent, reserved, told FROM room
            """;

    private static final String SETTLE = """
            WITH ended AS (
                UPDATE tenancy_budget_reservation
                SET state = ?, charge = ?, late = expires_at <= clock_timestamp(), ended_at = clock_timestamp()
                WHERE tenant_id = ? AND id = ? AND state = 'open' AND cardinality(budgets) = 1
                RETURNING tenant_id, budgets[1] AS budget, subjects[1] AS subject, periods[1] AS period, amount, charge, late
            )
            UPDATE tenancy_budget AS a SET spent = a.spent + ended.charge, reserved = a.reserved - ended.amount
            FROM ended
            WHERE a.tenant_id = ended.tenant_id AND a.budget = ended.budget AND a.subject = ended.subject
                AND a.period = ended.period
            RETURNING a.spent, a.reserved, a.told, ended.late
            """;

    /** PostgreSQL manual, appendix A. */
    private static final String UNIQUE_VIOLATION = "23505";

    private final LedgerTransactions transactions;

    OneAccount(LedgerTransactions transactions) {
        this.transactions = transactions;
    }

    Optional<Outcome> reserve(TenantId tenant, Hold hold) {
        if (!isUsual(hold)) {
            return Optional.empty();
        }
        Line line = hold.lines().get(0);
        return transactions.run(RESERVE, statement -> {
            statement.setLong(1, hold.amount());
            int next = LedgerParameters.bind(statement, 2, tenant, line.account());
            statement.setLong(next, line.limit() == NO_LIMIT ? NO_LIMIT : line.limit() - hold.amount());
            statement.setString(next + 1, hold.id());
            statement.setString(next + 2, hold.tag());
            statement.setLong(next + 3, hold.amount());
            statement.setDouble(next + 4, LedgerParameters.seconds(hold.lease()));
            statement.setBoolean(next + 5, hold.chargedWhenExpired());
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(outcome(Result.RESERVED, row)) : Optional.empty();
            } catch (SQLException failure) {
                if (UNIQUE_VIOLATION.equals(failure.getSQLState())) {
                    return Optional.empty(); // the id was reserved before
                }
                throw failure;
            }
        });
    }

    Optional<Outcome> settle(TenantId tenant, Hold hold, long charge, String state) {
        if (!isUsual(hold)) {
            return Optional.empty();
        }
        return transactions.run(SETTLE, statement -> {
            statement.setString(1, state);
            statement.setLong(2, charge);
            statement.setString(3, tenant.value());
            statement.setString(4, hold.id());
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        ? Optional.of(outcome(row.getBoolean(4) ? Result.LATE : Result.SETTLED, row))
                        : Optional.empty();
            }
        });
    }

    /** What bears a key is locked before its account; a statement has no order in which it does that. */
    private static boolean isUsual(Hold hold) {
        return hold.lines().size() == 1 && !Expense.isIdOfAKey(hold.id());
    }

    private static Outcome outcome(Result result, ResultSet row) throws SQLException {
        return new Outcome(result, -1, List.of(new Balance(row.getLong(1), row.getLong(2), row.getInt(3))));
    }
}
