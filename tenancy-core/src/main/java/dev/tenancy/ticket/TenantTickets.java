package dev.tenancy.ticket;

import dev.tenancy.NoTenantException;
import dev.tenancy.Resolution;
import dev.tenancy.TenancyConfigException;
import dev.tenancy.TenantContext;
import dev.tenancy.TenantIdentity;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The keys under which tickets are issued and opened.
 *
 * <pre>{@code
 * TenantTickets tickets = TenantTickets.builder().signWith("2030-01", secret).build();
 * message.setTicket(tickets.issueCurrent("invoices.render", Duration.ofHours(8)).value());
 * }</pre>
 *
 * <p>The other side opens a ticket with a {@link TicketTenantResolver}.
 *
 * <p><b>A ticket holds against</b> change of any part, another purpose, use after it expired, and what the catalog has
 * withdrawn since. It is signed with HMAC-SHA256 (RFC 2104) and not encrypted: who has it can read it. It carries no
 * attributes, since claims may be secret.
 *
 * <p><b>It does not hold against</b> theft: it is a credential, to be sent over TLS and not to be logged. Nor against
 * replay: it can be opened any number of times until it expires, since queues deliver again. One who must do a job once
 * remembers {@link TicketTenantResolver#TICKET_ID} until {@link TicketTenantResolver#EXPIRES_AT}. Nor against who has
 * the secret: every process that can open tickets can issue them, for any tenant. What the issuer's resolver had proven
 * (the subject, readable tenants that a token names) stays proven until the ticket expires, though the token may expire
 * before.
 *
 * <p><b>Keys are changed</b> in three steps. {@linkplain Builder#accept Accept} the new key everywhere; then sign with
 * it and accept the old one; then, when the last ticket of the old key has expired, drop that.
 *
 * <p>Immutable and thread-safe. {@link #toString()} has the ids of the keys and no secret.
 *
 * @since 0.1
 */
public final class TenantTickets {

    /** The most characters that a ticket may have. Many servers allow no more for all header fields of a request. */
    public static final int MAX_LENGTH = 8_192;

    static final String BAD_PURPOSE =
            "not a purpose of tickets; allowed: 1–128 characters, letters, digits, . _ : / -, first a letter or digit";

    private static final String FORM = "tt1.";
    private static final Duration LEAST_VALIDITY = Duration.ofMillis(1);
    private static final Pattern PURPOSE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}");

    private final TicketKey signing;
    private final Map<String, TicketKey> accepted;
    private final Duration longestValidity;
    private final Duration clockSkew;
    private final Clock clock;

    private TenantTickets(Builder builder, TicketKey signing) {
        this.signing = signing;
        this.accepted = Map.copyOf(builder.keys);
        this.longestValidity = builder.longestValidity;
        this.clockSkew = builder.clockSkew;
        this.clock = builder.clock;
    }

    /** {@return a builder without keys} */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * {@return a ticket of the identity that this thread works for}
     *
     * @param purpose what it is for, as in {@link #issue}
     * @param validity for how long it can be opened, as in {@link #issue}
     * @throws NoTenantException if there is none
     * @throws IllegalArgumentException as {@link #issue} does
     */
    public TenantTicket issueCurrent(String purpose, Duration validity) {
        return issue(TenantContext.require(), purpose, validity);
    }

    /**
     * {@return a ticket of {@code identity}}
     *
     * <p>It carries tenant, subject, the name of the resolver, and the readable tenants which that resolver had proven;
     * those that the catalog added are left out, since the catalog is asked again.
     *
     * @param purpose what it is for; only a resolver of the same purpose opens it. Best it names who receives the
     *     ticket and what for, so that no receiver can use it elsewhere. 1–128 characters: letters, digits, {@code . _
     *     : / -}, first a letter or digit
     * @param validity for how long it can be opened, in milliseconds, from 1 to {@link Builder#longestValidity}; for a
     *     job, as long as it may wait, with all tries
     * @throws IllegalArgumentException if {@code purpose} or {@code validity} is not as described, or the identity has
     *     so many readable tenants, or texts so long, that they do not fit
     */
    public TenantTicket issue(TenantIdentity identity, String purpose, Duration validity) {
        if (validity.compareTo(LEAST_VALIDITY) < 0 || validity.compareTo(longestValidity) > 0) {
            throw new IllegalArgumentException(
                    "validity is " + validity + "; allowed: " + LEAST_VALIDITY + " to " + longestValidity);
        }
        if (!isPurpose(purpose)) {
            throw new IllegalArgumentException(BAD_PURPOSE);
        }
        long now = clock.millis();
        TicketPayload payload = new TicketPayload(
                TicketPayload.randomId(), now, now + validity.toMillis(), purpose, identity.asProven());
        String signed = FORM + signing.id() + "." + payload.encode();
        return new TenantTicket(
                signed + "." + signing.sign(signed), payload.id(), Instant.ofEpochMilli(payload.expiresAt()));
    }

    /** What {@code value} proves; never throws. */
    Resolution open(String value, String purpose) {
        if (!value.startsWith(FORM)) {
            return Resolution.unrecognized();
        }
        int endOfSigned = value.lastIndexOf('.');
        int endOfKeyId = value.indexOf('.', FORM.length());
        if (value.length() > MAX_LENGTH || endOfKeyId < 0 || endOfKeyId == endOfSigned) {
            return Resolution.rejected("the ticket is malformed");
        }
        TicketKey key = accepted.get(value.substring(FORM.length(), endOfKeyId));
        if (key == null) {
            return Resolution.rejected("the ticket names a key that is not accepted");
        }
        if (!key.hasSigned(value.substring(0, endOfSigned), value.substring(endOfSigned + 1))) {
            return Resolution.rejected("the ticket is forged or damaged");
        }
        return TicketPayload.decode(value.substring(endOfKeyId + 1, endOfSigned))
                .map(payload -> judge(payload, purpose))
                .orElseGet(() -> Resolution.rejected("the ticket is signed, and not one of this version"));
    }

    private Resolution judge(TicketPayload payload, String purpose) {
        long now = clock.millis();
        if (!payload.purpose().equals(purpose)) {
            return Resolution.rejected("the ticket was issued for another purpose than " + purpose);
        }
        if (now >= payload.expiresAt()) {
            return Resolution.rejected("the ticket has expired");
        }
        if (payload.issuedAt() - clockSkew.toMillis() > now) {
            return Resolution.rejected("the ticket was issued in the future");
        }
        if (payload.expiresAt() - payload.issuedAt() > longestValidity.toMillis()) {
            return Resolution.rejected("the ticket is valid for longer than " + longestValidity);
        }
        return Resolution.resolved(payload.openedIdentity());
    }

    /** {@return whether tickets may be for {@code text}, see {@link #issue}} */
    public static boolean isPurpose(String text) {
        return PURPOSE.matcher(text).matches();
    }

    @Override
    public String toString() {
        return "TenantTickets[signs with " + signing + ", accepts " + accepted.values() + "]";
    }

    /**
     * Collects keys. Not thread-safe.
     *
     * @since 0.1
     */
    public static final class Builder {
        private static final int LEAST_SECRET_BYTES = 32;
        private static final Duration LONGEST_VALIDITY_ALLOWED = Duration.ofDays(366);
        private static final Duration LONGEST_SKEW_ALLOWED = Duration.ofMinutes(5);
        private static final Pattern KEY_ID = Pattern.compile("[A-Za-z0-9_-]{1,32}");

        private final Map<String, TicketKey> keys = new LinkedHashMap<>();
        private final Map<String, Integer> numbers = new HashMap<>();
        private final List<String> faults = new ArrayList<>();
        private int added;
        private boolean signs;
        private @Nullable TicketKey signing;
        private Duration longestValidity = Duration.ofHours(24);
        private Duration clockSkew = Duration.ofSeconds(30);
        private Clock clock = Clock.systemUTC();

        private Builder() {}

        /**
         * Sets the key that signs, which is also accepted.
         *
         * @param keyId stands in each ticket: 1–32 letters, digits, hyphens and underscores
         * @param secret at least 32 random bytes (RFC 2104 section 3), which are copied
         */
        public Builder signWith(String keyId, byte[] secret) {
            if (signs) {
                faults.add("there are two keys to sign with");
            }
            signs = true;
            signing = add(keyId, secret);
            return this;
        }

        /**
         * Adds a key whose tickets are opened, and that does not sign.
         *
         * @param keyId stands in each ticket: 1–32 letters, digits, hyphens and underscores
         * @param secret at least 32 random bytes, which are copied
         */
        public Builder accept(String keyId, byte[] secret) {
            add(keyId, secret);
            return this;
        }

        /**
         * Sets for how long a ticket may be valid at most, 1 ms to 366 days; 24 hours if not said, so that a job may
         * wait for a day.
         *
         * <p>It binds who issues and who opens. Where it is made longer, do so first where tickets are opened.
         */
        public Builder longestValidity(Duration longest) {
            if (longest.compareTo(LEAST_VALIDITY) < 0 || longest.compareTo(LONGEST_VALIDITY_ALLOWED) > 0) {
                faults.add("longestValidity is " + longest + "; allowed: " + LEAST_VALIDITY + " to "
                        + LONGEST_VALIDITY_ALLOWED);
            }
            this.longestValidity = longest;
            return this;
        }

        /**
         * Sets how far the clock of an issuer may be ahead: 0 to 5 minutes; 30 seconds if not said. It does not make a
         * ticket valid for longer.
         */
        public Builder clockSkew(Duration skew) {
            if (skew.isNegative() || skew.compareTo(LONGEST_SKEW_ALLOWED) > 0) {
                faults.add("clockSkew is " + skew + "; allowed: " + Duration.ZERO + " to " + LONGEST_SKEW_ALLOWED);
            }
            this.clockSkew = skew;
            return this;
        }

        /** Sets the clock; that of the system if not said. */
        public Builder clock(Clock value) {
            this.clock = Objects.requireNonNull(value, "value");
            return this;
        }

        /**
         * {@return what issues and opens tickets}
         *
         * @throws TenancyConfigException if there is not exactly one key that signs, an id is malformed or given twice,
         *     a secret is too short or given twice, or a duration is out of range; names all faults, keys by the number
         *     in which they were added: an id may be a secret that took its place
         */
        public TenantTickets build() {
            TicketKey signer = signing;
            List<String> all = new ArrayList<>(faults);
            if (!signs) {
                all.add("there is no key to sign with; set one with signWith(…)");
            }
            if (signer == null || !all.isEmpty()) {
                throw new TenancyConfigException(all);
            }
            return new TenantTickets(this, signer);
        }

        private @Nullable TicketKey add(String keyId, byte[] secret) {
            int number = ++added;
            if (!KEY_ID.matcher(keyId).matches()) {
                faults.add("the id of key " + number
                        + " is malformed; allowed: 1–32 letters, digits, hyphens and underscores");
                return null;
            }
            if (secret.length < LEAST_SECRET_BYTES) {
                faults.add("the secret of key " + number + " has " + secret.length + " bytes; allowed: at least "
                        + LEAST_SECRET_BYTES);
                return null;
            }
            TicketKey key = new TicketKey(keyId, secret);
            Optional<TicketKey> same =
                    keys.values().stream().filter(key::hasSecretOf).findFirst();
            same.ifPresent(other ->
                    faults.add("keys " + numbers.get(other.id()) + " and " + number + " have the same secret"));
            if (keys.putIfAbsent(keyId, key) != null) {
                faults.add("keys " + numbers.get(keyId) + " and " + number + " have the same id");
            }
            numbers.putIfAbsent(keyId, number);
            return key;
        }
    }
}
