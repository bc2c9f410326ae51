package dev.tenancy.ratelimit;

import dev.tenancy.TenantId;
import dev.tenancy.UnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Where budgets are kept. Every call is atomic and lasting by itself, whatever transaction the caller is in; it is made
 * in the tenant's context. Thread-safe.
 *
 * <p>Every method throws {@link UnavailableException} if the ledger cannot be reached; what was asked for may then have
 * happened or not, and may be asked for again. An implementation extends
 * {@code dev.tenancy.ratelimit.testing.BudgetLedgerContract} in a test.
 *
 * @since 0.1
 */
public interface BudgetLedger {

    /** A limit that is none. */
    long NO_LIMIT = Long.MAX_VALUE;

    /**
     * Reserves an amount in all accounts, if what is spent and reserved in each leaves room for it, or in none.
     *
     * <p>Reservations whose lease is over do not stand in its way: they are ended as they say, refunded or charged. An
     * id that is reserved already is {@link Result#RESERVED} again, in the periods of then, and its lease goes on. One
     * whose lease was over is reserved anew: in the hold's accounts if it was refunded; if it was charged, instead of
     * that, in the periods of then and whatever the limits are.
     */
    Outcome reserve(TenantId tenant, Hold hold);

    /**
     * Ends the reservation of the hold's id, also after its lease, and charges what was really used, also more than was
     * reserved, in the periods in which it is reserved.
     *
     * @param hold as it was reserved; its periods and limits may be those of another time
     * @param charge 0 to {@value Budget#MOST}
     * @return {@link Result#SETTLED}, {@link Result#LATE}, or {@link Result#ENDED} if nothing was done
     * @throws IllegalArgumentException if {@code charge} is out of its range
     */
    Outcome settle(TenantId tenant, Hold hold, long charge);

    /**
     * Ends it likewise and charges nothing, which is remembered as a release.
     *
     * @param hold as it was reserved; its periods and limits may be those of another time
     * @return {@link Result#SETTLED}, {@link Result#LATE}, or {@link Result#ENDED} if nothing was done
     */
    Outcome release(TenantId tenant, Hold hold);

    /**
     * Lets the reservation of the hold's id go on for at least {@code lease} from now.
     *
     * @return whether it does; false if it had ended, by its lease for example
     */
    boolean extend(TenantId tenant, Hold hold, Duration lease);

    /** {@return what is spent and reserved; a lease that is over counts as it is to end} */
    Balance balance(TenantId tenant, Account account);

    /**
     * Remembers that a level was told for an account.
     *
     * @return the level before, if it was lower and is {@code level} now; otherwise {@code level}
     */
    int tell(TenantId tenant, Account account, int level);

    /** {@return every account of a tenant, by budget, subject and period} */
    List<Entry> entries(TenantId tenant);

    /** {@return what was charged in an account, by tag, summed over its cost records: together what is spent} */
    Map<String, Long> spentByTag(TenantId tenant, Account account);

    /**
     * {@return what was charged in an account, latest first}
     *
     * @param most 1 or more
     */
    List<CostRecord> costs(TenantId tenant, Account account, int most);

    /**
     * One budget in one period.
     *
     * @param budget the name of the budget
     * @param subject whose it is: an equals sign and the subject, or empty if it is the tenant's
     * @param period the name of the period, such as {@code 1d 2026-01-31}
     * @since 0.1
     */
    record Account(String budget, String subject, String period) implements Comparable<Account> {
        /** By budget, subject and period. */
        @Override
        public int compareTo(Account other) {
            int order = budget.compareTo(other.budget);
            if (order == 0) {
                order = subject.compareTo(other.subject);
            }
            return order == 0 ? period.compareTo(other.period) : order;
        }
    }

    /**
     * An account in which something is to be reserved.
     *
     * @param account the account
     * @param limit the most that may be spent and reserved in it, or {@link #NO_LIMIT}
     * @since 0.1
     */
    record Line(Account account, long limit) {}

    /**
     * What is to be reserved.
     *
     * @param id of the reservation, 1–140 ASCII characters, unique within the tenant
     * @param lines the accounts, ascending and each once; all of them for one subject and the tenant
     * @param amount 0 to {@value Budget#MOST}
     * @param tag by which costs are summed up
     * @param lease after which the reservation ends, unless it was settled
     * @param chargedWhenExpired whether its amount is charged then
     * @since 0.1
     */
    record Hold(String id, List<Line> lines, long amount, String tag, Duration lease, boolean chargedWhenExpired) {
        /**
         * Keeps a copy.
         *
         * @throws IllegalArgumentException if the amount is out of its range
         */
        public Hold {
            Expense.requireAmount("amount", amount);
            lines = List.copyOf(lines);
        }
    }

    /**
     * What was done.
     *
     * @since 0.1
     */
    enum Result {
        /** It is reserved. */
        RESERVED,
        /** There is no room for it. */
        DENIED,
        /** It was settled. */
        SETTLED,
        /** It was settled after its lease. */
        LATE,
        /** The reservation had ended, or never was. */
        ENDED,
        /** The id is that of another reservation. */
        OTHER
    }

    /**
     * What was done, and what the accounts have then.
     *
     * @param result what was done
     * @param deniedAt the index of the line that has no room, if it was denied, or else -1
     * @param balances one a line, also if it was denied; empty if it is {@link Result#ENDED} or {@link Result#OTHER}
     * @since 0.1
     */
    record Outcome(Result result, int deniedAt, List<Balance> balances) {
        /** Keeps a copy. */
        public Outcome {
            balances = List.copyOf(balances);
        }

        /** {@return an outcome in which no account was changed} */
        public static Outcome of(Result result) {
            return new Outcome(result, -1, List.of());
        }
    }

    /**
     * What became of a budget so far.
     *
     * @param spent was charged
     * @param reserved is reserved and neither settled nor expired
     * @param told the highest level that was told
     * @since 0.1
     */
    record Balance(long spent, long reserved, int told) {}

    /**
     * An account and what became of it.
     *
     * @param account the account
     * @param balance what became of it
     * @since 0.1
     */
    record Entry(Account account, Balance balance) {}

    /**
     * What a piece of work cost.
     *
     * @param id of the reservation
     * @param tag of the expense
     * @param reserved what was reserved for it
     * @param charge what was charged
     * @param late whether it was settled after its lease
     * @param at when it was charged
     * @since 0.1
     */
    record CostRecord(String id, String tag, long reserved, long charge, boolean late, Instant at) {}
}
