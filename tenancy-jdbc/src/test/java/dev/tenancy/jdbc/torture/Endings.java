package dev.tenancy.jdbc.torture;

import com.zaxxer.hikari.HikariDataSource;
import dev.tenancy.jdbc.TenantBinding;
import dev.tenancy.jdbc.TenantConnection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;

/** How a borrower leaves its connection: nothing of this reaches the next one. */
enum Endings {
    CLOSE {
        @Override
        void leave(Borrowed b) throws SQLException {
            b.connection.close();
        }
    },
    CLOSE_TWICE {
        @Override
        void leave(Borrowed b) throws SQLException {
            b.connection.close();
            b.connection.close();
            b.failsAlone("08003", b.connection::createStatement);
        }
    },
    USE_AFTER_CLOSE {
        @Override
        void leave(Borrowed b) throws SQLException {
            Statement statement = b.statement();
            b.connection.close();
            b.failsAlone("08003", () -> statement.executeUpdate("UPDATE items SET body = 'after the close'"));
            b.failsAlone("08003", b.connection::commit);
        }
    },
    ABORT {
        @Override
        void leave(Borrowed b) throws SQLException {
            b.connection.abort(Runnable::run);
            if (b.flip()) {
                b.connection.close();
            }
        }
    },
    EVICTED_BY_THE_POOL {
        @Override
        void leave(Borrowed b) throws SQLException {
            HikariDataSource pool = b.bench.pool();
            pool.getHikariPoolMXBean().softEvictConnections();
            b.connection.close();
        }
    },
    EVICTED_BY_HAND {
        @Override
        void leave(Borrowed b) throws SQLException {
            b.bench
                    .pool()
                    .evictConnection(b.connection.unwrap(TenantConnection.class).physicalConnection());
            b.connection.close();
        }
    },
    AMBUSHED {
        @Override
        void leave(Borrowed b) throws SQLException {
            if (!b.ledger.isFailed()) {
                ambush(b);
            }
            b.connection.close();
        }
    };

    /** All that leave nothing which the same identity would meet again. */
    static final List<Endings> PEACEFUL =
            Stream.of(values()).filter(ending -> ending != AMBUSHED).toList();

    /** SQL that changes what the next borrower's SQL would mean. */
    private static final List<String> AMBUSHES = List.of(
            "SET search_path = ambush, public",
            "SET " + TenantBinding.SETTING + " = 'somebody-else'",
            "SET default_transaction_read_only = on",
            "SET row_security = off",
            "SET standard_conforming_strings = off",
            "SET statement_timeout = 1",
            "CREATE TEMPORARY TABLE IF NOT EXISTS items (id bigint, body text)",
            "DEALLOCATE ALL");

    /** The same, by SQL that does not show it. */
    private static final List<String> HIDDEN_AMBUSHES = List.of(
            "SELECT set_config('default_transaction_read_only', 'on', false)",
            "SELECT pg_advisory_lock(42)",
            "SELECT set_config('search_path', 'ambush', false)",
            "SELECT set_config('" + TenantBinding.SETTING
                    + "', 'somebody-else', false), set_config('torture.hidden', 'yes', false)",
            "SELECT public.hidden_ambush()");

    /** One ambush may be the end of the next. */
    private static void ambush(Borrowed b) throws SQLException {
        int times = 1 + b.random.nextInt(3);
        boolean hidden = b.flip();
        try {
            for (int i = 0; i < times; i++) {
                b.statement().execute(Texts.one(hidden ? HIDDEN_AMBUSHES : AMBUSHES, b.random));
            }
        } catch (SQLException caughtItself) {
            return;
        }
        if (b.flip() && !b.connection.getAutoCommit()) {
            b.connection.commit();
            b.ledger.commit();
        }
    }

    abstract void leave(Borrowed b) throws SQLException;
}
