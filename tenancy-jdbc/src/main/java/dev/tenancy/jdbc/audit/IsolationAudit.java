package dev.tenancy.jdbc.audit;

import static java.util.Objects.requireNonNull;

import dev.tenancy.jdbc.RowLevelSecurity;
import dev.tenancy.jdbc.TenantBinding;
import dev.tenancy.jdbc.internal.CatalogSnapshot;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import javax.sql.DataSource;

/**
 * Reads the catalogs of a PostgreSQL database (14 to 18) and finds what would let a tenant out of its rows: rights of
 * the application's role, tables, policies, settings, views, functions, keys and indexes.
 *
 * <p>It looks at every schema that the role may use, and changes nothing. About a dozen queries, however many tables
 * there are. Immutable and thread-safe.
 *
 * @since 0.1
 */
public final class IsolationAudit {
    private static final List<AuditRule> RULES =
            RuleFile.ALL.stream().flatMap(file -> file.rules().stream()).toList();

    private final AuditSettings settings;
    private final AllowList allowList;
    private final Severity refusal;

    private IsolationAudit(AuditSettings settings, AllowList allowList, Severity refusal) {
        this.settings = settings;
        this.allowList = allowList;
        this.refusal = refusal;
    }

    /** {@return an audit of the role that a connection has, with no allow-list} */
    public static IsolationAudit standard() {
        return builder().build();
    }

    /** {@return a builder} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return all rules, by area} */
    public static List<AuditRule> rules() {
        return RULES;
    }

    static AuditRule rule(String id) {
        return RULES.stream().filter(rule -> rule.id().equals(id)).findFirst().orElseThrow();
    }

    /**
     * {@return what is found}
     *
     * @param source connections of any role that may read the catalogs, best the application's own; not a
     *     {@link dev.tenancy.jdbc.TenantDataSource}, whose connections are a tenant's
     * @throws SQLException if the database cannot be read, or has no such role
     */
    public AuditReport run(DataSource source) throws SQLException {
        try (Connection connection = source.getConnection()) {
            return run(connection);
        }
    }

    /**
     * {@return what is found}
     *
     * @param connection as {@link #run(DataSource)} says; is not closed. If it is in a transaction, what that has
     *     changed is seen, and the transaction goes on; otherwise everything is read in one snapshot.
     * @throws SQLException if the database cannot be read, or has no such role
     */
    public AuditReport run(Connection connection) throws SQLException {
        return CatalogSnapshot.read(connection, statement -> {
            CatalogReader reader = new CatalogReader(statement, settings);
            List<Finding> findings = new ArrayList<>();
            List<AuditReport.Allowed> allowed = new ArrayList<>();
            allowList.sort(CatalogReader.readAll(reader), findings, allowed);
            // The sort is stable: within a severity the rules' order is that in which their SQL can be run.
            findings.sort(
                    Comparator.comparing((Finding finding) -> finding.rule().severity())
                            .reversed());
            CatalogReader.About about = reader.about();
            return new AuditReport(about.database(), about.role(), about.server(), about.at(), findings, allowed);
        });
    }

    /**
     * Runs the audit, and refuses to go on if something is found.
     *
     * @param source as {@link #run(DataSource)} says
     * @return what was found that is no reason to refuse
     * @throws IsolationException if something is found that is at least of the severity which
     *     {@link Builder#refuseFrom} says
     * @throws SQLException if the database cannot be read
     */
    public AuditReport enforce(DataSource source) throws SQLException {
        AuditReport report = run(source);
        List<Finding> reasons = report.atLeast(refusal);
        if (!reasons.isEmpty()) {
            throw new IsolationException(
                    "the database would let a tenant out of its rows, " + reasons.size() + " findings for role "
                            + report.role() + ":\n" + AuditReport.textOf(reasons),
                    report);
        }
        return report;
    }

    /**
     * {@return the audit, run now and again, until it is closed}
     *
     * @param source as {@link #run(DataSource)} says
     * @param interval the time from the end of one run to the begin of the next; at least a second
     * @param scheduler what runs it; is not shut down
     */
    public RepeatedAudit every(Duration interval, DataSource source, ScheduledExecutorService scheduler) {
        return new RepeatedAudit(this, interval, source, scheduler);
    }

    Severity refusal() {
        return refusal;
    }

    /**
     * Says what is looked at. Not thread-safe.
     *
     * @since 0.1
     */
    public static final class Builder {
        private final List<String> excluded = new ArrayList<>();
        private final List<AllowList.Entry> entries = new ArrayList<>();
        private Optional<String> role = Optional.empty();
        private Optional<Integer> version = Optional.empty();
        private String column = RowLevelSecurity.TENANT_COLUMN;
        private Severity refusal = Severity.MEDIUM;

        private Builder() {}

        /** Sets the application's role, as PostgreSQL stores its name; the connection's own if this is not called. */
        public Builder role(String name) {
            this.role = Optional.of(name);
            return this;
        }

        /** Sets the tenant column; {@link RowLevelSecurity#TENANT_COLUMN} if this is not called. */
        public Builder tenantColumn(String name) {
            this.column = requireNonNull(name, "name");
            return this;
        }

        /** Adds a schema that is not looked at, as PostgreSQL stores its name. */
        public Builder exclude(String schema) {
            excluded.add(requireNonNull(schema, "schema"));
            return this;
        }

        /**
         * Adds something that is known and allowed.
         *
         * @param rule the rule's id
         * @param object the object as the report names it, {@code table public.countries}; or {@code *} for all
         * @param reason why; not blank
         * @throws IllegalArgumentException if there is no such rule, no object or no reason
         */
        public Builder allow(String rule, String object, String reason) {
            entries.add(new AllowList.Entry(rule, object, reason));
            return this;
        }

        /**
         * Sets from which severity on a finding is a reason to refuse; {@link Severity#MEDIUM} if this is not called.
         */
        public Builder refuseFrom(Severity severity) {
            this.refusal = severity;
            return this;
        }

        /** Takes the server for another one: what a version is known for cannot be made in a test. */
        Builder serverVersion(int number) {
            this.version = Optional.of(number);
            return this;
        }

        /** {@return the audit} */
        public IsolationAudit build() {
            return new IsolationAudit(
                    new AuditSettings(role, column, TenantBinding.SETTING, List.copyOf(excluded), version),
                    new AllowList(entries),
                    refusal);
        }
    }
}
