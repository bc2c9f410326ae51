package dev.tenancy.resolver;

import dev.tenancy.TenancyConfigException;
import dev.tenancy.internal.ResolverNames;
import java.util.List;

/** The names that resolvers may have. */
final class ResolverName {
    private ResolverName() {}

    /**
     * {@return {@code name}}
     *
     * @throws TenancyConfigException if no resolver may have it
     */
    static String checked(String name) {
        List<String> faults = faultsOf(name);
        if (!faults.isEmpty()) {
            throw new TenancyConfigException(faults);
        }
        return name;
    }

    /** {@return what is wrong with {@code name}: one fault or none} */
    static List<String> faultsOf(String name) {
        return ResolverNames.isValid(name)
                ? List.of()
                : List.of("the name of a resolver is bad; allowed: lower-case letters and digits, first a letter, with"
                        + " single hyphens between them");
    }
}
