package dev.tenancy.example.gateway;

import dev.tenancy.testservers.TestPostgres;
import java.util.HashMap;
import java.util.Map;

/** What a gateway is told that serves a test: any free port, a database of the test's own. */
final class TestSettings {
    private TestSettings() {}

    /** With {@code others}: a name, its value, and so on. */
    static Settings on(TestPostgres.Database database, String... others) {
        return on(database.appUrl(), database.ownerUrl(), others);
    }

    static Settings on(String appUrl, String ownerUrl, String... others) {
        return Settings.of(variables(appUrl, ownerUrl, others));
    }

    static Map<String, String> variables(String appUrl, String ownerUrl, String... others) {
        Map<String, String> variables = new HashMap<>();
        variables.put("GATEWAY_PORT", "0");
        variables.put("GATEWAY_JDBC_URL", appUrl);
        variables.put("GATEWAY_OWNER_JDBC_URL", ownerUrl);
        for (int i = 0; i < others.length; i += 2) {
            variables.put(others[i], others[i + 1]);
        }
        return variables;
    }
}
