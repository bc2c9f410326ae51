package dev.tenancy.resource;

/**
 * Closes a resource.
 *
 * @param <T> the resource
 * @since 0.1
 */
@FunctionalInterface
public interface ResourceCloser<T> {
    /**
     * Closes {@code resource}; called once, whoever it was made for being current.
     *
     * @throws Exception if that fails, which is logged
     */
    void close(T resource) throws Exception;
}
