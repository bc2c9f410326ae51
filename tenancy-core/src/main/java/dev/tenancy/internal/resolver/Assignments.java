package dev.tenancy.internal.resolver;

import dev.tenancy.InvalidTenantIdException;
import dev.tenancy.TenancyConfigException;
import dev.tenancy.TenantId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/** Reads texts that give things to tenants: {@code <thing>=<tenant>}, several separated by semicolons. */
final class Assignments {
    /** Takes the place of a bad tenant, so that the faults of what it was given are found as well. */
    private static final TenantId NOBODY = TenantId.of("nobody");

    private Assignments() {}

    /**
     * Gives each thing of {@code text} and its tenant to {@code taker}. A thing has no equals sign; a tenant may.
     *
     * @throws TenancyConfigException if a tenant is bad, after all were given; names entries by their number
     */
    static void splitAtFirst(String text, BiConsumer<String, TenantId> taker) {
        give(text, entry -> entry.indexOf('='), taker);
    }

    /**
     * Gives each thing of {@code text} and its tenant to {@code taker}. A thing may have equals signs; a tenant has
     * none.
     *
     * @throws TenancyConfigException if a tenant is bad, after all were given; names entries by their number
     */
    static void splitAtLast(String text, BiConsumer<String, TenantId> taker) {
        give(text, entry -> entry.lastIndexOf('='), taker);
    }

    /** {@return the items of {@code text}, separated by commas, trimmed} */
    static List<String> list(String text) {
        return Stream.of(text.split(",", -1)).map(String::strip).toList();
    }

    private static void give(String text, ToIntFunction<String> separator, BiConsumer<String, TenantId> taker) {
        List<String> faults = new ArrayList<>();
        int number = 0;
        for (String entry : text.split(";", -1)) {
            number++;
            int equals = separator.applyAsInt(entry);
            String thing = equals < 0 ? entry : entry.substring(0, equals);
            TenantId tenant = NOBODY;
            try {
                tenant = TenantId.of(equals < 0 ? "" : entry.substring(equals + 1));
            } catch (InvalidTenantIdException invalid) {
                faults.add("the tenant of entry " + number + " is bad: " + invalid.fault());
            }
            taker.accept(thing.strip(), tenant);
        }
        if (!faults.isEmpty()) {
            throw new TenancyConfigException(faults);
        }
    }
}
