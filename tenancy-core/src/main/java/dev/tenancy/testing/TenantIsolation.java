package dev.tenancy.testing;

import dev.tenancy.Problem;
import dev.tenancy.Problems;
import dev.tenancy.TenantContext;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import java.lang.reflect.Array;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Assertions on what tenants see of each other.
 *
 * @since 0.1
 */
public final class TenantIsolation {
    private static final String RESOLVER = "test";
    private static final Object NOTHING = Optional.empty();

    private TenantIsolation() {}

    /**
     * Looks for something of one tenant from both sides: fails unless its owner sees it and the other tenant sees
     * nothing. What nobody sees proves nothing.
     *
     * <pre>{@code
     * long id = TenantContext.call(acme, () -> invoices.add("of acme"));
     *
     * assertTenantCannotSee("globex", "acme", () -> invoices.find(id));
     * }</pre>
     *
     * <p>Nothing is: {@code null}, {@code false}, the number 0, an empty {@link Optional}, text, collection, map or
     * array, and an exception that is answered with 404.
     *
     * @param <X> what the look may throw
     * @param other who must not see it
     * @param owner whose it is
     * @param look reads it, as whoever is current
     * @throws AssertionError if the owner sees nothing, or the other tenant something
     * @throws X if the look does, and it is not answered with 404: an outage proves nothing
     */
    public static <X extends Exception> void assertTenantCannotSee(
            String other, String owner, TenantContext.Work<? extends @Nullable Object, X> look) throws X {
        assertTenantCannotSee(identity(other), identity(owner), look);
    }

    /** The same for identities, which may have subjects and readable tenants. */
    public static <X extends Exception> void assertTenantCannotSee(
            TenantIdentity other, TenantIdentity owner, TenantContext.Work<? extends @Nullable Object, X> look)
            throws X {
        if (isNothing(seenBy(owner, look))) {
            throw new AssertionError(
                    owner + " does not see it either, so that nothing is proven; is it there, and is it looked for?");
        }
        Object seen = seenBy(other, look);
        if (!isNothing(seen)) {
            throw new AssertionError(other + " sees what is of " + owner + ": " + seen);
        }
    }

    private static <X extends Exception> Object seenBy(
            TenantIdentity identity, TenantContext.Work<? extends @Nullable Object, X> look) throws X {
        return TenantContext.call(identity, () -> {
            try {
                Object seen = look.call();
                return seen == null ? NOTHING : seen;
            } catch (Exception failure) {
                int status = Problems.of(failure).map(Problem::status).orElse(0);
                if (status == Problem.notFound().status()) {
                    return NOTHING;
                }
                throw failure;
            }
        });
    }

    private static boolean isNothing(Object seen) {
        if (seen instanceof Optional<?> optional) {
            return optional.isEmpty();
        }
        if (seen instanceof Collection<?> collection) {
            return collection.isEmpty();
        }
        if (seen instanceof Map<?, ?> map) {
            return map.isEmpty();
        }
        if (seen instanceof CharSequence text) {
            return text.length() == 0;
        }
        if (seen instanceof Number number) {
            return number.doubleValue() == 0;
        }
        return seen.equals(false) || (seen.getClass().isArray() && Array.getLength(seen) == 0);
    }

    private static TenantIdentity identity(String tenant) {
        return TenantIdentity.of(TenantId.of(tenant), RESOLVER);
    }
}
