package dev.tenancy.jdbc.jdbi;

import dev.tenancy.TenantContext;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.argument.NamedArgumentFinder;
import org.jdbi.v3.core.spi.JdbiPlugin;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.StatementCustomizer;

/**
 * Binds {@code :tenantId} in the SQL of a Jdbi to the id of the current tenant, whatever the type of the tenant column;
 * and takes connections of pools that give them with autocommit off.
 *
 * <pre>{@code
 * Jdbi jdbi = Jdbi.create(tenantDataSource).installPlugin(new TenancyPlugin());
 * }</pre>
 *
 * <p>A statement with {@code :tenantId} fails without a current tenant ({@link dev.tenancy.NoTenantException}). The
 * policies hold whatever is bound. In a prepared batch the name stands for nothing, as Jdbi asks nobody there; leave
 * the column out, and its default is the current tenant.
 *
 * <p>Jdbi begins transactions by turning autocommit off, and takes a connection that comes with it off for one within a
 * transaction that somebody else commits: what it writes is lost when the connection goes back. So autocommit is turned
 * on. Immutable and thread-safe.
 *
 * @since 0.1
 */
public final class TenancyPlugin extends JdbiPlugin.Singleton {
    private static final String NAME = "tenantId";

    /** Makes the plugin, which has no settings. */
    public TenancyPlugin() {}

    @Override
    public void customizeJdbi(Jdbi jdbi) {
        jdbi.getConfig(SqlStatements.class).addCustomizer(new Binder());
    }

    @Override
    public Connection customizeConnection(Connection connection) throws SQLException {
        if (!connection.getAutoCommit()) {
            connection.setAutoCommit(true);
        }
        return connection;
    }

    /** Is asked when a statement has a name that the caller has not bound. */
    private static final class Binder implements StatementCustomizer, NamedArgumentFinder {
        @Override
        public void beforeBinding(PreparedStatement statement, StatementContext context) {
            if (context.getParsedSql().getParameters().getParameterNames().contains(NAME)) {
                context.getBinding().addNamedArgumentFinder(this);
            }
        }

        @Override
        public Optional<Argument> find(String name, StatementContext context) {
            return name.equals(NAME) ? Optional.of(Untyped.of(TenantContext.require())) : Optional.empty();
        }

        @Override
        public Collection<String> getNames() {
            return Set.of(NAME);
        }
    }
}
