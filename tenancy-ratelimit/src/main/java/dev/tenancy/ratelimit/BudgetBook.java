package dev.tenancy.ratelimit;

import dev.tenancy.UnavailableException;
import dev.tenancy.ratelimit.BudgetLedger.Account;
import dev.tenancy.ratelimit.BudgetLedger.Balance;
import dev.tenancy.ratelimit.BudgetLedger.CostRecord;
import dev.tenancy.ratelimit.BudgetLedger.Entry;
import dev.tenancy.ratelimit.BudgetLedger.Hold;
import dev.tenancy.ratelimit.BudgetLedger.Line;
import dev.tenancy.ratelimit.BudgetLedger.Outcome;
import dev.tenancy.ratelimit.BudgetLedger.Result;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What one tenant has reserved and spent, in memory. Guarded by itself. */
final class BudgetBook {
    private static final int MOST_ENDED = 10_000;

    private final Map<Account, Sums> sums = new TreeMap<>();
    private final Map<String, Entered> reservations = new HashMap<>();
    private final TreeSet<Entered> open = new TreeSet<>(
            Comparator.comparing((Entered entered) -> entered.expiresAt).thenComparing(e -> e.id));
    /** Oldest first. */
    private final Set<String> settled = new LinkedHashSet<>();
    /** Oldest first. They may still be settled, and who settles many does not have these forgotten. */
    private final Set<String> expired = new LinkedHashSet<>();

    synchronized Outcome reserve(Hold hold, Instant now) {
        expire(now);
        Entered former = reservations.get(hold.id());
        if (former != null && !former.isLike(hold)) {
            return Outcome.of(Result.OTHER);
        }
        if (former != null && former.state == State.SETTLED) {
            return Outcome.of(Result.ENDED);
        }
        if (former != null && former.state == State.OPEN) {
            prolong(former, now.plus(hold.lease()));
            return new Outcome(Result.RESERVED, -1, balances(former.accounts));
        }
        if (former != null && former.charge > 0) {
            charge(former, 0); // makes the room that it needs
            return open(former, hold, now);
        }
        Entered entered = new Entered(hold);
        List<Balance> balances = balances(entered.accounts);
        for (int i = 0; i < balances.size(); i++) {
            long limit = hold.lines().get(i).limit();
            long used = balances.get(i).spent() + balances.get(i).reserved();
            if (limit != BudgetLedger.NO_LIMIT && used + hold.amount() > limit) {
                return new Outcome(Result.DENIED, i, balances);
            }
        }
        requireCountable(entered.accounts, hold.amount());
        return open(entered, hold, now);
    }

    /** A sum that overflows would be negative, and leave room for everything. */
    private void requireCountable(List<Account> accounts, long more) {
        for (Account account : accounts) {
            Balance balance = balance(account);
            if (balance.spent() > Long.MAX_VALUE - balance.reserved() - more) {
                throw new UnavailableException(account + " has more than can be counted: " + balance, null);
            }
        }
    }

    private Outcome open(Entered entered, Hold hold, Instant now) {
        entered.state = State.OPEN;
        entered.chargedWhenExpired = hold.chargedWhenExpired();
        entered.expiresAt = now.plus(hold.lease());
        hold(entered, hold.amount());
        reservations.put(entered.id, entered);
        expired.remove(entered.id);
        open.add(entered);
        return new Outcome(Result.RESERVED, -1, balances(entered.accounts));
    }

    synchronized Outcome settle(String id, long charge, Instant now) {
        Entered entered = reservations.get(id);
        if (entered == null || entered.state == State.SETTLED) {
            return Outcome.of(Result.ENDED);
        }
        requireCountable(entered.accounts, charge);
        entered.late = !entered.expiresAt.isAfter(now);
        end(entered, State.SETTLED, charge, now);
        expired.remove(id);
        remember(settled, id);
        return new Outcome(entered.late ? Result.LATE : Result.SETTLED, -1, balances(entered.accounts));
    }

    synchronized boolean extend(String id, Duration lease, Instant now) {
        expire(now);
        Entered entered = reservations.get(id);
        if (entered == null || entered.state != State.OPEN) {
            return false;
        }
        prolong(entered, now.plus(lease));
        return true;
    }

    synchronized Balance balance(Account account, Instant now) {
        expire(now);
        return balance(account);
    }

    private Balance balance(Account account) {
        Sums kept = sums.get(account);
        return kept == null ? new Balance(0, 0, 0) : kept.balance();
    }

