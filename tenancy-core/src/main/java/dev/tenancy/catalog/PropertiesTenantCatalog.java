package dev.tenancy.catalog;

import dev.tenancy.TenancyConfigException;
import dev.tenancy.Tenant;
import dev.tenancy.TenantCatalog;
import dev.tenancy.TenantId;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The tenants that a properties file names, in UTF-8 and in the syntax of {@link java.util.Properties}.
 *
 * <pre>{@code
 * tenant[acme].status = active
 * tenant[acme].readable = shared, globex
 * tenant[acme].setting.rate-limit = 600/1m burst 100
 * tenant[auth0|5f7c].status = suspended
 * }</pre>
 *
 * <p>A tenant is there if it has a status, {@code active} or {@code suspended}. In an id, {@code :} and {@code =} are
 * written {@code \:} and {@code \=}. Nothing else may stand in the file, no key twice, and no value may be blank.
 *
 * <p>The file is read when the catalog is made and at {@link #reload()}, never in between. Thread-safe.
 *
 * @since 0.1
 */
public final class PropertiesTenantCatalog implements TenantCatalog {
    private final Path file;
    private final Lock reloading = new ReentrantLock();
    private volatile Map<TenantId, Tenant> tenants;

    private PropertiesTenantCatalog(Path file) {
        this.file = file;
        this.tenants = TenantsFile.read(file);
    }

    /**
     * {@return a catalog of the tenants in {@code file}}
     *
     * @throws TenancyConfigException if the file cannot be read, names no tenant or has faults; names all
     */
    public static PropertiesTenantCatalog of(Path file) {
        return new PropertiesTenantCatalog(Objects.requireNonNull(file, "file"));
    }

    @Override
    public Optional<Tenant> find(TenantId id) {
        return Optional.ofNullable(tenants.get(id));
    }

    /**
     * Reads the file again. All its tenants take the place of all former ones at once.
     *
     * <p>Who changes the file writes another beside it and renames that, so that half a file is never read.
     *
     * @throws TenancyConfigException as for {@link #of}; the former tenants then stay
     */
    public void reload() {
        reloading.lock(); // what is read last is what stays
        try {
            tenants = TenantsFile.read(file);
        } finally {
            reloading.unlock();
        }
    }

    @Override
    public String toString() {
        return "PropertiesTenantCatalog[" + file + "]";
    }
}
