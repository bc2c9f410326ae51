package dev.tenancy.catalog;

import dev.tenancy.Tenant;
import java.util.Optional;

/**
 * What a catalog said of one tenant.
 *
 * @param tenant empty if it does not know it
 * @param askedAt when it was asked, in nanoseconds of any origin; what it said may be as old as that
 */
record Answer(Optional<Tenant> tenant, long askedAt) {}
