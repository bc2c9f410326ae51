package dev.tenancy.jdbc.audit;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * Runs an {@link IsolationAudit} from a command line.
 *
 * <p>Exit status 0: nothing found; 1: something found that is at least of the severity {@code --fail-from}; 2: the
 * audit could not be run. The password comes from the environment ({@code PGPASSWORD}) or the password file of
 * PostgreSQL, and never from the command line, where other users of the machine see it.
 *
 * @since 0.1
 */
public final class AuditCommand {
    private static final String USAGE = """
            usage: java -cp … dev.tenancy.jdbc.audit.AuditCommand --url jdbc:postgresql://host:port/database [options]
              --url URL            the database; or TENANCY_AUDIT_URL
              --user NAME          the login; or PGUSER. The password: PGPASSWORD, or ~/.pgpass
              --role NAME          the application's role (the login)
              --tenant-column NAME the tenant column (tenant_id)
              --exclude SCHEMA     a schema that is not looked at; again for more
              --allow-list FILE    what is known and allowed: a line each, rule | object | reason
              --fail-from SEVERITY low, medium, high or critical (low)
              --format FORMAT      text, json or sql (text)
            """;

    private final Map<String, String> environment;
    private final IsolationAudit.Builder audit = IsolationAudit.builder();
    private Optional<String> url;
    private Optional<String> user;
    private Severity failFrom = Severity.LOW;
    private String format = "text";

    private AuditCommand(Map<String, String> environment) {
        this.environment = environment;
        this.url = Optional.ofNullable(environment.get("TENANCY_AUDIT_URL"));
        this.user = Optional.ofNullable(environment.get("PGUSER"));
    }

    /** Runs, and ends the JVM with the status. */
    public static void main(String[] args) {
        System.exit(run(args, System.getenv(), System.out, System.err));
    }

    /** Runs; returns the status. */
    static int run(String[] args, Map<String, String> environment, PrintStream out, PrintStream err) {
        try {
            AuditCommand command = new AuditCommand(environment);
            for (int at = 0; at < args.length; at += 2) {
                if (at + 1 == args.length) {
                    throw new IllegalArgumentException(args[at] + " needs a value");
                }
                command.set(args[at], args[at + 1]);
            }
            AuditReport report = command.report();
            out.print(command.formatted(report));
            out.flush();
            return report.atLeast(command.failFrom).isEmpty() ? 0 : 1;
        } catch (IllegalArgumentException fault) {
            err.println(fault.getMessage());
            err.print(USAGE);
            return 2;
        } catch (SQLException | IOException failure) {
            err.println("the audit could not be run: " + failure.getMessage());
            return 2;
        }
    }

    private void set(String option, String value) throws IOException {
        switch (option) {
            case "--url" -> url = Optional.of(withoutPassword(value));
            case "--user" -> user = Optional.of(value);
            case "--role" -> audit.role(value);
            case "--tenant-column" -> audit.tenantColumn(value);
            case "--exclude" -> audit.exclude(value);
            case "--allow-list" -> allow(Path.of(value));
            case "--fail-from" -> failFrom = Severity.of(value);
            case "--format" -> format = formatOf(value);
            default -> throw new IllegalArgumentException("no option " + option);
        }
    }

    /** The message does not have the value. */
    private static String withoutPassword(String url) {
        if (url.toLowerCase(Locale.ROOT).contains("password=") || url.contains("@")) {
            throw new IllegalArgumentException("--url must not have a password; allowed: PGPASSWORD, or ~/.pgpass");
        }
        return url;
    }

    private static String formatOf(String value) {
        if (!value.equals("text") && !value.equals("json") && !value.equals("sql")) {
            throw new IllegalArgumentException("no format " + value + "; allowed: text, json, sql");
        }
        return value;
    }

    private void allow(Path file) throws IOException {
        for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
            if (!line.isBlank() && !line.startsWith("#")) {
                String[] parts = line.split("\\|", 3);
                if (parts.length < 3) {
                    throw new IllegalArgumentException(
                            "allow-list " + file + ": \"" + line + "\" is not of the form rule | object | reason");
                }
                audit.allow(parts[0].strip(), parts[1].strip(), parts[2].strip());
            }
        }
    }

    private AuditReport report() throws SQLException {
        Properties login = new Properties();
        user.ifPresent(name -> login.setProperty("user", name));
        Optional.ofNullable(environment.get("PGPASSWORD")).ifPresent(secret -> login.setProperty("password", secret));
        login.setProperty("ApplicationName", "tenancy isolation audit");
        String database = url.orElseThrow(
                () -> new IllegalArgumentException("--url is missing, and TENANCY_AUDIT_URL is not set"));
        try (Connection connection = DriverManager.getConnection(database, login)) {
            return audit.build().run(connection);
        }
    }

    private String formatted(AuditReport report) {
        return switch (format) {
            case "json" -> report.toJson() + "\n";
            case "sql" -> report.toSql();
            default -> report.toText();
        };
    }
}
