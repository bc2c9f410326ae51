package dev.tenancy.ratelimit;

import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * What a piece of work may cost, and what it is. A value: immutable and thread-safe.
 *
 * @since 0.1
 */
public final class Expense {
    private static final Pattern TAG = Pattern.compile("[\\x21-\\x7e]{0,64}");
    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,128}");
    private static final String KEYED = "key ";

    private final long amount;
    private final String name;
    private final String tag;
    private final String key;

    private Expense(long amount, String name, String tag, String key) {
        this.amount = amount;
        this.name = name;
        this.tag = tag;
        this.key = key;
    }

    /**
     * {@return an expense that is counted by budgets without a name, has no tag, and is reserved once}
     *
     * @param estimate the most that it may cost, 0 to {@value Budget#MOST}
     * @throws IllegalArgumentException if {@code estimate} is out of its range
     */
    public static Expense of(long estimate) {
        return new Expense(requireAmount("estimate", estimate), Budget.DEFAULT_NAME, "", "");
    }

    /**
     * {@return this expense, counted by budgets of that name too}
     *
     * @param other 1–64 of a–z, 0–9 and hyphen: a model, for example
     * @throws IllegalArgumentException if it is another
     */
    public Expense named(String other) {
        return new Expense(amount, BucketKey.validName(other), tag, key);
    }

    /**
     * {@return this expense, with a tag by which costs are summed up: a feature, for example}
     *
     * @param other up to 64 visible ASCII characters
     * @throws IllegalArgumentException if it has others
     */
    public Expense tagged(String other) {
        return new Expense(amount, name, matching(TAG, "tag", other, "up to 64"), key);
    }

    /**
     * {@return this expense, reserved once however often it is asked for with this key}
     *
     * <p>Asked again while it is reserved, it is the same reservation, which is charged once: a key is for work that is
     * the same, such as a job that is taken up again. One that callers could choose would let them work twice and pay
     * once.
     *
     * @param other 1–128 visible ASCII characters, unique within the tenant for as long as reservations are kept
     * @throws IllegalArgumentException if it has others
     */
    public Expense withKey(String other) {
        return new Expense(amount, name, tag, matching(KEY, "key", other, "1 to 128"));
    }

    /** {@return the most that it may cost} */
    public long amount() {
        return amount;
    }

    /** {@return by budgets of which name it is counted} */
    public String name() {
        return name;
    }

    /** {@return the tag, or an empty text} */
    public String tag() {
        return tag;
    }

    /** Its key, or a new one; those of hosts are never taken for ours. */
    String id() {
        return key.isEmpty() ? UUID.randomUUID().toString() : KEYED + key;
    }

    /** Whether others may reserve by the same id. */
    static boolean isIdOfAKey(String id) {
        return id.startsWith(KEYED);
    }

    private static String matching(Pattern pattern, String what, String text, String length) {
        if (!pattern.matcher(Objects.requireNonNull(text, what)).matches()) {
            throw new IllegalArgumentException(what + " is bad; allowed: " + length + " visible ASCII characters");
        }
        return text;
    }

    static long requireAmount(String name, long amount) {
        if (amount < 0 || amount > Budget.MOST) {
            throw new IllegalArgumentException(name + " is " + amount + "; allowed: 0 to " + Budget.MOST);
        }
        return amount;
    }

    /** {@return amount, name and tag; no key} */
    @Override
    public String toString() {
        return "Expense[" + amount + ", name=" + name + ", tag=" + tag + "]";
    }
}
