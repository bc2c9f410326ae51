package dev.tenancy.example.gateway;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** What is printed for whoever has just started the server. */
final class Welcome {
    private static final Duration LIFETIME = Duration.ofHours(12);
    private static final List<String> TENANTS = List.of("acme", "globex", "tiny", "frozen");

    private Welcome() {}

    static String text(String url, Credentials credentials) {
        StringBuilder text =
                new StringBuilder("\nDemo tenants: acme and globex; tiny has small limits, frozen is suspended.\n");
        credentials.issuer().ifPresent(issuer -> {
            text.append("Tokens, valid for 12 hours:\n");
            for (String tenant : TENANTS) {
                text.append("export ")
                        .append(tenant.toUpperCase(Locale.ROOT))
                        .append('=')
                        .append(issuer.token(tenant, "demo-user", LIFETIME))
                        .append('\n');
            }
        });
        if (credentials.demoKeys()) {
            text.append("API keys:\n");
            credentials
                    .apiKeys()
                    .forEach((key, tenant) -> text.append("export ")
                            .append(tenant.value().toUpperCase(Locale.ROOT))
                            .append("_KEY=")
                            .append(key)
                            .append('\n'));
        }
        credentials
                .operator()
                .shownToken()
                .ifPresent(token -> text.append("The operator's token:\nexport OPERATOR=")
                        .append(token)
                        .append('\n'));
        return credentials.issuer().isPresent() ? text.append(calls(url)).toString() : text.toString();
    }

    private static String calls(String url) {
        return """

                Paste the exports above, then try:
                curl -s -H "Authorization: Bearer $ACME" -d '{"name":"researcher"}' URL/agents
                curl -s -H "Authorization: Bearer $ACME" URL/agents
                curl -s -H "Authorization: Bearer $GLOBEX" URL/agents
                curl -s -H "Authorization: Bearer $TINY" -d '{"prompt":"hello","maxTokens":200}' URL/chat
                curl -s -H "Authorization: Bearer $OPERATOR" URL/admin/isolation
                curl -s URL/agents
                """.replace("URL", url);
    }
}
