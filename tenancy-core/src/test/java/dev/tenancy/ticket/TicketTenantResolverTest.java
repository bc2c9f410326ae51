package dev.tenancy.ticket;

import static dev.tenancy.ticket.Keys.MINUTE;
import static dev.tenancy.ticket.Keys.PURPOSE;
import static dev.tenancy.ticket.Keys.opened;
import static dev.tenancy.ticket.Keys.tickets;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenancy.CredentialSource;
import dev.tenancy.Resolution;
import dev.tenancy.Tenancy;
import dev.tenancy.TenancyConfig;
import dev.tenancy.TenancyConfigException;
import dev.tenancy.TenantCatalog;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.TenantRequest;
import dev.tenancy.TenantResolver;
import dev.tenancy.resolver.ApiKeyTenantResolver;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TicketTenantResolverTest {
    private static final TenantIdentity ACME = TenantIdentity.of(TenantId.of("acme"), "jwt");
    private static final String SECRET_1 = Base64.getEncoder().encodeToString(Keys.SECRET_1);
    private static final String SECRET_2 = Base64.getEncoder().encodeToString(Keys.SECRET_2);

    private final String ticket = tickets().issue(ACME, PURPOSE, MINUTE).value();
    private final TenantResolver resolver = TicketTenantResolver.of(tickets(), PURPOSE);

    @Test
    void aTicketStandsInItsHeader() {
        assertThat(opened(resolver.resolve(request("tenancy-ticket", ticket))).tenantId())
                .isEqualTo(ACME.tenantId());
        assertThat(resolver.resolve(request("Authorization", "Bearer " + ticket)))
                .isEqualTo(Resolution.absent());
        assertThat(resolver.name()).isEqualTo("ticket");
        assertThat(resolver.sources()).isEqualTo(Set.of(CredentialSource.header("Tenancy-Ticket")));
        assertThat(resolver.isDefault()).isFalse();
    }

    @Test
    void aTicketStandsWhereTheHostSays() {
        TenantResolver bearer = TicketTenantResolver.of(tickets(), PURPOSE, CredentialSource.bearer());

        assertThat(opened(bearer.resolve(request("Authorization", "Bearer " + ticket)))
                        .tenantId())
                .isEqualTo(ACME.tenantId());
        assertThat(bearer.resolve(request("Tenancy-Ticket", ticket))).isEqualTo(Resolution.absent());
        assertThat(bearer.sources()).isEqualTo(Set.of(CredentialSource.bearer()));
    }

    @Test
    void aMessageWithoutTicketPresentsNothing() {
        assertThat(resolver.resolve(TicketTenantResolver.request(null))).isEqualTo(Resolution.absent());
        assertThat(resolver.resolve(TicketTenantResolver.request("  "))).isEqualTo(Resolution.absent());
        assertThat(resolver.resolve(TicketTenantResolver.request("nonsense"))).isEqualTo(Resolution.unrecognized());
        assertThat(opened(resolver.resolve(TicketTenantResolver.request(ticket)))
                        .tenantId())
                .isEqualTo(ACME.tenantId());
    }

    @Test
    void twoDifferentTicketsAreRejectedEvenIfBothAreGood() {
        String other = tickets().issue(ACME, PURPOSE, MINUTE).value();

        assertThat(resolver.resolve(TenantRequest.builder()
                        .header("Tenancy-Ticket", ticket)
                        .header("Tenancy-Ticket", other)
                        .build()))
                .isInstanceOf(Resolution.Rejected.class);
    }

    @Test
    void aTicketStandsBesideOtherCredentialsOfOneHeader() {
        Tenancy tenancy = Tenancy.builder()
                .resolver(TicketTenantResolver.of(tickets(), PURPOSE, CredentialSource.bearer()))
                .resolver(ApiKeyTenantResolver.builder()
                        .key("key-1", TenantId.of("globex"))
                        .key("tt1.looks.like.ticket", TenantId.of("globex"))
                        .build())
                .catalog(TenantCatalog.acceptingAny())
                .build();

        assertThat(answer(tenancy, request("Authorization", "Bearer " + ticket)))
                .isEqualTo("acme");
        assertThat(answer(tenancy, request("Authorization", "Bearer key-1"))).isEqualTo("globex");
        assertThat(answer(tenancy, request("Authorization", "Bearer key-2"))).isEqualTo("401");
        assertThat(answer(tenancy, request("Authorization", "Bearer " + ticket + "A")))
                .isEqualTo("401");
        assertThat(answer(tenancy, request("Authorization", "Bearer tt1.looks.like.ticket")))
                .as("what is refused is not passed on")
                .isEqualTo("401");
    }

    @Test
    void itIsMadeFromSettings() {
        Tenancy tenancy = load(Map.of("tenancy.ticket.keys", "k9 = " + SECRET_2 + " ; k1=" + SECRET_1));
        String underK1 = fresh("k1", Keys.SECRET_1, MINUTE);
        String underK9 = fresh("k9", Keys.SECRET_2, MINUTE);

        assertThat(answer(tenancy, TicketTenantResolver.request(underK1))).isEqualTo("acme");
        assertThat(answer(tenancy, TicketTenantResolver.request(underK9))).isEqualTo("acme");
        assertThat(answer(tenancy, TicketTenantResolver.request(fresh("k2", Keys.SECRET_2, MINUTE))))
                .isEqualTo("401");
        assertThat(answer(load(Map.of("tenancy.ticket.purpose", "other")), TicketTenantResolver.request(underK1)))
                .isEqualTo("401");
    }

    @Test
    void headerAndLongestValidityMayBeSet() {
        Tenancy tenancy = load(Map.of("tenancy.ticket.header", "X-Job", "tenancy.ticket.longest-validity", "PT48H"));
        String twoDays = fresh("k1", Keys.SECRET_1, Duration.ofDays(2));

        assertThat(answer(tenancy, request("X-Job", twoDays))).isEqualTo("acme");
        assertThat(answer(tenancy, request("Tenancy-Ticket", twoDays))).isEqualTo("401");
        assertThat(answer(load(Map.of()), request("Tenancy-Ticket", twoDays))).isEqualTo("401");
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret", "k1=secret!", "k1=c2VjcmV0;", "k1 c2VjcmV0", ";", "k1=c2VjcmV0;secret"})
    void badKeysAreAFaultThatRepeatsNoneOfThem(String keys) {
        assertThatThrownBy(() -> load(Map.of("tenancy.ticket.keys", keys)))
                .isInstanceOfSatisfying(
                        TenancyConfigException.class,
                        bad -> assertThat(bad.faults())
                                .containsExactly(
                                        "tenancy.ticket.keys (in code) has a bad value; allowed: a key id, '=', a secret of at least"
                                                + " 32 bytes in Base64; several separated by ';', the first signs"));
    }

    @Test
    void keysThatDoNotFitAreNamedByTheirNumbers() {
        assertThatThrownBy(() -> load(Map.of(
                        "tenancy.ticket.keys",
                        "k1=c2VjcmV0;k2=" + SECRET_1 + ";k3=" + SECRET_1,
                        "tenancy.ticket.longest-validity",
                        "PT0S")))
                .isInstanceOfSatisfying(
                        TenancyConfigException.class,
                        bad -> assertThat(bad.faults())
                                .containsExactly(
                                        "resolver 'ticket': the secret of key 1 has 6 bytes; allowed: at least 32",
                                        "resolver 'ticket': keys 2 and 3 have the same secret",
                                        "resolver 'ticket': longestValidity is PT0S; allowed: PT0.001S to PT8784H"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tenancy.ticket.header", "tenancy.ticket.longest-validity", "tenancy.ticket.purpose"})
    void badSettingsAreFaultsThatRepeatNoValue(String key) {
        assertThatThrownBy(() -> load(Map.of(key, "not allowed")))
                .isInstanceOf(TenancyConfigException.class)
                .hasMessageContaining("allowed: ")
                .hasMessageContaining("ticket")
                .hasMessageNotContaining("not allowed");
    }

    @Test
    void keysAndPurposeAreRequired() {
        assertThatThrownBy(() -> Tenancy.load(TenancyConfig.of(Map.of("tenancy.resolvers", "ticket"))))
                .hasMessageContaining("tenancy.ticket.keys is not set")
                .hasMessageContaining("tenancy.ticket.purpose is not set");
    }

    private static String fresh(String keyId, byte[] secret, Duration validity) {
        return TenantTickets.builder()
                .signWith(keyId, secret)
                .longestValidity(validity)
                .build()
                .issue(ACME, PURPOSE, validity)
                .value();
    }

    private static Tenancy load(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(Map.of(
                "tenancy.resolvers",
                "ticket",
                "tenancy.ticket.keys",
                "k1=" + SECRET_1,
                "tenancy.ticket.purpose",
                PURPOSE));
        all.putAll(settings);
        return Tenancy.load(TenancyConfig.of(all))
                .catalog(TenantCatalog.acceptingAny())
                .build();
    }

    private static String answer(Tenancy tenancy, TenantRequest request) {
        return tenancy.handle(
                request,
                admitted -> admitted.identity().tenantId().value(),
                problem -> Integer.toString(problem.status()));
    }

    private static TenantRequest request(String header, String value) {
        return TenantRequest.builder().header(header, value).build();
    }
}
