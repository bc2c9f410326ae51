package dev.tenancy.jdbc;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets borrowers pass when their schema is migrated. Who comes first migrates it; what failed is tried again. */
final class SchemaGate {
    private static final Logger LOG = LoggerFactory.getLogger(TenantSchemas.class);

    private final SchemaMigrator migrator;
    private final ConcurrentMap<SchemaName, CompletableFuture<Void>> migrations = new ConcurrentHashMap<>();

    SchemaGate(SchemaMigrator migrator) {
        this.migrator = migrator;
    }

    /**
     * Passes when the schema is migrated.
     *
     * @throws SQLException that says nothing but that it is not, or not yet
     */
    void pass(SchemaName schema) throws SQLException {
        CompletableFuture<Void> known = migrations.get(schema);
        if (known != null && known.isDone() && !known.isCompletedExceptionally()) {
            return;
        }
        try {
            migrated(schema);
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw unavailable();
        } catch (Exception failure) {
            throw unavailable();
        }
    }

    /** Migrates the schema, or waits for who does. */
    void migrated(SchemaName schema) throws Exception {
        CompletableFuture<Void> mine = new CompletableFuture<>();
        CompletableFuture<Void> others = migrations.putIfAbsent(schema, mine);
        if (others == null) {
            migrateNow(schema, mine);
            return;
        }
        try {
            others.get(migrator.longestWait().toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException failure) {
            throw failure.getCause() instanceof Exception cause ? cause : failure;
        } catch (TimeoutException late) {
            throw SchemaMigrator.late(schema, late);
        }
    }

    private void migrateNow(SchemaName schema, CompletableFuture<Void> mine) throws Exception {
        try {
            migrator.migrate(schema);
            mine.complete(null);
        } catch (Exception | Error failure) {
            LOG.error(
                    "the schema {} cannot be migrated; the next one who needs it tries again", schema.name(), failure);
            migrations.remove(schema, mine);
            mine.completeExceptionally(failure);
            throw failure;
        }
    }

    /** Who needs the schema next looks whether it is there. */
    void forget(SchemaName schema) {
        migrations.remove(schema);
    }

    private static SQLException unavailable() {
        return new SQLTransientConnectionException(
                "the data of the current tenant is not available now", SqlStates.CANNOT_CONNECT_NOW);
    }
}
