package dev.tenancy.jdbc;

import dev.tenancy.jdbc.OffboardingProgress.Step;
import dev.tenancy.jdbc.TenantTables.Group;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Erases a tenant, in rounds: each looks again at which tables there are, since one may be new, and deletes what is
 * there, since somebody may have written. Nothing is remembered but in the database, so that whoever begins anew goes
 * on.
 */
final class TenantErasure {
    private static final Logger LOG = LoggerFactory.getLogger(TenantErasure.class);

    /** What may be otherwise in the next round: a late child, a conflict, a lock, a table that was just dropped. */
    private static final Set<String> PASSING = Set.of(
            SqlStates.FOREIGN_KEY_VIOLATED, "40001", "40P01", "55P03", "42P01", "3F000", "XX000", SqlStates.CANCELED);

    private final TenantTransactions transactions;
    private final TenantSurvey survey;
    private final int rounds;
    private final Consumer<OffboardingProgress> progress;
    private int batch;

    TenantErasure(
            TenantTransactions transactions,
            TenantSurvey survey,
            int rounds,
            int batch,
            Consumer<OffboardingProgress> progress) {
        this.transactions = transactions;
        this.survey = survey;
        this.rounds = rounds;
        this.batch = batch;
        this.progress = progress;
    }

    /**
     * What is left after it.
     *
     * @throws SQLException if something does not pass, or what passes was there in the last round too
     */
    ErasureProof run() throws SQLException {
        @Nullable SQLException last = null;
        for (int round = 0; round < rounds; round++) {
            try {
                last = null;
                round();
                ErasureProof proof = prove();
                if (proof.isErased()) {
                    return proof;
                }
            } catch (SQLException failure) {
                if (!PASSING.contains(String.valueOf(failure.getSQLState()))
                        || Thread.currentThread().isInterrupted()) {
                    throw failure;
                }
                LOG.info("erasing tenant {} goes into another round", survey.tenant(), failure);
                last = failure;
                if (SqlStates.CANCELED.equals(failure.getSQLState())) {
                    batch = Math.max(1, batch / 4); // too much for the statement's timeout
                }
            }
        }
        if (last != null) {
            throw last;
        }
        return prove();
    }

    private ErasureProof prove() throws SQLException {
        return transactions.call(TenantTransactions.ONE_SNAPSHOT, connection -> TenantProof.of(connection, survey));
    }

    private void round() throws SQLException {
        TenantTables tables = transactions.call(TenantTransactions.ONE_SNAPSHOT, survey::forDeleting);
        List<String> schemas = transactions.call(
                TenantTransactions.ONE_SNAPSHOT, connection -> TenantProof.existing(connection, survey.schemas()));
        for (String schema : schemas) {
            transactions.call(TenantTransactions.WRITING, connection -> {
                SchemaDrop.run(connection, schema);
                return schema;
            });
            progress.accept(new OffboardingProgress(survey.tenant(), Step.SCHEMA_DROPPED, schema, 0));
        }
        List<Group> childrenFirst = new ArrayList<>(tables.parentsFirst());
        Collections.reverse(childrenFirst);
        for (Group group : childrenFirst) {
            // Tables of the tenant's own schemas are gone with them, and in no group with others: see SchemaDrop.
            if (group.tables().stream().noneMatch(TenantTable::owned)) {
                new GroupErasure(transactions, group, batch, progress).run();
            }
        }
    }
}
