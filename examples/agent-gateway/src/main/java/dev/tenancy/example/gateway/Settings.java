package dev.tenancy.example.gateway;

import dev.tenancy.TenancyConfig;
import dev.tenancy.TenantId;
import dev.tenancy.jdbc.SchemaMap;
import dev.tenancy.ratelimit.lettuce.ValkeyBucketStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the environment says.
 *
 * @param port where to listen, 0 for any free port
 * @param database the PostgreSQL to use, or empty for an embedded one
 * @param redisUrl where limits are counted, or empty for in this process
 * @param developmentIssuer whether tokens of the built-in issuer are accepted
 * @param apiKeys tenant by API key; empty for demo keys
 * @param operatorToken what proves the operator; empty for one that is made up
 * @param jobLease for how long a job is another's that died with it
 * @param budgetLease for how long budget stays reserved by who died
 * @param tenancy the library's own settings
 */
record Settings(
        int port,
        Optional<DatabaseUrls> database,
        Optional<String> redisUrl,
        boolean developmentIssuer,
        Map<String, TenantId> apiKeys,
        Optional<String> operatorToken,
        Duration jobLease,
        Duration budgetLease,
        TenancyConfig tenancy) {

    private static final String JDBC = "jdbc:postgresql:";
    static final String LOG = "GATEWAY_LOG";
    private static final List<String> LOGS = List.of("text", "json");

    /**
     * A real PostgreSQL.
     *
     * @param app JDBC URL for the application's role
     * @param owner JDBC URL for the role that owns the tables
     * @param sql JDBC URL for the role that runs SQL of tenants
     */
    record DatabaseUrls(String app, String owner, String sql) {
        DatabaseUrls(String app, String owner) {
            this(app, owner, app);
        }

        /** The URLs have passwords. */
        @Override
        public String toString() {
            return "DatabaseUrls";
        }
    }

    /** API keys are secrets. */
    @Override
    public String toString() {
        return "Settings[port=" + port + "]";
    }

    /**
     * Reads the variables, and names all that is wrong with them at once.
     *
     * @throws IllegalArgumentException if something is
     */
    static Settings of(Map<String, String> variables) {
        List<String> faults = new ArrayList<>();
        int port = number(variables, "GATEWAY_PORT", 8_080, 0, 65_535, faults);
        Duration jobLease = Duration.ofSeconds(number(variables, "GATEWAY_JOB_LEASE_SECONDS", 60, 1, 86_400, faults));
        Duration budgetLease =
                Duration.ofSeconds(number(variables, "GATEWAY_BUDGET_LEASE_SECONDS", 60, 1, 86_400, faults));
        Optional<DatabaseUrls> database = database(variables, faults);
        Optional<String> redisUrl = redisUrl(variables, faults);
        refuseUnknownLog(variables, faults);
        Map<String, TenantId> apiKeys = apiKeys(variables.getOrDefault("GATEWAY_TENANT_KEY_MAP", ""), faults);
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException("the gateway is not configured: " + String.join("; ", faults));
        }
        boolean developmentIssuer =
                variables.getOrDefault("TENANCY_JWT_ISSUER", "").isBlank();
        Optional<String> operatorToken = value(variables, "GATEWAY_OPERATOR_TOKEN");
        return new Settings(
                port,
                database,
                redisUrl,
                developmentIssuer,
                apiKeys,
                operatorToken,
                jobLease,
                budgetLease,
                tenancy(variables));
    }

    private static Optional<String> value(Map<String, String> variables, String name) {
        return Optional.of(variables.getOrDefault(name, "").strip()).filter(value -> !value.isEmpty());
    }

    private static int number(
            Map<String, String> variables, String name, int unlessSet, int least, int most, List<String> faults) {
        String text = value(variables, name).orElse(Integer.toString(unlessSet));
        if (text.matches("\\d{1,9}") && Integer.parseInt(text) >= least && Integer.parseInt(text) <= most) {
            return Integer.parseInt(text);
        }
        faults.add(name + " is not such a number; allowed: " + least + " to " + most);
        return unlessSet;
    }

    private static Optional<DatabaseUrls> database(Map<String, String> variables, List<String> faults) {
        String app = variables.getOrDefault("GATEWAY_JDBC_URL", "");
        String owner = variables.getOrDefault("GATEWAY_OWNER_JDBC_URL", "");
        String sql = value(variables, "GATEWAY_SQL_JDBC_URL").orElse(app);
        if (app.isBlank() != owner.isBlank()) {
            faults.add("GATEWAY_JDBC_URL and GATEWAY_OWNER_JDBC_URL go together; one of them is not set");
        } else if (!Stream.of(app, owner, sql).allMatch(url -> url.isBlank() || url.startsWith(JDBC))) {
            faults.add("GATEWAY_JDBC_URL, GATEWAY_OWNER_JDBC_URL or GATEWAY_SQL_JDBC_URL is bad; allowed: " + JDBC
                    + "//host:port/database?user=…");
        } else if (app.isBlank() && !sql.isBlank()) {
            faults.add("GATEWAY_SQL_JDBC_URL is set without GATEWAY_JDBC_URL");
        }
        return app.isBlank() ? Optional.empty() : Optional.of(new DatabaseUrls(app, owner, sql));
    }

    /** Read by the configuration of the logs itself, which for anything else would log nothing, and not say so. */
    private static void refuseUnknownLog(Map<String, String> variables, List<String> faults) {
        if (!LOGS.contains(value(variables, LOG).orElse(LogForm.UNLESS_SAID))) {
            faults.add(LOG + " is bad; allowed: " + String.join(", ", LOGS));
        }
    }

    private static Optional<String> redisUrl(Map<String, String> variables, List<String> faults) {
        Optional<String> url = value(variables, "GATEWAY_REDIS_URL");
        url.ifPresent(text -> {
            try {
                ValkeyBucketStore.builder().uri(text);
            } catch (IllegalArgumentException bad) { // whose message has nothing of the text, which may be a secret
                faults.add("GATEWAY_REDIS_URL: " + bad.getMessage());
            }
        });
        return url;
    }

    private static Map<String, TenantId> apiKeys(String text, List<String> faults) {
        Map<String, TenantId> tenants = new LinkedHashMap<>();
        for (String entry : text.isBlank() ? new String[0] : text.split(";", -1)) {
            int colon = entry.indexOf(':');
            String key = colon < 0 ? "" : entry.substring(0, colon).strip();
            if (key.isEmpty()) {
                faults.add("GATEWAY_TENANT_KEY_MAP has an entry without a key; allowed: key:schema;key:schema");
            } else {
                tenantOf(entry.substring(colon + 1), faults).ifPresent(tenant -> {
                    if (tenants.put(key, tenant) != null) {
                        faults.add("GATEWAY_TENANT_KEY_MAP has a key twice");
                    }
                });
            }
        }
        return tenants;
    }

    private static Optional<TenantId> tenantOf(String text, List<String> faults) {
        try {
            return SchemaMap.parse("key:" + text).schemaOf("key").map(TenantId::of);
        } catch (IllegalArgumentException invalid) {
            faults.add("GATEWAY_TENANT_KEY_MAP has a schema that is none: " + invalid.getMessage());
            return Optional.empty();
        }
    }

    private static TenancyConfig tenancy(Map<String, String> variables) {
        String resolvers = value(variables, "TENANCY_RESOLVERS").orElse("jwt,api-key");
        boolean singleTenant =
                !variables.getOrDefault("TENANCY_DEFAULT_TENANT", "").isBlank();
        Map<String, String> chosen = new HashMap<>();
        boolean lacksFixed = singleTenant && !resolvers.endsWith("fixed");
        chosen.put("tenancy.resolvers", lacksFixed ? resolvers + ",fixed" : resolvers);
        Map<String, String> unlessSet =
                Map.of("tenancy.jwt.query-parameter", Events.TOKEN_PARAMETER, "tenancy.jwt.query-paths", Events.PATH);
        return TenancyConfig.builder()
                .settings(chosen)
                .environment(variables)
                .settings(unlessSet)
                .build();
    }
}
