package dev.tenancy.jdbc;

import dev.tenancy.jdbc.OffboardingProgress.Step;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** Writes all rows of a tenant, a file a table, and at last the manifest. */
final class TenantExporter {
    private static final int LONGEST_HINT = 60;

    private final TenantSurvey survey;
    private final ExportFiles files;
    private final Consumer<OffboardingProgress> progress;

    TenantExporter(TenantSurvey survey, ExportFiles files, Consumer<OffboardingProgress> progress) {
        this.survey = survey;
        this.files = files;
        this.progress = progress;
    }

    /** In the one snapshot of the transaction. */
    TenantExport export(Connection connection) throws SQLException {
        try {
            List<TenantExport.Table> written = new ArrayList<>();
            for (TenantTables.Group group : survey.forReading(connection).parentsFirst()) {
                for (TenantTable table : group.tables()) {
                    written.add(export(connection, table, fileName(written.size() + 1, table)));
                }
            }
            TenantExport export = new TenantExport(survey.tenant(), TenantProof.now(connection), written);
            try (OutputStream out = files.create(TenantExport.MANIFEST)) {
                out.write(ExportManifest.write(export).getBytes(StandardCharsets.UTF_8));
            }
            return export;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private TenantExport.Table export(Connection connection, TenantTable table, String file)
            throws SQLException, IOException {
        LineDigest digest;
        try (OutputStream out = files.create(file)) {
            digest = TableRows.copy(connection, table, out);
        }
        progress.accept(new OffboardingProgress(survey.tenant(), Step.EXPORTED, table.sql(), digest.lines()));
        return new TenantExport.Table(
                table.schema(),
                table.name(),
                table.exported(),
                file,
                digest.lines(),
                digest.sha256OfFile(),
                digest.content());
    }

    /** The number tells files apart; what follows is a hint for people. */
    private static String fileName(int number, TenantTable table) {
        String hint =
                (table.schema() + "." + table.name()).toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9._-]", "_");
        return String.format(Locale.ROOT, "%04d-", number) + hint.substring(0, Math.min(hint.length(), LONGEST_HINT))
                + ".jsonl";
    }
}
