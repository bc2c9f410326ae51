package dev.tenancy.jdbc;

import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a session is told of whom it serves: settings of PostgreSQL, with values that are always parameters. Compared by
 * identity; immutable.
 *
 * <p>Every function is qualified, since a function of that name in an attacker's schema must not be found first.
 */
final class BoundSettings {
    /** The ids of the tenants that may be read too, with commas between; a seal has them itself. */
    static final String READABLE_TENANTS = "tenancy.readable_tenants";

    /** Those of the library: the values are empty in a session that is nobody's. */
    static final List<String> NAMES =
            List.of(TenantBinding.SETTING, BoundSettings.READABLE_TENANTS, TenantSeal.SETTING);

    private static final String SEARCH_PATH = "search_path";
    private static final String REQUIRE_TENANT = SealFunctions.SCHEMA + ".require_tenant()";

    private final TenantColumn column;
    private final @Nullable TenantSeal seal;
    private final @Nullable TenantSchemas schemas;
    private final List<String> names;
    private final Prologue bind;
    private final Prologue lookAndBind;

    BoundSettings(TenantColumn column, @Nullable TenantSeal seal, @Nullable TenantSchemas schemas) {
        this.column = column;
        this.seal = seal;
        this.schemas = schemas;
        List<String> told = new ArrayList<>(List.of(TenantBinding.SETTING));
        told.add(seal == null ? READABLE_TENANTS : TenantSeal.SETTING);
        if (schemas != null) {
            told.add(SEARCH_PATH);
        }
        this.names = List.copyOf(told);
        this.bind = Prologue.bind(this);
        this.lookAndBind = Prologue.lookAndBind(this);
    }

    boolean areSealed() {
        return seal != null;
    }

    boolean needOwnSession() {
        return seal != null && seal.isBoundToSession();
    }

    /** Binds, and nothing else. */
    Prologue bind() {
        return bind;
    }

    /** Looks what the session is like, and binds. */
    Prologue lookAndBind() {
        return lookAndBind;
    }

    /** The statements that bind the transaction, without semicolons between and behind them. */
    List<String> bindTransaction() {
        String bind = "SELECT " + setAll(value -> value, true);
        return seal == null ? List.of(bind) : List.of(bind, "SELECT " + REQUIRE_TENANT);
    }

    /**
     * The statements that bind the session, if it is the one of this server process: nothing is set in one that others
     * share. The first has one row with the process, {@code pid}.
     */
    String bindSession(Optional<TenantIdentity> identity, int backendPid) {
        String process = ", pg_catalog.pg_backend_pid() AS pid";
        if (identity.isEmpty()) {
            return unbindSession() + process;
        }
        String isOurs = "pg_catalog.pg_backend_pid() OPERATOR(pg_catalog.=) " + backendPid;
        String bind =
                "SELECT " + setAll(value -> "CASE WHEN " + isOurs + " THEN " + value + " ELSE '' END", false) + process;
        return seal == null ? bind : bind + ";SELECT CASE WHEN " + isOurs + " THEN " + REQUIRE_TENANT + " END";
    }

    /** The statement that makes a session nobody's. */
    static String unbindSession() {
        return NAMES.stream()
                .map(name -> "pg_catalog.set_config('" + name + "', '', false)")
                .collect(Collectors.joining(", ", "SELECT ", ""));
    }

    private String setAll(UnaryOperator<String> value, boolean local) {
        return names.stream()
                .map(name -> "pg_catalog.set_config('" + name + "', " + value.apply("?") + ", " + local + ")")
                .collect(Collectors.joining(", "));
    }

    /** How many parameters the statements have. */
    int parameters() {
        return names.size();
    }

    /** Sets the parameters: the first ones of {@code statement}. */
    void setParameters(PreparedStatement statement, Optional<TenantIdentity> identity, ServerSession session)
            throws SQLException {
        if (identity.isPresent()) {
            int parameter = 1;
            statement.setString(parameter++, identity.get().tenantId().value());
            statement.setString(
                    parameter++, seal == null ? readableBy(identity.get()) : session.sealed(seal, identity.get()));
            if (schemas != null) {
                statement.setString(
                        parameter, schemas.searchPathOf(identity.get().tenantId()));
            }
        }
    }

    /** No id has a comma. */
    private static String readableBy(TenantIdentity identity) {
        return identity.readableTenants().isEmpty()
                ? ""
                : identity.readableTenants().stream().map(TenantId::value).collect(Collectors.joining(","));
    }

    /** Whether they decide what a name in a statement means, so that it must not be described before they are told. */
    boolean decideNames() {
        return schemas != null;
    }

    /** Refuses an identity that cannot be told to any session; waits until its schema is there. */
    void require(Optional<TenantIdentity> identity) throws SQLException {
        if (identity.isEmpty()) {
            return;
        }
        boolean fits = column.holds(identity.get().tenantId())
                && identity.get().readableTenants().stream().allMatch(column::holds);
        if (!fits) {
            throw new SQLException(
                    "the id of the current tenant, or of one that it may read, cannot be in a tenant column of type "
                            + column.sqlType() + "; allowed: " + column.allowed(),
                    SqlStates.REFUSED);
        }
        if (seal != null) {
            TenantSeal.requireFits(identity.get());
        }
        if (schemas != null) {
            schemas.await(identity.get().tenantId());
        }
    }

    /** Whether they have to be told again, if they were told at this time of {@link System#nanoTime}. */
    boolean areOld(long toldAt) {
        return seal != null && seal.isOld(toldAt);
    }

    /** Refuses a server whose clock is not what it should be. */
    void requireClock(ServerSession session) throws SQLException {
        Baseline baseline = session.baseline();
        if (seal != null && baseline != null) {
            seal.requireClock(baseline.clockAhead());
        }
    }

    /** Whether a binding failed because the server does not accept what it was told. */
    static boolean wereRefused(SQLException failure) {
        return SealFunctions.NOT_ACCEPTED.equals(failure.getSQLState());
    }
}
