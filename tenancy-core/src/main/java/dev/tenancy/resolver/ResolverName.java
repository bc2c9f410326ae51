package dev.tenancy.resolver;

import java.util.List;
import java.util.regex.Pattern;

/** The names that resolvers may have. */
final class ResolverName {
    private static final Pattern VALID = Pattern.compile("[a-z][a-z0-9]*(?:-[a-z0-9]+)*");

    private ResolverName() {}

    /** {@return what is wrong with {@code name}: one fault or none} */
    static List<String> faultsOf(String name) {
        return VALID.matcher(name).matches()
                ? List.of()
                : List.of("the name of a resolver is bad; allowed: lower-case letters and digits, first a letter, with"
                        + " single hyphens between them");
    }
}
