package dev.tenancy.jdbc;

import dev.tenancy.TenantId;

/**
 * What an offboarding has just done, told after it was committed or written.
 *
 * @param tenant whose rows
 * @param step what was done with them
 * @param table which table, qualified and quoted as SQL needs it; the name of the schema for
 *     {@link Step#SCHEMA_DROPPED}
 * @param rows how many rows since the last call; 0 for a schema
 * @since 0.1
 */
public record OffboardingProgress(TenantId tenant, Step step, String table, long rows) {

    /**
     * What was done.
     *
     * @since 0.1
     */
    public enum Step {
        /** All rows of a table are in their file. */
        EXPORTED,
        /** All rows of a file are in their table; committed only when the whole tenant is. */
        RESTORED,
        /** A batch is deleted. */
        DELETED,
        /** A batch does not refer to other rows of its cycle any more, so that it can be deleted. */
        LOOSENED,
        /** A schema of the tenant is gone. */
        SCHEMA_DROPPED
    }
}
