package dev.tenancy;

import dev.tenancy.internal.ResolverNames;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A resolver that is there or can be made, and what it said of itself when it was found; it is not asked again.
 *
 * @param type the class that said so
 * @param byFactory whether the resolver is yet to be made
 * @param maker gives the resolver
 */
record ResolverProvider(
        String name,
        Set<ConfigKey<?>> keys,
        Class<?> type,
        boolean byFactory,
        Function<TenancyConfig, TenantResolver> maker) {
    static final String ALLOWED_NAMES = "lower-case letters and digits, in parts that hyphens separate";

    /**
     * A resolver without settings.
     *
     * @throws TenancyConfigException if it is broken
     */
    static ResolverProvider of(TenantResolver resolver) {
        Class<?> type = resolver.getClass();
        return new ResolverProvider(nameOf(type, resolver::name), Set.of(), type, false, config -> resolver);
    }

    /**
     * A resolver with settings.
     *
     * @throws TenancyConfigException if its factory is broken
     */
    static ResolverProvider of(TenantResolverFactory factory) {
        Class<?> type = factory.getClass();
        return new ResolverProvider(
                nameOf(type, factory::name),
                ask(type, "its keys", () -> Set.copyOf(factory.keys())),
                type,
                true,
                factory::create);
    }

    /** Whether this is the same as {@code other}, seen through another class loader. */
    boolean isCopyOf(ResolverProvider other) {
        return type != other.type && type.getName().equals(other.type.getName());
    }

    /** What failed and where, without its message: that is somebody else's, and may repeat a secret. */
    static String described(Throwable failure) {
        StackTraceElement[] trace = failure.getStackTrace();
        return failure.getClass().getName() + (trace.length == 0 ? "" : " at " + trace[0]);
    }

    @SuppressWarnings("NullAway") // a provider from outside may return null against its contract
    private static String nameOf(Class<?> type, Supplier<String> question) {
        String name = ask(type, "its name", question);
        if (name == null || !ResolverNames.isValid(name)) {
            throw new TenancyConfigException(
                    List.of("provider " + type.getName() + " has a bad name; allowed: " + ALLOWED_NAMES));
        }
        return name;
    }

    private static <T> T ask(Class<?> type, String what, Supplier<T> question) {
        try {
            return question.get();
        } catch (Exception | LinkageError failure) { // also a checked one, which other languages throw undeclared
            throw new TenancyConfigException(
                    List.of("provider " + type.getName() + " does not tell " + what + ": " + described(failure)));
        }
    }
}
