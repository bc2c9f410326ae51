package dev.tenancy.jdbc;

import static java.util.Objects.requireNonNull;

import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.jdbc.internal.OwnTransaction;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Signs what a connection is bound to, so that SQL which an attacker wrote cannot bind it to another tenant: any SQL
 * may set any custom setting of PostgreSQL, and none can sign.
 *
 * <pre>{@code
 * SealKey key = SealKey.fromEnvironment("TENANCY_SEAL_KEY");
 * TenantSeal.install(owner, key); // once, as the role that owns the tables
 * TenantDataSource source = TenantDataSource.builder(pool).seal(TenantSeal.of(key)).build();
 * }</pre>
 *
 * <p>The seal has the tenant, its readable tenants and when it expires, with their HMAC-SHA256 (RFC 2104). The server
 * checks it with its own {@code sha256} (PostgreSQL manual, section 9.5); no extension is needed. Policies made with
 * {@code sealed()} call a function that answers the tenant of the seal; of a seal that is forged, malformed, expired or
 * signed under a key that was dropped it answers NULL, which is nobody's. Where a connection is bound to such a seal
 * that is an error.
 *
 * <p><b>It does not hold against</b> whoever has the secret, owns the tables, or is a superuser. A seal can be read by
 * SQL on its own connection, and used on another one of the same role until it expires, for what it says:
 * {@link Builder#boundToSession()} prevents that too.
 *
 * <p><b>Keys are changed</b> in three steps: {@linkplain #install install} the new one beside the old one; sign with it
 * everywhere; {@linkplain #dropKey drop} the old one when its last seal has expired.
 *
 * <p>Immutable and thread-safe. {@link #toString()} has nothing of a secret.
 *
 * @since 0.1
 */
public final class TenantSeal {

    /** The setting of the PostgreSQL session that has the seal, and is empty for nobody. */
    public static final String SETTING = "tenancy.seal";

    private static final String FORM = "ts1";

    /** Form, key id, expiry, process, tenant, signature, and what is between them. */
    private static final int LONGEST_WITHOUT_READABLE = 3 + 32 + 20 + 11 + 128 + 64 + 6;

    private static final Duration LEAST_VALIDITY = Duration.ofSeconds(10);
    private static final Duration MOST_VALIDITY = Duration.ofDays(1);

    private final Supplier<SealKey> key;
    private final Duration validity;
    private final boolean boundToSession;
    private final Duration mostClockSkew;
    private final LongSupplier ticks;

    private TenantSeal(Builder builder) {
        this.key = builder.key;
        this.validity = builder.validity;
        this.boundToSession = builder.boundToSession;
        this.mostClockSkew = builder.mostClockSkew;
        this.ticks = builder.ticks;
    }

    /** {@return a seal under one key, that expires after five minutes} */
    public static TenantSeal of(SealKey key) {
        return builder(key).build();
    }

    /** {@return a builder of a seal under one key} */
    public static Builder builder(SealKey key) {
        requireNonNull(key, "key");
        return builder(() -> key);
    }

    /**
     * {@return a builder of a seal under the key that {@code key} has at the time}
     *
     * @param key where the key comes from, a secret manager for example; asked for each seal, so it remembers the key;
     *     thread-safe. What it throws, whoever borrows a connection gets
     */
    public static Builder builder(Supplier<SealKey> key) {
        return new Builder(requireNonNull(key, "key"));
    }

    /** {@return what {@link #install} runs, without keys, as one text for Flyway or Liquibase} */
    public static String sql() {
        return String.join(";\n", SealFunctions.statements()) + ";\n";
    }

    /**
     * Makes what the server needs to check seals (the schema {@code tenancy}), and stores keys there. May be run again:
     * what is there already stays.
     *
     * @param owner a connection of the role that owns the tables, and is not the application's; is not closed. In its
     *     open transaction, or in one of its own if it is in autocommit; waits for others that do the same, for ten
     *     minutes at most (55P03)
     * @throws SQLException if the schema has something that belongs to another role, a key of that id has another
     *     secret (23505), or a statement fails
     */
    public static void install(Connection owner, SealKey... keys) throws SQLException {
        OwnTransaction.run(owner, () -> {
            try (Statement statement = owner.createStatement()) {
                for (String sql : SealFunctions.statements()) {
                    statement.execute(sql);
                }
            }
            for (SealKey key : keys) {
                storeKey(owner, key);
            }
        });
    }

    private static void storeKey(Connection owner, SealKey key) throws SQLException {
        try (PreparedStatement insert =
                owner.prepareStatement("INSERT INTO tenancy.seal_key (id, inner_pad, outer_pad) SELECT id, inner_pad,"
                        + " outer_pad FROM (VALUES (?::text, ?::bytea, ?::bytea)) AS new (id, inner_pad, outer_pad)"
                        + " WHERE NOT EXISTS (SELECT FROM tenancy.seal_key AS k WHERE k.id = new.id"
                        + " AND k.inner_pad = new.inner_pad AND k.outer_pad = new.outer_pad)")) {
            insert.setString(1, key.id());
            insert.setBytes(2, key.innerPad());
            insert.setBytes(3, key.outerPad());
            insert.executeUpdate();
        }
    }

    /**
     * Drops a key: seals under it are accepted no more, but for transactions with a snapshot from before.
     *
     * @param owner a connection of the role that {@linkplain #install installed} it; is not closed
     * @return whether there was one of that id
     * @throws SQLException if it cannot be deleted
     */
    public static boolean dropKey(Connection owner, String id) throws SQLException {
        try (PreparedStatement delete = owner.prepareStatement("DELETE FROM tenancy.seal_key WHERE id = ?")) {
            delete.setString(1, id);
            return delete.executeUpdate() > 0;
        }
    }

    /**
     * The seal of an identity. No part can have a semicolon or a comma, so that none can pass for two.
     *
     * @param now the server's time
     * @param backendPid the server's process
     */
    String of(TenantIdentity identity, Instant now, int backendPid) {
        SealKey signing = key.get();
        String session = boundToSession ? Integer.toString(backendPid) : "";
        String readable = identity.readableTenants().stream()
                .map(TenantId::value)
                .map(tenant -> "," + tenant)
                .sorted()
                .collect(Collectors.joining());
        long expires = now.plus(validity).getEpochSecond();
        String signed = String.join(
                ";",
                FORM,
                signing.id(),
                Long.toString(expires),
                session,
                identity.tenantId().value(),
                readable,
                "");
        return signed + signing.sign(signed);
    }

    /** Refuses an identity whose seal would be so long that the server accepts it from nobody. */
    static void requireFits(TenantIdentity identity) throws SQLException {
        int most = SealFunctions.MOST_CHARACTERS - LONGEST_WITHOUT_READABLE;
        int length = identity.readableTenants().stream()
                .mapToInt(tenant -> 1 + tenant.value().length())
                .sum();
        if (length > most) {
            throw new SQLException(
                    "the names of the identity's " + identity.readableTenants().size() + " readable tenants have "
                            + length + " characters; allowed in a seal: " + most,
                    SqlStates.REFUSED);
        }
    }

    /**
     * Whether a seal that was made at this time of {@link System#nanoTime} is to be replaced by a new one: after half
     * of its time, so that none expires in use.
     */
    boolean isOld(long madeAt) {
        return ticks.getAsLong() - madeAt > validity.toNanos() / 2;
    }

    /** Refuses a server whose clock differs so much that somebody has to look at it. */
    void requireClock(Duration ahead) throws SQLException {
        if (ahead.abs().compareTo(mostClockSkew) > 0) {
            throw new SQLException(
                    "the clocks of the database and of this host differ by "
                            + ahead.abs().toSeconds() + " s; allowed for a seal: " + mostClockSkew.toSeconds() + " s",
                    SqlStates.CANNOT_BE_BOUND);
        }
    }

    /** The same, accepted for another time. */
    TenantSeal lasting(Duration otherValidity) {
        Builder same = new Builder(key);
        same.validity = otherValidity;
        same.mostClockSkew = mostClockSkew;
        same.ticks = ticks;
        same.boundToSession = boundToSession;
        return same.build();
    }

    boolean isBoundToSession() {
        return boundToSession;
    }

    @Override
    public String toString() {
        return "TenantSeal[" + validity + (boundToSession ? ", bound to the session]" : "]");
    }

    /**
     * Says how a seal is made. Not thread-safe.
     *
     * @since 0.1
     */
    public static final class Builder {
        private final Supplier<SealKey> key;
        private Duration validity = Duration.ofMinutes(5);
        private Duration mostClockSkew = Duration.ofMinutes(5);
        private LongSupplier ticks = System::nanoTime;
        private boolean boundToSession;

        private Builder(Supplier<SealKey> key) {
            this.key = key;
        }

        /**
         * Sets for how long a seal is accepted; five minutes if this is not called. A connection gets a new one in
         * time; only a single statement that runs for longer finds no more rows in what it has not begun to read.
         *
         * @param validity in whole seconds, from ten seconds to one day
         * @throws IllegalArgumentException if it is not in its range
         */
        public Builder validity(Duration validity) {
            if (validity.compareTo(LEAST_VALIDITY) < 0 || validity.compareTo(MOST_VALIDITY) > 0) {
                throw new IllegalArgumentException("the validity of a seal is " + validity + "; allowed: "
                        + LEAST_VALIDITY + " to " + MOST_VALIDITY);
            }
            this.validity = validity;
            return this;
        }

        /**
         * Makes a seal good for the server's session that it was made for, and for no other. Not behind a pooler that
         * shares sessions.
         */
        public Builder boundToSession() {
            this.boundToSession = true;
            return this;
        }

        /**
         * Sets by how much the clock of the database may differ from the one here; five minutes if this is not called.
         * The difference is measured once in each session, and seals expire by the clock of the database; where it is
         * more than this, no connection is bound (08006).
         *
         * @param most zero to one day
         * @throws IllegalArgumentException if it is not in its range
         */
        public Builder mostClockSkew(Duration most) {
            if (most.isNegative() || most.compareTo(MOST_VALIDITY) > 0) {
                throw new IllegalArgumentException(
                        "mostClockSkew of a seal is " + most + "; allowed: zero to " + MOST_VALIDITY);
            }
            this.mostClockSkew = most;
            return this;
        }

        /** Sets what tells time instead of {@link System#nanoTime}. */
        Builder ticks(LongSupplier ticks) {
            this.ticks = ticks;
            return this;
        }

        /** {@return the seal} */
        public TenantSeal build() {
            return new TenantSeal(this);
        }
    }
}
