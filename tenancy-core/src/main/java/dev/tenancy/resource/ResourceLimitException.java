package dev.tenancy.resource;

import dev.tenancy.Problem;
import dev.tenancy.TenancyException;
import dev.tenancy.TenantId;
import java.time.Duration;

/**
 * The tenant has as many resources in use at once as it may. Answered with 429; none was made.
 *
 * @see TenantResources.Builder#maximumPerTenant(int)
 * @since 0.1
 */
public final class ResourceLimitException extends TenancyException {
    private static final long serialVersionUID = 1L;

    ResourceLimitException(TenantId tenantId, int maximum) {
        super(
                "tenant " + tenantId + " has " + maximum + " resources in use, as many as it may at once",
                Problem.limited(
                        "resources-in-use",
                        "Too much at once",
                        "This tenant has as many resources in use as it may at once.",
                        Duration.ofSeconds(1)),
                null);
    }
}
