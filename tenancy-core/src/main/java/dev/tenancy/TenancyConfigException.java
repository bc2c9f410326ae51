package dev.tenancy;

import java.util.ArrayList;
import java.util.List;

/**
 * The settings are wrong: names all that is, at once, each with its key, what is wrong and what is allowed. Thrown at
 * start.
 *
 * @since 0.1
 */
public final class TenancyConfigException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final ArrayList<String> faults;

    /**
     * Names faults.
     *
     * @param faults what is wrong, a sentence each, without secrets
     */
    public TenancyConfigException(List<String> faults) {
        super("tenancy is not configured: " + String.join("; ", faults));
        this.faults = new ArrayList<>(faults);
    }

    /** {@return what is wrong, a sentence each} */
    public List<String> faults() {
        return List.copyOf(faults);
    }
}
