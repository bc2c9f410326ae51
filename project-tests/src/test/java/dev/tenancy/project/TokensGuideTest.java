package dev.tenancy.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.Tenancy;
import dev.tenancy.TenancyConfig;
import dev.tenancy.TenantCatalog;
import dev.tenancy.TenantRequest;
import dev.tenancy.jwt.ClaimPath;
import dev.tenancy.jwt.JwtIssuer;
import dev.tenancy.jwt.JwtTenantResolver;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What docs/jwt.md says: its code, its settings, and that they take the tenant from the tokens which it shows. */
class TokensGuideTest {
    private static final String GUIDE = Documents.text("docs/jwt.md");
    private static final Pattern TOKEN = Pattern.compile("```json\n(\\{.*})\n(\\{.*?\n})\n```", Pattern.DOTALL);
    private static final Pattern SETTINGS = Pattern.compile("```properties\n(.*?)```", Pattern.DOTALL);
    private static final Pattern SECTION = Pattern.compile("\n### (\\S[^\n]*)\n(.*?)(?=\n##)", Pattern.DOTALL);

    @TempDir
    private static Path keys;

    @Test
    void whatTheGuideSaysIsWhatIsRunHere() {
        Set<String> revoked = Set.of("j1");
        // region code
        JwtTenantResolver tokens = JwtTenantResolver.builder()
                .issuer(JwtIssuer.builder("https://login.example.com/")
                        .discovery()
                        .audience("https://api.example.com")
                        .tenantClaim(ClaimPath.of("org_id"))
                        .build())
                .cache(10_000, Duration.ofMinutes(5))
                .revocation(token -> token.id().filter(revoked::contains).isPresent())
                .build();
        // endregion

        assertThat(GUIDE).contains(Documents.region(TokensGuideTest.class, "code"));
        assertThat(tokens).hasToString("JwtTenantResolver[jwt]");
    }

    @Test
    void allSettingsOfTheGuideAreGood() throws Exception {
        Matcher settings = SETTINGS.matcher(GUIDE);
        int seen = 0;
        while (settings.find()) {
            assertThat(Tenancy.load(TenancyConfig.of(settings(settings.group(1))))
                            .catalog(TenantCatalog.acceptingAny())
                            .build())
                    .isNotNull();
            seen++;
        }
        assertThat(seen).isEqualTo(10);
    }

    @Test
    void theTableNamesTheIssuersThatFollow() {
        assertThat(SECTION.matcher(GUIDE).results().map(section -> section.group(1)))
                .hasSize(7)
                .allSatisfy(name -> assertThat(GUIDE)
                        .contains("| [" + name + "](#"
                                + name.toLowerCase(Locale.ROOT).replace(' ', '-') + ") |"));
    }

