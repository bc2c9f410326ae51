package dev.tenancy.ratelimit;

import dev.tenancy.TenantId;
import dev.tenancy.ratelimit.BudgetLedger.Account;
import dev.tenancy.ratelimit.BudgetLedger.Balance;
import dev.tenancy.ratelimit.BudgetLedger.CostRecord;
import dev.tenancy.ratelimit.BudgetLedger.Entry;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads what the tables of {@link PostgresBudgetLedger} have. What is due counts as if it had ended. */
final class LedgerReports {
    private static final String BALANCES = """
            SELECT a.budget, a.subject, a.period, a.spent + coalesce(due.charge, 0), a.reserved - coalesce(due.amount, 0), a.told
            FROM tenancy_budget AS a LEFT JOIN (
                SELECT p.budget, p.subject, p.period, sum(r.amount)::bigint AS amount,
                    sum(CASE WHEN r.charged_when_expired THEN r.amount ELSE 0 END)::bigint AS charge
                FROM tenancy_budget_reservation AS r, unnest(r.budgets, r.subjects, r.periods) AS p (budget, subject, period)
                WHERE r.tenant_id = ? AND r.ended_at IS NULL AND r.expires_at <= statement_timestamp()
                GROUP BY p.budget, p.subject, p.period
            ) AS due ON due.budget = a.budget AND due.subject = a.subject AND due.period = a.period
            WHERE a.tenant_id = ?
            """;

    private static final String BALANCE = BALANCES + " AND a.budget = ? AND a.subject = ? AND a.period = ?";
    private static final String ENTRIES = BALANCES + " ORDER BY a.budget, a.subject, a.period";

    private static final String COSTS = """
            FROM (
                SELECT r.id, r.tag, r.amount, r.late, coalesce(r.ended_at, r.expires_at) AS at, r.budgets, r.subjects, r.periods,
                    CASE WHEN r.state = 'open' THEN r.amount ELSE r.charge END AS charge
                FROM tenancy_budget_reservation AS r
                WHERE r.tenant_id = ? AND (r.state <> 'open' OR r.charged_when_expired AND r.expires_at <= statement_timestamp())
            ) AS cost
            WHERE charge > 0 AND (?, ?, ?) IN (SELECT * FROM unnest(budgets, subjects, periods))
            """;

    private static final String BY_TAG = "SELECT tag, sum(charge)::bigint " + COSTS + " GROUP BY tag ORDER BY tag";
    private static final String RECORDS =
            "SELECT id, tag, amount, charge, late, at " + COSTS + " ORDER BY at DESC, id LIMIT ?";

    private final LedgerTransactions transactions;

    LedgerReports(LedgerTransactions transactions) {
        this.transactions = transactions;
    }

    Balance balance(TenantId tenant, Account account) {
        return transactions.run(BALANCE, statement -> {
            statement.setString(1, tenant.value());
            LedgerParameters.bind(statement, 2, tenant, account);
            List<Entry> found = entries(statement);
            return found.isEmpty() ? new Balance(0, 0, 0) : found.get(0).balance();
        });
    }

    List<Entry> entries(TenantId tenant) {
        return transactions.run(ENTRIES, statement -> {
            statement.setString(1, tenant.value());
            statement.setString(2, tenant.value());
            return entries(statement);
        });
    }

    private static List<Entry> entries(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            List<Entry> entries = new ArrayList<>();
            while (row.next()) {
                entries.add(new Entry(
                        new Account(row.getString(1), row.getString(2), row.getString(3)),
                        new Balance(row.getLong(4), row.getLong(5), row.getInt(6))));
            }
            return entries;
        }
    }

    Map<String, Long> spentByTag(TenantId tenant, Account account) {
        return transactions.run(BY_TAG, statement -> {
            LedgerParameters.bind(statement, 1, tenant, account);
            try (ResultSet row = statement.executeQuery()) {
                Map<String, Long> byTag = new LinkedHashMap<>();
                while (row.next()) {
                    byTag.put(row.getString(1), row.getLong(2));
                }
                return byTag;
            }
        });
    }

    List<CostRecord> costs(TenantId tenant, Account account, int most) {
        return transactions.run(RECORDS, statement -> {
            statement.setInt(LedgerParameters.bind(statement, 1, tenant, account), most);
            try (ResultSet row = statement.executeQuery()) {
                List<CostRecord> records = new ArrayList<>();
                while (row.next()) {
                    records.add(new CostRecord(
                            row.getString(1),
                            row.getString(2),
                            row.getLong(3),
                            row.getLong(4),
                            row.getBoolean(5),
                            row.getTimestamp(6).toInstant()));
                }
                return records;
            }
        });
    }
}
