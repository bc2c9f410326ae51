package dev.tenancy.example.benchmarks.roundtrips;

import dev.tenancy.jdbc.TenantBinding;
import dev.tenancy.jdbc.TenantDataSource;
import java.util.List;
import javax.sql.DataSource;

/**
 * One of the library's ways.
 *
 * @param label what it is called
 * @param binding how it binds
 */
record Ours(String label, TenantBinding binding) implements Way {
    static final List<Way> ALL =
            List.of(new Ours("folded", TenantBinding.transaction()), new Ours("session", TenantBinding.session()));

    @Override
    public Borrowing over(DataSource pool) {
        return TenantDataSource.wrap(pool, binding)::getConnection;
    }
}
