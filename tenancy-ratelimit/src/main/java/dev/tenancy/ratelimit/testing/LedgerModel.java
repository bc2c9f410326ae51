package dev.tenancy.ratelimit.testing;

import dev.tenancy.ratelimit.BudgetLedger.Account;
import dev.tenancy.ratelimit.BudgetLedger.Balance;
import dev.tenancy.ratelimit.BudgetLedger.Hold;
import dev.tenancy.ratelimit.BudgetLedger.Line;
import dev.tenancy.ratelimit.BudgetLedger.Result;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** One tenant's reservations in the simplest way: a list, summed up whenever somebody asks. */
final class LedgerModel {
    private final Map<String, Made> all = new HashMap<>();
    private Duration now = Duration.ZERO;

    void pass(Duration time) {
        now = now.plus(time);
    }

    Result reserve(Hold hold) {
        Made made = all.get(hold.id());
        if (made != null && made.settled) {
            return Result.ENDED;
        }
        if (made != null && !made.isDue(now)) {
            made.until = max(made.until, now.plus(hold.lease()));
            return Result.RESERVED;
        }
        boolean paid = made != null && made.spent(now) > 0;
        for (Line line : hold.lines()) {
            Balance balance = balance(line.account());
            if (!paid && balance.spent() + balance.reserved() + hold.amount() > line.limit()) {
                return Result.DENIED;
            }
        }
        all.put(hold.id(), new Made(hold, now.plus(hold.lease())));
        return Result.RESERVED;
    }

    Result settle(String id, long charge) {
        Made made = all.get(id);
        if (made == null || made.settled) {
            return Result.ENDED;
        }
        made.settled = true;
        made.charge = charge;
        return made.until.compareTo(now) <= 0 ? Result.LATE : Result.SETTLED;
    }

    boolean extend(String id, Duration lease) {
        Made made = all.get(id);
        if (made == null || made.settled || made.isDue(now)) {
            return false;
        }
        made.until = max(made.until, now.plus(lease));
        return true;
    }

    Balance balance(Account account) {
        long spent = 0;
        long reserved = 0;
        for (Made made : all.values()) {
            if (made.hold.lines().stream().anyMatch(line -> line.account().equals(account))) {
                spent += made.spent(now);
                reserved += made.settled || made.isDue(now) ? 0 : made.hold.amount();
            }
        }
        return new Balance(spent, reserved, 0);
    }

    private static Duration max(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    private static final class Made {
        private final Hold hold;
        private Duration until;
        private boolean settled;
        private long charge;

        private Made(Hold hold, Duration until) {
            this.hold = hold;
            this.until = until;
        }

        private boolean isDue(Duration now) {
            return !settled && until.compareTo(now) <= 0;
        }

        private long spent(Duration now) {
            if (settled) {
                return charge;
            }
            return isDue(now) && hold.chargedWhenExpired() ? hold.amount() : 0;
        }
    }
}
