package dev.tenancy.jdbc.audit;

import java.util.Locale;

/**
 * How much a finding matters; the first is the least.
 *
 * @since 0.1
 */
public enum Severity {
    /** Slow, untidy, or one more mistake away from something worse. */
    LOW,

    /** Tells something of other tenants, disturbs them, or is one mistake away from a leak. */
    MEDIUM,

    /** Lets SQL that an attacker wrote, or one further right, reach other tenants' rows. */
    HIGH,

    /** Shows one tenant another's rows, or lets it change them. */
    CRITICAL;

    /** {@return the name in lower case, as reports have it} */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * {@return the severity of that name, in any case}
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Severity of(String name) {
        for (Severity severity : values()) {
            if (severity.name().equalsIgnoreCase(name)) {
                return severity;
            }
        }
        throw new IllegalArgumentException("no severity \"" + name + "\"; allowed: low, medium, high, critical");
    }
}
