package dev.tenancy.jdbc;

import javax.sql.DataSource;

/**
 * Makes the tables of one tenant's schema, or brings them up to date.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface SchemaMigration {

    /**
     * Migrates a schema that is there. Is called for one schema by one thread of one server at a time. What was begun
     * and not completed, because the process was killed, say, is done again: the next call has to complete it.
     *
     * @param owner gives connections of the role that owns the schemas
     * @param schema its name
     * @throws Exception if it cannot be migrated; is logged, and the next request tries again
     */
    void migrate(DataSource owner, String schema) throws Exception;
}
