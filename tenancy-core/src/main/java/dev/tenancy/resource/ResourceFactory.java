package dev.tenancy.resource;

import dev.tenancy.TenantIdentity;

/**
 * Makes a resource.
 *
 * @param <T> the resource
 * @since 0.1
 */
@FunctionalInterface
public interface ResourceFactory<T> {
    /**
     * {@return a new resource; not null}
     *
     * <p>Called on the thread that borrows first, {@code identity} being current. It may take its time: only those who
     * wait for this resource wait.
     *
     * @param identity whom it is for: with what all who share it have in common, and the name of the resolver that
     *     proved the first of them
     * @throws Exception if it cannot be made; nothing is kept
     */
    T create(TenantIdentity identity) throws Exception;
}
