package dev.tenancy;

import java.util.Locale;

/** A system property that is on or off for the whole virtual machine, for what is static and has no configuration. */
final class JvmSwitch {

    private JvmSwitch() {}

    /**
     * Whether the switch is on.
     *
     * @throws IllegalArgumentException if the property is neither {@code true} nor {@code false}
     */
    static boolean isOn(String property, boolean unlessSet) {
        String text = System.getProperty(property, "").strip().toLowerCase(Locale.ROOT);
        return switch (text) {
            case "" -> unlessSet;
            case "true" -> true;
            case "false" -> false;
            default ->
                throw new IllegalArgumentException(
                        "system property " + property + " has a bad value; allowed: true, false");
        };
    }
}
