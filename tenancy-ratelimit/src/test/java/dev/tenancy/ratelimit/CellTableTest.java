package dev.tenancy.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CellTableTest {
    private static final long SEED = Long.getLong("tenancy.test.seed", System.nanoTime());
    private static final RateLimit LIMIT = RateLimit.parse("10/1m");

    /** Keys that are in each other's way. */
    private record Key(int number) {
        @Override
        public int hashCode() {
            return number % 7;
        }
    }

    @Test
    void itKeepsWhatAMapWouldKeep() {
        Random random = new Random(SEED);
        for (int round = 0; round < 200; round++) {
            CellTable table = new CellTable();
            Map<Object, Cell> model = new HashMap<>();
            int keys = 1 + random.nextInt(60);
            for (int step = 0; step < 300; step++) {
                Object key = random.nextBoolean() ? new Key(random.nextInt(keys)) : "t" + random.nextInt(keys);
                if (random.nextInt(3) == 0) {
                    table.remove(key);
                    model.remove(key);
                } else {
                    Cell cell = cell(key);
                    table.put(cell);
                    model.put(key, cell);
                }
                assertThat(table.size()).isEqualTo(model.size());
            }
            for (int number = 0; number < keys; number++) {
                for (Object key : List.of(new Key(number), "t" + number)) {
                    assertThat(table.get(key)).as("seed %d, %s", SEED, key).isSameAs(model.get(key));
                }
            }
            List<Cell> shown = new ArrayList<>();
            table.goOn(cell -> !shown.add(cell));
            assertThat(shown).as("seed %d", SEED).containsExactlyInAnyOrderElementsOf(model.values());
        }
    }

    @Test
    void itGoesOnWhereItStoppedAndWhatItShowsMayBeRemoved() {
        CellTable table = new CellTable();
        for (int number = 0; number < 100; number++) {
            table.put(cell("t" + number));
        }
        List<Object> removed = new ArrayList<>();
        while (table.size() > 0) {
            int before = removed.size();
            table.goOn(cell -> {
                table.remove(cell.key);
                removed.add(cell.key);
                return removed.size() % 7 == 0;
            });
            assertThat(removed.size()).isGreaterThan(before);
        }
        assertThat(removed).hasSize(100).doesNotHaveDuplicates();
    }

    private static Cell cell(Object key) {
        return new Cell(key, LIMIT, 0, 0, 0, null);
    }
}
