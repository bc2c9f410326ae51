package dev.tenancy.ratelimit.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
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

    /** {@return how many calls of the ledger each of 64 threads makes at random, 20 or more} */
    protected abstract int operationsPerThread();

    /** Ids begin anew. */
    @BeforeEach
    public final void beginIds() {
        ids.set(0);
    }

    /** Of a hundred that want one of fifty, exactly fifty get it, in one account and in several. */
    @Test
    public final void ofAHundredAtOnceExactlyFiftyGetOneOfFifty() throws Exception {
        assertEquals(50, sum(Collections.nCopies(100, () -> reserves(hold(1, line(MONTH, 50))))));
        assertBalance(0, 50, MONTH);

        assertEquals(50, sum(Collections.nCopies(100, () -> reserves(hold(1, line(DAY, 50), line(OF_SUBJECT, 70))))));
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
        assertEquals(Collections.nCopies(3, new Balance(0, 30, 0)), denied.balances());
        Outcome first = reserve(hold(41, line(CHAT, 70), line(MONTH, 100)));
        assertEquals(0, first.deniedAt());
        assertEquals(List.of(new Balance(0, 30, 0), new Balance(0, 0, 0)), first.balances());
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

    /** A negative amount would make room. */
    @Test
    public final void negativeAmountsAreRefused() {
        Hold hold = reserved(hold(10, line(DAY, 100)));
        assertThrows(IllegalArgumentException.class, () -> hold(-1, line(DAY, 100)));
        for (long amount : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE}) {
            assertThrows(IllegalArgumentException.class, () -> settle(hold, amount));
        }
        assertBalance(0, 10, DAY);
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

    /** Whoever asks first after a lease, and whatever for, sees that it is over. */
    @Test
    public final void whatExpiredIsInEveryReport() throws Exception {
        int number = 0;
        for (Supplier<Object> report : List.<Supplier<Object>>of(
                () -> ledger().balance(ACME, DAY).spent(),
                () -> ledger().entries(ACME).get(0).balance().spent(),
                () -> ledger().spentByTag(ACME, DAY).get("chat"),
                () -> ledger().costs(ACME, DAY, 100).stream()
                        .mapToLong(CostRecord::charge)
                        .sum())) {
            reserved(new Hold("e" + number++, List.of(line(DAY, 100)), 6, "chat", LEASE, true));
            pass(LEASE.plusMinutes(1));
            assertEquals(6L * number, as(ACME, report), "report " + number);
        }
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
            assertTrue(as(ACME, () -> ledger().extend(ACME, hold, LEASE)));
        }
        assertTrue(as(ACME, () -> ledger().extend(ACME, hold, Duration.ofMinutes(1))), "it is not made shorter");
        pass(LEASE.minusMinutes(1));
        assertEquals(Result.DENIED, reserve(hold(41, line(DAY, 100))).result());
        assertEquals(Result.SETTLED, settle(hold, 60).result());
        assertFalse(as(ACME, () -> ledger().extend(ACME, hold, LEASE)));
        assertFalse(as(ACME, () -> ledger().extend(ACME, hold(60, line(DAY, 100)), LEASE)));
    }

    /** What expired makes room, and is not taken back: whether somebody has noticed or not. */
    @Test
    public final void whatExpiredIsNotExtended() throws Exception {
        Hold unnoticed = reserved(hold(60, line(DAY, 100)));
        pass(LEASE.plusMinutes(1));
        assertFalse(as(ACME, () -> ledger().extend(ACME, unnoticed, LEASE)));

        Hold noticed = reserved(hold(60, line(DAY, 100)));
        pass(LEASE.plusMinutes(1));
        reserved(hold(100, line(DAY, 100)));
        assertFalse(as(ACME, () -> ledger().extend(ACME, noticed, LEASE)));
        assertBalance(0, 100, DAY);
    }

    /** The same id is one reservation, whoever asks and however full the budget is. */
    @Test
    public final void theSameIdIsReservedOnce() throws Exception {
        reserved(hold(0, line(CHAT, 200)));
        for (Hold hold : List.of(
                hold(60, line(DAY, 60), line(MONTH, 200)), hold(60, line(CHAT, 200)), hold(60, line(OF_SUBJECT, 60)))) {
            assertEquals(32, sum(Collections.nCopies(32, () -> reserves(hold))));
            assertBalances(0, 60, hold);
            settle(hold, 60);
            assertEquals(Result.ENDED, reserve(hold).result());
            assertBalances(60, 0, hold);
        }
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

    /** A plan may get another budget while work waits to be taken up again. */
    @Test
    public final void theSameIdInOtherBudgetsIsRefusedOnlyWhereItCounts() throws Exception {
        Hold hold = new Hold("job", List.of(line(DAY, 100)), 60, "", LEASE, false);
        Hold charged = new Hold("charged", List.of(line(CHAT, 100)), 60, "", LEASE, true);
        List<Line> other = List.of(line(DAY, 100), line(OF_SUBJECT, 100));
        Hold again = new Hold(hold.id(), other, 60, "", LEASE, false);
        reserved(hold);
        reserved(charged);
        assertEquals(Result.OTHER, reserve(again).result());
        pass(LEASE.plusMinutes(1));

        assertEquals(
                Result.OTHER,
                reserve(new Hold(charged.id(), other, 60, "", LEASE, true)).result());
        assertEquals(2, reserve(again).balances().size());
        assertBalances(0, 60, again);
        assertEquals(Result.OTHER, reserve(hold).result());
        assertEquals(Result.SETTLED, settle(hold, 10).result());
        assertBalances(10, 0, again);
        assertEquals(Result.ENDED, reserve(hold).result());
    }

    /** Whoever takes up the work of one who died reserves under the same id: now, or where it was charged. */
    @Test
    public final void workThatIsTakenUpAgainIsReservedAndChargedOnce() throws Exception {
        for (boolean noticed : new boolean[] {false, true}) {
            for (boolean charged : new boolean[] {false, true}) {
                Hold hold = new Hold("job-" + noticed + charged, List.of(line(DAY, 100)), 60, "", LEASE, charged);
                reserved(hold);
                pass(LEASE.plusMinutes(1));
                if (noticed) {
                    assertEquals(
                            Result.DENIED, reserve(hold(101, line(DAY, 100))).result());
                }
                Hold again = reserved(new Hold(hold.id(), List.of(line(NEXT_DAY, 100)), 60, "", LEASE, charged));
                assertBalance(0, charged ? 60 : 0, DAY);
                assertBalance(0, charged ? 0 : 60, NEXT_DAY);
                assertEquals(Result.SETTLED, settle(again, 0).result());
                assertEquals(Result.ENDED, settle(hold, 60).result());
                assertBalance(0, 0, DAY);
                assertBalance(0, 0, NEXT_DAY);
            }
        }
    }

    /** A period that is over and full does not keep work from being taken up again. */
    @Test
    public final void workOfAPeriodThatIsFullIsReservedAgain() throws Exception {
        Hold refunded = reserved(hold(60, line(DAY, 100), line(OF_SUBJECT, 100)));
        Hold charged = new Hold("charged", List.of(line(MONTH, 100)), 60, "", LEASE, true);
        reserved(charged);
        pass(LEASE.plusMinutes(1));
        settle(reserved(hold(100, line(DAY, 100))), 100);
        settle(reserved(hold(40, line(MONTH, 100))), 70);

        assertEquals(Result.DENIED, reserve(refunded).result());
        Account nextOfSubject = new Account("default", "=u1", "1d 2026-02-01");
        Hold next =
                new Hold(refunded.id(), List.of(line(NEXT_DAY, 100), line(nextOfSubject, 100)), 60, "", LEASE, false);
        assertEquals(
                Collections.nCopies(2, new Balance(0, 60, 0)), reserve(next).balances());
        assertEquals(Result.SETTLED, settle(refunded, 30).result());
        assertBalances(30, 0, next);
        assertBalance(0, 0, OF_SUBJECT);
        assertBalance(100, 0, DAY);

        reserved(charged); // what was charged for it is enough
        assertBalance(70, 60, MONTH);
    }

    /** Where it counts is what the ledger knows, whatever whoever ends it says. */
    @Test
    public final void whatIsReservedInSeveralAccountsEndsInAllOfThem() {
        Hold hold = reserved(hold(60, line(DAY, 100), line(OF_SUBJECT, 100)));
        Hold less = new Hold(hold.id(), List.of(line(CHAT, 100)), 60, "", LEASE, false);
        assertEquals(Result.SETTLED, settle(less, 25).result());
        assertBalances(25, 0, hold);
        assertBalance(0, 0, CHAT);
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
                Result.ENDED, as(GLOBEX, () -> ledger().settle(GLOBEX, hold, 1)).result());
        assertEquals(
                Result.RESERVED,
                as(GLOBEX, () -> ledger().reserve(GLOBEX, hold)).result());
        assertEquals(
                Result.SETTLED,
                as(GLOBEX, () -> ledger().settle(GLOBEX, hold, 40)).result());
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
            Hold hold = numbered(random.nextInt(60));
            String id = hold.id();
            switch (random.nextInt(10)) {
                case 0, 1, 2, 3, 4 ->
                    assertEquals(model.reserve(hold), reserve(hold).result(), what);
                case 5, 6 -> {
                    int charge = random.nextInt(50);
                    assertEquals(model.settle(id, charge), settle(hold, charge).result(), what);
                }
                case 7 -> assertEquals(model.settle(id, 0), release(hold).result(), what);
                case 8 ->
                    assertEquals(model.extend(id, LEASE), as(ACME, () -> ledger().extend(ACME, hold, LEASE)), what);
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
        RandomSpenders spenders = new RandomSpenders(ledger(), ACME, THREADS, operationsPerThread());
        int denied = sum(Collections.nCopies(THREADS, () -> as(ACME, spenders::spend)));
        assertTrue(denied > 0, "the budgets are spent");
        TenantContext.run(identity(ACME), spenders::assertAddedUp);
    }

    private static Hold numbered(int number) {
        List<Line> lines = number % 2 == 0 ? List.of(line(DAY, 300)) : List.of(line(DAY, 300), line(OF_SUBJECT, 200));
        String id = (number % 3 == 0 ? "key " : "r") + number;
        return new Hold(id, lines, 1 + number, "t" + number % 3, LEASE, number % 4 == 0);
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

    private int reserves(Hold hold) {
        return reserve(hold).result() == Result.RESERVED ? 1 : 0;
    }

    private Hold reserved(Hold hold) {
        assertEquals(Result.RESERVED, reserve(hold).result());
        return hold;
    }

    private Outcome settle(Hold hold, long charge) {
        return as(ACME, () -> ledger().settle(ACME, hold, charge));
    }

    private Outcome release(Hold hold) {
        return as(ACME, () -> ledger().release(ACME, hold));
    }

    private void assertBalance(long spent, long reserved, Account account) {
        Balance balance = as(ACME, () -> ledger().balance(ACME, account));
        assertEquals(List.of(spent, reserved), List.of(balance.spent(), balance.reserved()), account.toString());
    }

    private void assertBalances(long spent, long reserved, Hold hold) {
        hold.lines().forEach(line -> assertBalance(spent, reserved, line.account()));
    }

    private static <T> T as(TenantId tenant, Supplier<T> work) {
        return TenantContext.call(identity(tenant), work::get);
    }

    private static TenantIdentity identity(TenantId tenant) {
        return TenantIdentity.of(tenant, "contract");
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
