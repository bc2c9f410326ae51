package dev.tenancy.jdbc.torture;

import java.util.ArrayDeque;
import java.util.Deque;

/** The last things that a worker did. */
final class History {
    private static final int KEPT = 40;

    private final Deque<String> last = new ArrayDeque<>(KEPT);
    private long steps;

    void add(String what) {
        if (last.size() == KEPT) {
            last.removeFirst();
        }
        last.addLast(what);
        steps++;
    }

    long steps() {
        return steps;
    }

    @Override
    public String toString() {
        return String.join("\n  ", last);
    }
}
