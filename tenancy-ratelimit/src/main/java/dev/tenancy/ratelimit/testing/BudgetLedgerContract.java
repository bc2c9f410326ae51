package dev.tenancy.ratelimit.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenancy.TenantContext;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.ratelimit.BudgetLedger;
import dev.tenancy.ratelimit.BudgetLedger.Account;
import dev.tenancy.ratelimit.BudgetLedger.Balance;
import dev.tenancy.ratelimit.BudgetLedger.CostRecord;
import dev.tenancy.ratelimit.BudgetLedger.Entry;
import dev.tenancy.ratelimit.BudgetLedger.Hold;
import dev.tenancy.ratelimit.BudgetLedger.Line;
import dev.tenancy.ratelimit.BudgetLedger.Outcome;
import dev.tenancy.ratelimit.BudgetLedger.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link BudgetLedger} does. A test of one extends this.
 *
 * <p>Its leases are of minutes, so that seconds which really pass while it runs make no difference.
 *
 * @since 0.1
 */
public abstract class BudgetLedgerContract {
    private static final TenantId ACME = TenantId.of("acme");
    private static final TenantId GLOBEX = TenantId.of("globex");
    private static final Account DAY = new Account("default", "", "1d 2026-01-31");
    private static final Account NEXT_DAY = new Account("default", "", "1d 2026-02-01");
    private static final Account MONTH = new Account("default", "", "1mo 2026-01-01");
    private static final Account OF_SUBJECT = new Account("default", "=u1", "1d 2026-01-31");
    private static final Account CHAT = new Account("chat", "", "1d 2026-01-31");
    private static final Duration LEASE = Duration.ofMinutes(10);
    private static final int THREADS = 64;

    private final AtomicInteger ids = new AtomicInteger();

    /** For subclasses. */
    protected BudgetLedgerContract() {}

    /** {@return a ledger in which nothing is; the same for all calls of one test} */
    protected abstract BudgetLedger ledger();

    /** Lets so much time pass for the ledger, at once. */
    protected abstract void pass(Duration time) throws Exception;

    /** {@return how many random operations each of 64 threads does} */
    protected abstract int operationsPerThread();

    /** Ids begin anew. */
    @BeforeEach
    public final void beginIds() {
        ids.set(0);
    }

    /** Of a hundred that want one of fifty, exactly fifty get it. */
    @Test
    public final void ofAHundredAtOnceExactlyFiftyGetOneOfFifty() throws Exception {
        List<Callable<Integer>> callers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            callers.add(() ->
                    reserve(hold(1, line(DAY, 50), line(OF_SUBJECT, 70))).result() == Result.RESERVED ? 1 : 0);
        }

