package dev.tenancy.example.benchmarks.roundtrips;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.tenancy.TenantContext;
import java.sql.Connection;
import java.sql.SQLException;

/** One way over one wire, with a pool of one connection. */
final class Lane implements AutoCloseable {
    private final Way way;
    private final HikariDataSource pool;
    private final Way.Borrowing borrowing;

    private Lane(Way way, HikariDataSource pool) {
        this.way = way;
        this.pool = pool;
        this.borrowing = way.over(pool);
    }

    static Lane open(Way way, String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(1);
        return new Lane(way, new HikariDataSource(config));
    }

    Way way() {
        return way;
    }

    /** Does a unit of work in the name of whose turn it is, from borrowing to giving back. */
    void run(Scenario scenario, int unit) throws SQLException {
        Borrower borrower = scenario.borrower(unit);
        TenantContext.run(borrower.identity(), () -> {
            Connection connection = borrowing.borrow();
            try {
                scenario.work().run(connection, way.table(), borrower.firstNote());
            } finally {
                borrowing.giveBack(connection);
            }
        });
    }

    @Override
    public void close() {
        pool.close();
    }
}