    @ParameterizedTest
    @CsvSource({
        "Auth0, org_9ybsU1dN2dKfDkBi, auth0|5f7c8ec7c33c6c004bbafe82",
        "Keycloak, acme, f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
        "Okta, acme, 00u8o1wzblCLNeXXC5d7",
        "Entra ID, 72f988bf-86f1-41af-91ab-2d7cd011db47, 690222be-ff1a-4d56-abd1-7e4f7d38e474",
        "Cognito, acme, aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
        "Supabase, acme, 11111111-2222-4333-8444-555555555555",
        "Zitadel, 259241944654217218, 259241944654282754"
    })
    void aTokenOfTheIssuerProvesItsTenantAndSubject(String issuer, String tenant, String subject) throws Exception {
        assertThat(new Sample(issuer).answer("", "")).isEqualTo(tenant + " " + subject);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "Auth0 # \"iss\": \"https://acme-prod.eu.auth0.com/\" # \"iss\": \"https://acme-prod.eu.auth0.com\"",
                "Auth0 # https://api.acme.example # https://other.acme.example",
                "Auth0 # \"org_id\" # \"organization\"",
                "Auth0 # \"alg\": \"RS256\" # \"alg\": \"HS256\"",
                "Keycloak # \"platform-api\", \"account\" # \"account\"",
                "Keycloak # \"organization\": [\"acme\"] # \"organization\": [\"acme\", \"globex\"]",
                "Keycloak # \"organization\": [\"acme\"] # \"organization\": []",
                "Keycloak # \"organization\": [\"acme\"] # \"organization\": {\"acme\": {\"id\": \"1\"}}",
                "Okta # https://dev-123.okta.com/oauth2/default # https://dev-123.okta.com",
                "Okta # \"tenant\": \"acme\" # \"tenant\": null",
                "Entra ID # https://login.microsoftonline.com/72f988bf # https://login.microsoftonline.com/82f988bf",
                "Entra ID # https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47/v2.0"
                        + " # https://sts.windows.net/72f988bf-86f1-41af-91ab-2d7cd011db47/",
                "Cognito # \"token_use\": \"access\" # \"token_use\": \"id\"",
                "Cognito # 1h57kf5cpq17m0eml12EXAMPLE # 2h57kf5cpq17m0eml12EXAMPLE",
                "Cognito # \"cognito:groups\": [\"acme\"] # \"cognito:groups\": [\"acme\", \"globex\"]",
                "Supabase # \"providers\": [\"email\"], \"tenant_id\": \"acme\" # \"providers\": [\"email\"]",
                "Supabase # \"aud\": \"authenticated\" # \"aud\": \"anon\"",
                "Supabase # \"alg\": \"ES256\" # \"alg\": \"HS256\"",
                "Zitadel # 259254317079330818 # 259254317079330819",
                "Zitadel # resourceowner:id # resourceowner:ident"
            })
    void aTokenWithThisInsteadIsRefused(String issuer, String shown, String instead) throws Exception {
        assertThat(new Sample(issuer).answer(shown, instead)).isEqualTo("401");
    }

    /** The token and the settings of one issuer, with keys as it publishes them. */
    private static final class Sample {
        private final String issuer;
        private final String header;
        private final String claims;
        private final Map<String, String> settings;

        Sample(String issuer) throws Exception {
            this.issuer = issuer;
            String section = SECTION.matcher(GUIDE)
                    .results()
                    .filter(found -> found.group(1).equals(issuer))
                    .map(found -> found.group(2))
                    .findFirst()
                    .orElseThrow();
            Matcher token = TOKEN.matcher(section);
            Matcher first = SETTINGS.matcher(section);
            assertThat(token.find() && first.find())
                    .as("a token and settings of " + issuer)
                    .isTrue();
            this.header = token.group(1);
            this.claims = HandMadeToken.validNow(token.group(2));
            this.settings = settings(first.group(1));
        }

        /** What a request is answered whose token has {@code instead} for what is {@code shown}. */
        String answer(String shown, String instead) throws Exception {
            assertThat(header + claims).contains(shown);
            HandMadeToken token =
                    HandMadeToken.of(issuer, header.replace(shown, instead), claims.replace(shown, instead));
            Path document = Files.writeString(keys.resolve("keys.json"), token.keySet());
            Map<String, String> withKeys = new LinkedHashMap<>(settings);
            withKeys.put("tenancy.jwt.jwks-file", document.toString());
            return Tenancy.load(TenancyConfig.of(withKeys))
                    .catalog(TenantCatalog.acceptingAny())
                    .build()
                    .handle(
                            TenantRequest.builder()
                                    .header("Authorization", "Bearer " + token.text())
                                    .build(),
                            admitted -> admitted.identity().tenantId().value() + " "
                                    + admitted.identity().subject().orElseThrow(),
                            problem -> String.valueOf(problem.status()));
        }
    }

    private static Map<String, String> settings(String text) throws Exception {
        Properties properties = new Properties();
        properties.load(new StringReader(text));
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("tenancy.resolvers", "jwt");
        for (String name : List.copyOf(properties.stringPropertyNames())) {
            settings.put(name, properties.getProperty(name));
        }
        return settings;
    }
}
