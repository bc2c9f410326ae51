package dev.tenancy.ratelimit;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A hash table of cells by their keys, with linear probing: a cell is found with one step less than in a map, and takes
 * no entry besides.
 *
 * <p>Any thread may look up while one changes the table. It may then miss a cell, or find one that is retired, and has
 * to look again when nobody changes it. Whoever changes it keeps others from doing so.
 */
final class CellTable {
    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Cell[].class);
    private static final int SMALLEST = 16;
    private static final int MOST_SLOTS = 1 << 30;

    private volatile @Nullable Cell[] slots = new Cell[SMALLEST];
    private int size;
    private int hand;

    @Nullable
    Cell get(Object key) {
        @Nullable Cell[] table = slots;
        int mask = table.length - 1;
        int hash = Cell.hash(key);
        int slot = hash & mask;
        while (true) {
            Cell cell = (Cell) SLOT.getAcquire(table, slot);
            if (cell == null || isOf(cell, key, hash)) {
                return cell;
            }
            slot = (slot + 1) & mask;
        }
    }

    @SuppressWarnings("ReferenceEquality") // only the shorter way to the same answer
    private static boolean isOf(Cell cell, Object key, int hash) {
        return cell.key == key || (cell.hash == hash && cell.key.equals(key));
    }

    int size() {
        return size;
    }

    /** Puts a cell in the place of that of the same key, if there is one. */
    void put(Cell cell) {
        @Nullable Cell[] table = slots;
        int slot = find(table, cell.key, cell.hash);
        if (table[slot] == null) {
            size++;
            if (size > table.length / 2 && table.length < MOST_SLOTS) {
                table = grown(table);
                slot = find(table, cell.key, cell.hash);
                SLOT.setRelease(table, slot, cell);
                slots = table;
                return;
            }
        }
        SLOT.setRelease(table, slot, cell);
    }

    /** Removes what is kept for a key. */
    void remove(Object key) {
        @Nullable Cell[] table = slots;
        int mask = table.length - 1;
        int free = find(table, key, Cell.hash(key));
        if (table[free] == null) {
            return;
        }
        size--;
        // Whatever was put behind it because its place was taken moves up.
        int slot = (free + 1) & mask;
        for (Cell cell = table[slot]; cell != null; cell = table[slot]) {
            int distance = (slot - cell.hash) & mask;
            if (distance >= ((slot - free) & mask)) {
                SLOT.setRelease(table, free, cell);
                free = slot;
            }
            slot = (slot + 1) & mask;
        }
        SLOT.setRelease(table, free, (Cell) null);
    }

    /**
     * Shows cells, each once, until there are no more; goes on where it stopped the last time.
     *
     * @param isEnough whether no more are wanted; it may remove the cell that it is shown, and no other
     */
    @SuppressWarnings("ReferenceEquality") // cells have no other equality
    void goOn(Predicate<Cell> isEnough) {
        @Nullable Cell[] table = slots;
        int mask = table.length - 1;
        for (int left = table.length; left > 0; ) {
            Cell cell = table[hand & mask];
            if (cell != null && isEnough.test(cell)) {
                return;
            }
            // Another one may have moved up into its place.
            if (cell == null || table[hand & mask] == cell) {
                hand = (hand + 1) & mask;
                left--;
            }
        }
    }

    /** Where the cell of a key is, or would be. */
    private static int find(@Nullable Cell[] table, Object key, int hash) {
        int mask = table.length - 1;
        int slot = hash & mask;
        for (Cell cell = table[slot]; cell != null && !isOf(cell, key, hash); cell = table[slot]) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private static @Nullable Cell[] grown(@Nullable Cell[] table) {
        @Nullable Cell[] larger = new Cell[table.length * 2];
        for (Cell cell : table) {
            if (cell != null) {
                larger[find(larger, cell.key, cell.hash)] = cell;
            }
        }
        return larger;
    }
}