    synchronized int tell(Account account, int level) {
        Sums kept = sums(account);
        if (kept.told >= level) {
            return level;
        }
        int before = kept.told;
        kept.told = level;
        return before;
    }

    synchronized List<Entry> entries(Instant now) {
        expire(now);
        List<Entry> entries = new ArrayList<>();
        sums.forEach((account, kept) -> entries.add(new Entry(account, kept.balance())));
        return entries;
    }

    synchronized Map<String, Long> spentByTag(Account account, Instant now) {
        expire(now);
        Map<String, Long> byTag = new TreeMap<>(sums(account).byTag);
        byTag.values().removeIf(spent -> spent == 0);
        return byTag;
    }

    synchronized List<CostRecord> costs(Account account, int most, Instant now) {
        expire(now);
        return reservations.values().stream()
                .filter(each -> each.charge > 0 && each.accounts.contains(account))
                .map(each -> new CostRecord(each.id, each.tag, each.amount, each.charge, each.late, each.endedAt))
                .sorted(Comparator.comparing(CostRecord::at).reversed().thenComparing(CostRecord::id))
                .limit(most)
                .toList();
    }

    private void expire(Instant now) {
        while (!open.isEmpty() && !open.first().expiresAt.isAfter(now)) {
            Entered due = open.first();
            end(due, State.EXPIRED, due.chargedWhenExpired ? due.amount : 0, now);
            remember(expired, due.id);
        }
    }

    private void remember(Set<String> ended, String id) {
        ended.add(id);
        if (ended.size() > MOST_ENDED) {
            String oldest = ended.iterator().next();
            ended.remove(oldest);
            reservations.remove(oldest);
        }
    }

    private void end(Entered entered, State state, long charge, Instant now) {
        if (open.remove(entered)) {
            hold(entered, -entered.amount);
        }
        charge(entered, charge);
        entered.state = state;
        entered.endedAt = now;
    }

    private void prolong(Entered entered, Instant until) {
        if (until.isAfter(entered.expiresAt)) {
            open.remove(entered);
            entered.expiresAt = until;
            open.add(entered);
        }
    }

    private void hold(Entered entered, long more) {
        for (Account account : entered.accounts) {
            sums(account).reserved += more;
        }
    }

    /** Charges this instead of what was charged. */
    private void charge(Entered entered, long charge) {
        for (Account account : entered.accounts) {
            Sums kept = sums(account);
            kept.spent += charge - entered.charge;
            kept.byTag.merge(entered.tag, charge - entered.charge, Long::sum);
        }
        entered.charge = charge;
    }

    private List<Balance> balances(List<Account> accounts) {
        return accounts.stream().map(this::balance).toList();
    }

    private Sums sums(Account account) {
        return sums.computeIfAbsent(account, unknown -> new Sums());
    }

    private enum State {
        OPEN,
        EXPIRED,
        SETTLED
    }

    private static final class Sums {
        private final Map<String, Long> byTag = new HashMap<>();
        private long spent;
        private long reserved;
        private int told;

        private Balance balance() {
            return new Balance(spent, reserved, told);
        }
    }

    private static final class Entered {
        private final String id;
        private final List<Account> accounts;
        private final long amount;
        private final String tag;
        private State state = State.OPEN;
        private boolean chargedWhenExpired;
        private boolean late;
        private long charge;
        private Instant expiresAt = Instant.MIN;
        private Instant endedAt = Instant.MIN;

        private Entered(Hold hold) {
            this.id = hold.id();
            this.accounts = hold.lines().stream().map(Line::account).toList();
            this.amount = hold.amount();
            this.tag = hold.tag();
        }

        private boolean isLike(Hold hold) {
            boolean staysInAccounts = state == State.OPEN || (state == State.EXPIRED && charge > 0);
            return amount == hold.amount() && tag.equals(hold.tag()) && (!staysInAccounts || isOfBudgetsOf(hold));
        }

        /** In which periods it was made does not matter. */
        private boolean isOfBudgetsOf(Hold hold) {
            boolean same = accounts.size() == hold.lines().size();
            for (int i = 0; same && i < accounts.size(); i++) {
                Account other = hold.lines().get(i).account();
                same = accounts.get(i).budget().equals(other.budget())
                        && accounts.get(i).subject().equals(other.subject());
            }
            return same;
        }
    }
}
