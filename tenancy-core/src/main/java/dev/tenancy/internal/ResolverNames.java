package dev.tenancy.internal;

import java.util.regex.Pattern;

/** The names that resolvers may have, whoever makes them. */
public final class ResolverNames {
    private static final Pattern VALID = Pattern.compile("[a-z][a-z0-9]*(?:-[a-z0-9]+)*");

    private ResolverNames() {}

    /** {@return whether a resolver may have this name} */
    public static boolean isValid(String name) {
        return VALID.matcher(name).matches();
    }
}
