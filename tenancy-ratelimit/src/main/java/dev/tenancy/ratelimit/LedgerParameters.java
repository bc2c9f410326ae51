package dev.tenancy.ratelimit;

import dev.tenancy.TenantId;
import dev.tenancy.ratelimit.BudgetLedger.Account;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;

/** How values are given to the statements of {@link PostgresBudgetLedger}. */
final class LedgerParameters {
    private LedgerParameters() {}

    /** Binds an account from a position on, and tells which position is next. */
    static int bind(PreparedStatement statement, int position, TenantId tenant, Account account) throws SQLException {
        statement.setString(position, tenant.value());
        statement.setString(position + 1, account.budget());
        statement.setString(position + 2, account.subject());
        statement.setString(position + 3, account.period());
        return position + 4;
    }

    static double seconds(Duration time) {
        return time.toMillis() / 1e3;
    }
}