        assertEquals(50, sum(callers));
        assertBalance(0, 50, DAY);
        assertBalance(0, 50, OF_SUBJECT);
    }

    /** In every account or in none. */
    @Test
    public final void severalAccountsAreReservedAllOrNone() {
        Outcome granted = reserve(hold(30, line(CHAT, 40), line(DAY, 100), line(OF_SUBJECT, 50)));
        assertEquals(Result.RESERVED, granted.result());
        assertEquals(Collections.nCopies(3, new Balance(0, 30, 0)), granted.balances());

        Outcome denied = reserve(hold(20, line(CHAT, 1000), line(DAY, 100), line(OF_SUBJECT, 49)));
        assertEquals(Result.DENIED, denied.result());
        assertEquals(2, denied.deniedAt());
        for (Account account : List.of(CHAT, DAY, OF_SUBJECT)) {
            assertBalance(0, 30, account);
        }
    }

    /** What is denied takes nothing, however often. */
    @Test
    public final void aDenialTakesNothing() {
        for (int i = 0; i < 20; i++) {
            assertEquals(Result.DENIED, reserve(hold(101, line(DAY, 100))).result());
        }
        assertEquals(Result.RESERVED, reserve(hold(100, line(DAY, 100))).result());
        assertEquals(Result.DENIED, reserve(hold(1, line(DAY, 100))).result());
        assertEquals(Result.RESERVED, reserve(hold(0, line(DAY, 100))).result());
    }

    /** Nothing may be spent of a limit of 0, and everything where there is none. */
    @Test
    public final void noneIsNothingAndNoLimitIsEverything() {
        assertEquals(Result.DENIED, reserve(hold(1, line(DAY, 0))).result());
        assertEquals(
                Result.RESERVED,
                reserve(hold(1_000_000_000_000_000L, line(DAY, BudgetLedger.NO_LIMIT)))
                        .result());
        assertBalance(0, 1_000_000_000_000_000L, DAY);
    }

    /** More or less than was reserved, once. */
    @Test
    public final void whatWasUsedIsChargedOnce() throws Exception {
        Hold less = reserved(hold(60, line(DAY, 100)));
        assertEquals(Result.SETTLED, settle(less, 25).result());
        assertEquals(Result.ENDED, settle(less, 25).result());
        assertEquals(Result.ENDED, release(less).result());
        assertBalance(25, 0, DAY);
        Hold more = reserved(hold(10, line(DAY, 100)));
        assertEquals(List.of(new Balance(175, 0, 0)), settle(more, 150).balances());
        assertEquals(Result.DENIED, reserve(hold(1, line(DAY, 100))).result());

        Hold many = reserved(hold(10, line(MONTH, 100)));
        assertEquals(1, sum(Collections.nCopies(16, () -> settle(many, 7).result() == Result.SETTLED ? 1 : 0)));
        assertBalance(7, 0, MONTH);
    }

    /** What is released is free, and stays released. */
    @Test
    public final void whatIsReleasedIsFree() {
        Hold hold = reserved(hold(100, line(DAY, 100)));
        assertEquals(Result.SETTLED, release(hold).result());
        assertEquals(Result.ENDED, settle(hold, 50).result());
        assertBalance(0, 0, DAY);
        assertEquals(Map.of(), as(ACME, () -> ledger().spentByTag(ACME, DAY)));
        assertEquals(Result.RESERVED, reserve(hold(100, line(DAY, 100))).result());
    }

    /** A lease that is over makes room for the one who asks, in each of its accounts. */
    @Test
    public final void whatExpiredMakesRoomAtOnce() throws Exception {
        reserved(hold(60, line(CHAT, 100), line(DAY, 100)));
        pass(LEASE.plusMinutes(1));
        assertBalance(0, 0, CHAT);
        assertEquals(Result.RESERVED, reserve(hold(100, line(DAY, 100))).result());
        assertBalance(0, 100, DAY);
        assertBalance(0, 0, CHAT);
        assertEquals(Result.RESERVED, reserve(hold(100, line(CHAT, 100))).result());
    }

    /** Where the holder's work is charged, it stays spent. */
    @Test
    public final void whatExpiredIsChargedWhereThatWasSaid() throws Exception {
        Hold hold = new Hold("charged", List.of(line(DAY, 100)), 60, "chat", LEASE, true);
        reserved(hold);
        pass(LEASE.plusMinutes(1));
        assertBalance(60, 0, DAY);
        assertEquals(Map.of("chat", 60L), as(ACME, () -> ledger().spentByTag(ACME, DAY)));
        assertEquals(Result.DENIED, reserve(hold(41, line(DAY, 100))).result());
        assertEquals(Result.RESERVED, reserve(hold(40, line(DAY, 100))).result());
        assertBalance(60, 40, DAY);

        assertEquals(Result.LATE, settle(hold, 10).result());
        assertBalance(10, 40, DAY);
        assertEquals(Map.of("chat", 10L), as(ACME, () -> ledger().spentByTag(ACME, DAY)));
    }

    /** The money is spent: it is counted once more than there was, and never dropped. */
    @Test
    public final void aLateSettlementIsAnOverrunAndNotLost() throws Exception {
        Hold late = reserved(hold(80, line(DAY, 100)));
        pass(LEASE.plusMinutes(1));
        Hold other = reserved(hold(90, line(DAY, 100)));
        assertEquals(Result.LATE, settle(late, 70).result());
        assertEquals(Result.ENDED, settle(late, 70).result());
        assertBalance(70, 90, DAY);
        assertEquals(Result.SETTLED, settle(other, 90).result());
        assertBalance(160, 0, DAY);
        List<CostRecord> costs = as(ACME, () -> ledger().costs(ACME, DAY, 10));
        assertEquals(
                List.of(true),
                costs.stream()
                        .filter(cost -> cost.id().equals(late.id()))
                        .map(CostRecord::late)
                        .toList());
        assertEquals(2, costs.size());

        Hold unnoticed = reserved(hold(80, line(CHAT, 100)));
        pass(LEASE.plusMinutes(1));
        assertEquals(Result.LATE, settle(unnoticed, 30).result(), "nobody asked in between");
        assertBalance(30, 0, CHAT);
    }

    /** Work that takes long keeps what it reserved. */
    @Test
    public final void anExtendedLeaseGoesOn() throws Exception {
        Hold hold = reserved(hold(60, line(DAY, 100)));
        for (int i = 0; i < 5; i++) {
            pass(LEASE.minusMinutes(1));
            assertTrue(as(ACME, () -> ledger().extend(ACME, hold.id(), LEASE)));
        }
        assertTrue(as(ACME, () -> ledger().extend(ACME, hold.id(), Duration.ofMinutes(1))), "it is not made shorter");
        pass(LEASE.minusMinutes(1));
        assertEquals(Result.DENIED, reserve(hold(41, line(DAY, 100))).result());
        assertEquals(Result.SETTLED, settle(hold, 60).result());
        assertFalse(as(ACME, () -> ledger().extend(ACME, hold.id(), LEASE)));
        assertFalse(as(ACME, () -> ledger().extend(ACME, "nobody's", LEASE)));
    }

    /** What makes room has ended, and is not taken back. */
    @Test
    public final void whatMadeRoomIsNotExtended() throws Exception {
        Hold hold = reserved(hold(60, line(DAY, 100)));
        pass(LEASE.plusMinutes(1));
        reserved(hold(100, line(DAY, 100)));
        assertFalse(as(ACME, () -> ledger().extend(ACME, hold.id(), LEASE)));
        assertBalance(0, 100, DAY);
    }

    /** The same id is one reservation, whoever asks and however full the budget is. */
    @Test
    public final void theSameIdIsReservedOnce() throws Exception {
        Hold hold = hold(60, line(DAY, 60), line(MONTH, 200));
        assertEquals(32, sum(Collections.nCopies(32, () -> reserve(hold).result() == Result.RESERVED ? 1 : 0)));
        assertBalance(0, 60, DAY);
        assertBalance(0, 60, MONTH);
        settle(hold, 60);
        assertEquals(Result.ENDED, reserve(hold).result());
        assertBalance(60, 0, DAY);
    }

    /** An id is of one expense. */
    @Test
    public final void theSameIdForSomethingElseIsRefused() {
        Hold hold = reserved(hold(60, line(DAY, 100)));
        assertEquals(
                Result.OTHER,
                reserve(new Hold(hold.id(), hold.lines(), 61, "", LEASE, false)).result());
        assertEquals(
                Result.OTHER,
                reserve(new Hold(hold.id(), hold.lines(), 60, "tag", LEASE, false))
                        .result());
        assertEquals(
                Result.OTHER,
                reserve(new Hold(hold.id(), List.of(line(CHAT, 100)), 60, "", LEASE, false))
                        .result());
        assertBalance(0, 60, DAY);
        assertBalance(0, 0, CHAT);
    }

    /** Whoever takes up the work of one who died reserves under the same id, in the period of then. */
    @Test
    public final void workThatIsTakenUpAgainIsReservedAndChargedOnce() throws Exception {
        for (boolean charged : new boolean[] {false, true}) {
            Hold hold = new Hold("job-" + charged, List.of(line(DAY, 100)), 60, "", LEASE, charged);
            reserved(hold);
            pass(LEASE.plusMinutes(1));
            // Notices that it expired.
            assertEquals(Result.DENIED, reserve(hold(101, line(DAY, 100))).result());
            Hold again = new Hold(hold.id(), List.of(line(NEXT_DAY, 100)), 60, "", LEASE, charged);
            assertEquals(Result.RESERVED, reserve(again).result());
            assertBalance(0, 60, DAY);
            assertBalance(0, 0, NEXT_DAY);
            assertEquals(Result.SETTLED, settle(again, 0).result());
            assertEquals(Result.ENDED, settle(hold, 60).result());
            assertBalance(0, 0, DAY);
        }
    }

    /** A period ends, and what was reserved in it is settled in it. */
    @Test
    public final void aReservationIsSettledInThePeriodInWhichItWasMade() {
        Hold hold = reserved(hold(100, line(DAY, 100)));
        assertEquals(Result.RESERVED, reserve(hold(100, line(NEXT_DAY, 100))).result());
        settle(hold, 30);
        assertBalance(30, 0, DAY);
        assertBalance(0, 100, NEXT_DAY);
    }

    /** A level is told once, and the levels between are known. */
    @Test
    public final void aLevelIsToldOnce() throws Exception {
        reserved(hold(60, line(DAY, 100)));
        assertEquals(1, sum(Collections.nCopies(16, () -> as(ACME, () -> ledger().tell(ACME, DAY, 50)) < 50 ? 1 : 0)));
        assertEquals(80, as(ACME, () -> ledger().tell(ACME, DAY, 80)) + 30);
        assertEquals(50, as(ACME, () -> ledger().tell(ACME, DAY, 50)));
        assertEquals(80, as(ACME, () -> ledger().balance(ACME, DAY)).told());
        assertEquals(80, reserve(hold(1, line(DAY, 100))).balances().get(0).told());
    }

    /** Records add up to what is spent, by tag and one by one, in every account. */
    @Test
    public final void costRecordsAddUpToWhatIsSpent() {
        for (int i = 1; i <= 20; i++) {
            Hold hold =
                    new Hold("r" + i, List.of(line(DAY, 1000), line(OF_SUBJECT, 1000)), i, "t" + i % 3, LEASE, false);
            reserved(hold);
            if (i % 5 == 0) {
                release(hold);
            } else {
                settle(hold, i);
            }
        }
        long expected = 210 - 50;
        for (Account account : List.of(DAY, OF_SUBJECT)) {
            assertBalance(expected, 0, account);
            Map<String, Long> byTag = as(ACME, () -> ledger().spentByTag(ACME, account));
            assertEquals(3, byTag.size());
            assertEquals(
                    expected, byTag.values().stream().mapToLong(Long::longValue).sum());
            List<CostRecord> costs = as(ACME, () -> ledger().costs(ACME, account, 100));
            assertEquals(expected, costs.stream().mapToLong(CostRecord::charge).sum());
            assertEquals(16, costs.size());
            assertEquals(3, as(ACME, () -> ledger().costs(ACME, account, 3)).size());
        }
    }

    /** Every account, in order. */
    @Test
    public final void entriesNameEveryAccount() {
        reserved(hold(10, line(CHAT, 100), line(DAY, 100)));
        settle(reserved(hold(10, line(NEXT_DAY, 100))), 4);
        assertEquals(
                List.of(
                        new Entry(CHAT, new Balance(0, 10, 0)),
                        new Entry(DAY, new Balance(0, 10, 0)),
                        new Entry(NEXT_DAY, new Balance(4, 0, 0))),
                as(ACME, () -> ledger().entries(ACME)));
        assertEquals(List.of(), as(GLOBEX, () -> ledger().entries(GLOBEX)));
    }

    /** Nobody spends, settles or sees what is another's. */
    @Test
    public final void tenantsAreApart() {
        Hold hold = reserved(hold(100, line(DAY, 100)));
        assertEquals(new Balance(0, 0, 0), as(GLOBEX, () -> ledger().balance(GLOBEX, DAY)));
        assertEquals(
                Result.ENDED,
                as(GLOBEX, () -> ledger().settle(GLOBEX, hold.id(), 1, false)).result());
        assertEquals(
                Result.RESERVED,
                as(GLOBEX, () -> ledger().reserve(GLOBEX, hold)).result());
        assertEquals(
                Result.SETTLED,
                as(GLOBEX, () -> ledger().settle(GLOBEX, hold.id(), 40, false)).result());
        assertBalance(0, 100, DAY);
    }

    /** Against a model, one by one: every answer and every balance is what it says. */
    @Test
    public final void randomOperationsDoWhatTheModelSays() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        LedgerModel model = new LedgerModel();
        for (int i = 0; i < 400; i++) {
            String what = "seed " + seed + ", operation " + i;
            String id = "r" + random.nextInt(60);
            switch (random.nextInt(10)) {
                case 0, 1, 2, 3, 4 -> {
                    int number = Integer.parseInt(id.substring(1));
                    List<Line> lines =
                            number % 2 == 0 ? List.of(line(DAY, 300)) : List.of(line(DAY, 300), line(OF_SUBJECT, 200));
                    Hold hold = new Hold(id, lines, 1 + number, "t" + number % 3, LEASE, number % 4 == 0);
                    assertEquals(model.reserve(hold), reserve(hold).result(), what);
                }
                case 5, 6 -> {
                    int charge = random.nextInt(50);
                    assertEquals(
                            model.settle(id, charge),
                            as(ACME, () -> ledger().settle(ACME, id, charge, false))
                                    .result(),
                            what);
                }
                case 7 ->
                    assertEquals(
                            model.settle(id, 0),
                            as(ACME, () -> ledger().settle(ACME, id, 0, true)).result(),
                            what);
                case 8 -> {
                    // Whether what is over was noticed is the ledger's own affair.
                    if (!model.isDue(id)) {
                        assertEquals(model.extend(id, LEASE), as(ACME, () -> ledger().extend(ACME, id, LEASE)), what);
                    }
                }
                default -> {
                    Duration time = Duration.ofMinutes(1 + random.nextInt(6));
                    model.pass(time);
                    pass(time);
                }
            }
            for (Account account : List.of(DAY, OF_SUBJECT)) {
                assertEquals(model.balance(account), as(ACME, () -> ledger().balance(ACME, account)), what);
            }
        }
    }

    /** Sixty-four threads at once: totals are those of all answers one after the other, and nothing is overspent. */
    @Test
    public final void randomOperationsOfManyThreadsAddUp() throws Exception {
        long seed = new Random().nextLong();
        AtomicLong spent = new AtomicLong();
        AtomicLong late = new AtomicLong();
        AtomicLong open = new AtomicLong();
        // It is spent towards the end.
        long limit = 3L * THREADS * operationsPerThread();
        List<Callable<Integer>> callers = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            Random random = new Random(seed + thread);
            callers.add(() -> as(ACME, () -> {
                for (int i = 0; i < operationsPerThread(); i++) {
                    boolean over = random.nextInt(4) == 0;
                    boolean charged = random.nextInt(20) == 0;
                    Hold hold = new Hold(
                            "r" + ids.incrementAndGet(),
                            List.of(line(DAY, limit), line(OF_SUBJECT, limit + 5)),
                            random.nextInt(100),
                            "",
                            over ? Duration.ZERO : LEASE,
                            charged);
                    Outcome outcome = ledger().reserve(ACME, hold);
                    if (outcome.result() != Result.RESERVED) {
                        assertEquals(Result.DENIED, outcome.result());
                        continue;
                    }
                    Balance balance = outcome.balances().get(0);
                    assertTrue(balance.spent() + balance.reserved() <= limit, "seed " + seed + ": " + balance);
                    int then = random.nextInt(10);
                    if (then == 0 && !over) {
                        open.addAndGet(hold.amount());
                    } else if (then == 1 && over) {
                        spent.addAndGet(charged ? hold.amount() : 0);
                    } else if (then < 5) {
                        assertEquals(
                                over, ledger().settle(ACME, hold.id(), 0, true).result() == Result.LATE);
                    } else {
                        assertTrue(ledger().extend(ACME, hold.id(), LEASE) || over);
                        long charge = Math.min(hold.amount(), random.nextInt(3));
                        Outcome settled = ledger().settle(ACME, hold.id(), charge, false);
                        assertTrue(settled.result() == Result.SETTLED || settled.result() == Result.LATE);
                        spent.addAndGet(charge);
                        late.addAndGet(settled.result() == Result.LATE ? charge : 0);
                        assertEquals(
                                Result.ENDED,
                                ledger().settle(ACME, hold.id(), 99, false).result());
                    }
                }
                return 0;
            }));
        }
        sum(callers);

        for (Account account : List.of(DAY, OF_SUBJECT)) {
            Balance balance = as(ACME, () -> ledger().balance(ACME, account));
            assertEquals(spent.get(), balance.spent(), "seed " + seed);
            assertEquals(open.get(), balance.reserved(), "seed " + seed);
            assertTrue(balance.spent() - late.get() + balance.reserved() <= limit, "seed " + seed + ": " + balance);
            assertEquals(
                    spent.get(),
                    as(ACME, () -> ledger().spentByTag(ACME, account)).values().stream()
                            .mapToLong(Long::longValue)
                            .sum());
        }
    }

    private Hold hold(long amount, Line... lines) {
        return new Hold("r" + ids.incrementAndGet(), Arrays.asList(lines), amount, "", LEASE, false);
    }

    private static Line line(Account account, long limit) {
        return new Line(account, limit);
    }

    private Outcome reserve(Hold hold) {
        return as(ACME, () -> ledger().reserve(ACME, hold));
    }

    private Hold reserved(Hold hold) {
        assertEquals(Result.RESERVED, reserve(hold).result());
        return hold;
    }

    private Outcome settle(Hold hold, long charge) {
        return as(ACME, () -> ledger().settle(ACME, hold.id(), charge, false));
    }

    private Outcome release(Hold hold) {
        return as(ACME, () -> ledger().settle(ACME, hold.id(), 0, true));
    }

    private void assertBalance(long spent, long reserved, Account account) {
        Balance balance = as(ACME, () -> ledger().balance(ACME, account));
        assertEquals(List.of(spent, reserved), List.of(balance.spent(), balance.reserved()), account.toString());
    }

    private static <T> T as(TenantId tenant, Supplier<T> work) {
        return TenantContext.call(TenantIdentity.of(tenant, "contract"), work::get);
    }

    private static int sum(List<Callable<Integer>> callers) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(Math.min(callers.size(), THREADS));
        try {
            int sum = 0;
            for (Future<Integer> each : threads.invokeAll(callers)) {
                sum += each.get();
            }
            return sum;
        } finally {
            threads.shutdownNow();
        }
    }
}
