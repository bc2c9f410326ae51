package dev.tenancy.ratelimit.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenancy.TenantId;
import dev.tenancy.ratelimit.BudgetLedger;
import dev.tenancy.ratelimit.BudgetLedger.Account;
import dev.tenancy.ratelimit.BudgetLedger.Balance;
import dev.tenancy.ratelimit.BudgetLedger.Hold;
import dev.tenancy.ratelimit.BudgetLedger.Line;
import dev.tenancy.ratelimit.BudgetLedger.Outcome;
import dev.tenancy.ratelimit.BudgetLedger.Result;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Reserve, settle, release, extend and forget at random, in two accounts, in either or in both at once, whose budgets
 * are spent towards the end; and know what has to be in them. Thread-safe.
 */
final class RandomSpenders {
    /** Longer than all of it takes. */
    private static final Duration LEASE = Duration.ofDays(1);

    private final BudgetLedger ledger;
    private final TenantId tenant;
    private final int operations;
    private final Counted day;
    private final Counted ofSubject;
    private final List<List<Counted>> choices;
    private final long seed = new Random().nextLong();
    private final AtomicInteger started = new AtomicInteger();

    /**
     * Makes them.
     *
     * @param threads how many call {@link #spend()}
     * @param operations how many calls of the ledger each of them makes, or a few more
     */
    RandomSpenders(BudgetLedger ledger, TenantId tenant, int threads, int operations) {
        this.ledger = ledger;
        this.tenant = tenant;
        this.operations = operations;
        // An operation takes almost one of an account for good, on average of many.
        long limit = 95L * threads * operations * operations / (100L * (operations + 40));
        this.day = new Counted(new Line(new Account("default", "", "1d 2026-01-31"), limit));
        this.ofSubject = new Counted(new Line(new Account("default", "=u1", "1d 2026-01-31"), limit + 5));
        this.choices = List.of(List.of(day), List.of(ofSubject), List.of(day, ofSubject));
    }

    /** What one thread does; how often it was denied. */
    int spend() {
        return new Spender(started.incrementAndGet()).spend();
    }

    /** Totals are those of all answers one after the other, and nothing is overspent. */
    void assertAddedUp() {
        for (Counted each : List.of(day, ofSubject)) {
            Account account = each.line.account();
            Balance balance = ledger.balance(tenant, account);
            assertEquals(each.spent.get(), balance.spent(), this::toString);
            assertEquals(each.open.get(), balance.reserved(), this::toString);
            assertTrue(
                    balance.spent() - each.late.get() + balance.reserved() <= each.line.limit(),
                    () -> this + ": " + balance);
            assertEquals(
                    each.spent.get(),
                    ledger.spentByTag(tenant, account).values().stream()
                            .mapToLong(Long::longValue)
                            .sum(),
                    this::toString);
        }
    }

    @Override
    public String toString() {
        return "seed " + seed;
    }

    /** One thread. */
    private final class Spender {
        private final int number;
        private final Random random;
        private int done;

        private Spender(int number) {
            this.number = number;
            this.random = new Random(seed + number);
        }

        private int spend() {
            int denied = 0;
            for (int i = 0; done < operations; i++) {
                denied += spend("r" + number + "-" + i) ? 0 : 1;
            }
            return denied;
        }

        private boolean spend(String id) {
            List<Counted> counted = choices.get(random.nextInt(choices.size()));
            List<Line> lines = counted.stream().map(each -> each.line).toList();
            boolean over = random.nextInt(4) == 0;
            boolean charged = random.nextInt(20) == 0;
            Hold hold = new Hold(id, lines, random.nextInt(100), "", over ? Duration.ZERO : LEASE, charged);
            if (!reserve(hold)) {
                return false;
            }
            int then = random.nextInt(10);
            if (then == 0 && !over) {
                counted.forEach(each -> each.open.addAndGet(hold.amount()));
            } else if (then == 1 && over) {
                counted.forEach(each -> each.spent.addAndGet(charged ? hold.amount() : 0));
            } else if (then < 5) {
                done++;
                assertEquals(over, ledger.release(tenant, hold).result() == Result.LATE, RandomSpenders.this::toString);
            } else {
                done++;
                assertEquals(!over, ledger.extend(tenant, hold, LEASE), RandomSpenders.this::toString);
                settle(hold, Math.min(hold.amount(), random.nextInt(3)), counted);
            }
            return true;
        }

        private boolean reserve(Hold hold) {
            done++;
            Outcome outcome = ledger.reserve(tenant, hold);
            if (outcome.result() != Result.RESERVED) {
                assertEquals(Result.DENIED, outcome.result(), RandomSpenders.this::toString);
                return false;
            }
            for (int i = 0; i < hold.lines().size(); i++) {
                Balance balance = outcome.balances().get(i);
                long limit = hold.lines().get(i).limit();
                assertTrue(balance.spent() + balance.reserved() <= limit, () -> RandomSpenders.this + ": " + balance);
            }
            return true;
        }

        private void settle(Hold hold, long charge, List<Counted> counted) {
            done += 2;
            Outcome settled = ledger.settle(tenant, hold, charge);
            boolean late = settled.result() == Result.LATE;
            assertTrue(settled.result() == Result.SETTLED || late, RandomSpenders.this::toString);
            for (Counted each : counted) {
                each.spent.addAndGet(charge);
                each.late.addAndGet(late ? charge : 0);
            }
            assertEquals(Result.ENDED, ledger.settle(tenant, hold, 99).result(), RandomSpenders.this::toString);
        }
    }

    /** What has to be in an account. */
    private static final class Counted {
        private final Line line;
        private final AtomicLong spent = new AtomicLong();
        private final AtomicLong late = new AtomicLong();
        private final AtomicLong open = new AtomicLong();

        private Counted(Line line) {
            this.line = line;
        }
    }
}
