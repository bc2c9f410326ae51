package dev.tenancy.ticket;

import static dev.tenancy.ticket.Keys.MINUTE;
import static dev.tenancy.ticket.Keys.NOW;
import static dev.tenancy.ticket.Keys.PURPOSE;
import static dev.tenancy.ticket.Keys.SECRET_1;
import static dev.tenancy.ticket.Keys.SECRET_2;
import static dev.tenancy.ticket.Keys.at;
import static dev.tenancy.ticket.Keys.keysAt;
import static dev.tenancy.ticket.Keys.opened;
import static dev.tenancy.ticket.Keys.secret;
import static dev.tenancy.ticket.Keys.tickets;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenancy.NoTenantException;
import dev.tenancy.Resolution;
import dev.tenancy.TenancyConfigException;
import dev.tenancy.TenantContext;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TenantTicketsTest {
    private static final TenantId ACME = TenantId.of("acme");
    private static final TenantIdentity U1 = TenantIdentity.builder(ACME, "jwt")
            .subject("u1")
            .readableTenants(Set.of(TenantId.of("r1"), TenantId.of("r2"), TenantId.of("R3")))
            .attributes(Map.of("email", "u1@acme.example"))
            .build();

    @Test
    void aTicketCarriesTenantSubjectAndReadableTenantsAndWhoProvedThem() {
        TenantTicket ticket = tickets().issue(U1, PURPOSE, MINUTE);
        TenantIdentity opened = opened(tickets().open(ticket.value(), PURPOSE));

        assertThat(opened.hasSameAccessAs(U1)).isTrue();
        assertThat(opened.resolver()).isEqualTo("ticket");
        assertThat(opened.attributes())
                .isEqualTo(Map.of(
                        "ticket_id", ticket.id(),
                        "ticket_proven_by", "jwt",
                        "ticket_expires_at", NOW.plus(MINUTE).toEpochMilli()));
        assertThat(ticket.expiresAt()).isEqualTo(NOW.plus(MINUTE));
    }

    @Test
    void aTicketMadeElsewhereByTheSameFormatIsOpened() {
        TenantTickets tickets = TenantTickets.builder()
                .signWith("k1", bytesFromZero())
                .clock(Clock.fixed(NOW, ZoneOffset.UTC))
                .build();

        TenantIdentity opened = opened(tickets.open(
                "tt1.k1.AAlnb2xkZW4taWQAAAG42sW0AAAAAbja_KKAAA9pbnZvaWNlcy5yZW5kZXIABGFjbWUAAQACdTEAAgAGc2hhcmVkAAd0ZW5h"
                        + "bnR6AANqd3Q.QY2EudRl5jkZcFrK2XNCNhgTHaCb0Sos9iuHepeZ4Y8",
                PURPOSE));

        assertThat(opened.tenantId()).isEqualTo(ACME);
        assertThat(opened.subject()).contains("u1");
        assertThat(opened.readableTenants()).containsExactlyInAnyOrder(TenantId.of("shared"), TenantId.of("tenantz"));
        assertThat(opened.attributes())
                .isEqualTo(Map.of(
                        "ticket_id", "golden-id",
                        "ticket_proven_by", "jwt",
                        "ticket_expires_at", NOW.plus(Duration.ofHours(1)).toEpochMilli()));
    }

    @Test
    void anIdentityWithoutSubjectHasNoneAfterwards() {
        TenantIdentity opened = roundTrip(TenantIdentity.of(ACME, "api-key"));

        assertThat(opened.subject()).isEmpty();
        assertThat(opened.readableTenants()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "tt1.k1.x.y", "a\u0000b", "Zoë 😀", "auth0|abc", "\uFFFD", "u1\r\nX: y"})
    void anySubjectIsCarriedAsItIs(String subject) {
        assertThat(roundTrip(
                        TenantIdentity.builder(ACME, subject).subject(subject).build()))
                .satisfies(opened -> assertThat(opened.subject()).contains(subject))
                .satisfies(opened ->
                        assertThat(opened.attributes()).containsEntry(TicketTenantResolver.PROVEN_BY, subject));
    }

    @Test
    void noAttributeIsInTheTicket() {
        String ticket = tickets().issue(U1, PURPOSE, MINUTE).value();

        assertThat(new String(Base64.getUrlDecoder().decode(ticket.split("\\.", 4)[2]), StandardCharsets.UTF_8))
                .contains("u1")
                .doesNotContain("@");
    }

    @Test
    void everyTicketHasAnIdOfItsOwn() {
        TenantTickets tickets = tickets();

        Set<String> ids = IntStream.range(0, 1_000)
                .mapToObj(i -> tickets.issue(U1, PURPOSE, MINUTE).id())
                .collect(Collectors.toSet());

        assertThat(ids).hasSize(1_000).allMatch(id -> id.matches("[A-Za-z0-9_-]{22}"));
    }

    @Test
    void theCurrentIdentityIsIssued() {
        String ticket = TenantContext.call(
                U1, () -> tickets().issueCurrent(PURPOSE, MINUTE).value());

        assertThat(opened(tickets().open(ticket, PURPOSE)).hasSameAccessAs(U1)).isTrue();
        assertThatThrownBy(() -> tickets().issueCurrent(PURPOSE, MINUTE)).isInstanceOf(NoTenantException.class);
    }

    @Test
    void aTicketIsOpenedAnyNumberOfTimesUntilTheMillisecondInWhichItExpires() {
        TenantTicket ticket = tickets().issue(U1, PURPOSE, MINUTE);

        assertThat(at(NOW).open(ticket.value(), PURPOSE)).isInstanceOf(Resolution.Resolved.class);
        assertThat(at(ticket.expiresAt().minusMillis(1)).open(ticket.value(), PURPOSE))
                .isInstanceOf(Resolution.Resolved.class);
        assertThat(at(ticket.expiresAt()).open(ticket.value(), PURPOSE))
                .isEqualTo(Resolution.rejected("the ticket has expired"));
        assertThat(at(ticket.expiresAt().plus(Duration.ofDays(10_000))).open(ticket.value(), PURPOSE))
                .isEqualTo(Resolution.rejected("the ticket has expired"));
    }

    @Test
    void theClockOfTheIssuerMayBeAheadByTheSkewAndNoMore() {
        String ticket = tickets().issue(U1, PURPOSE, MINUTE).value();

        assertThat(at(NOW.minusSeconds(30)).open(ticket, PURPOSE)).isInstanceOf(Resolution.Resolved.class);
        assertThat(at(NOW.minusSeconds(30).minusMillis(1)).open(ticket, PURPOSE))
                .isEqualTo(Resolution.rejected("the ticket was issued in the future"));
        assertThat(keysAt(NOW.minusMillis(1)).clockSkew(Duration.ZERO).build().open(ticket, PURPOSE))
                .isInstanceOf(Resolution.Rejected.class);
        assertThat(keysAt(NOW).clockSkew(Duration.ZERO).build().open(ticket, PURPOSE))
                .isInstanceOf(Resolution.Resolved.class);
        assertThat(at(Instant.EPOCH.minusSeconds(1)).open(ticket, PURPOSE)).isInstanceOf(Resolution.Rejected.class);
    }

    @Test
    void theSkewDoesNotMakeATicketValidForLonger() {
        TenantTicket ticket = tickets().issue(U1, PURPOSE, MINUTE);

        assertThat(keysAt(ticket.expiresAt())
                        .clockSkew(Duration.ofMinutes(5))
                        .build()
                        .open(ticket.value(), PURPOSE))
                .isEqualTo(Resolution.rejected("the ticket has expired"));
    }

    @Test
    void whoOpensDecidesForHowLongATicketMayBeValid() {
        String ticket = tickets().issue(U1, PURPOSE, MINUTE).value();

        assertThat(keysAt(NOW).longestValidity(MINUTE).build().open(ticket, PURPOSE))
                .isInstanceOf(Resolution.Resolved.class);
        assertThat(keysAt(NOW).longestValidity(MINUTE.minusMillis(1)).build().open(ticket, PURPOSE))
                .isEqualTo(Resolution.rejected("the ticket is valid for longer than PT59.999S"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PT0S",
                "PT-1S",
                "PT0.000999999S",
                "PT24H0.000000001S",
                "PT2562047788015215H30M7S",
                "PT-2562047788015215H-30M-8S"
            })
    void aValidityOutOfRangeIsRefused(String validity) {
        TenantTickets tickets = tickets();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> tickets.issue(U1, PURPOSE, Duration.parse(validity)))
                .withMessage("validity is " + Duration.parse(validity) + "; allowed: PT0.001S to PT24H");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0.001S", "PT24H"})
    void aValidityAtTheEndOfItsRangeIsGranted(String validity) {
        TenantTicket ticket = tickets().issue(U1, PURPOSE, Duration.parse(validity));

        assertThat(ticket.expiresAt()).isEqualTo(NOW.plus(Duration.parse(validity)));
        assertThat(tickets().open(ticket.value(), PURPOSE)).isInstanceOf(Resolution.Resolved.class);
    }

    @Test
    void aClockOutOfRangeMakesNoTicket() {
        TenantTickets atTheEnd = at(Instant.ofEpochMilli(Long.MAX_VALUE));
        TenantTickets before1970 = at(Instant.EPOCH.minusMillis(1));

        assertThatIllegalArgumentException().isThrownBy(() -> atTheEnd.issue(U1, PURPOSE, MINUTE));
        assertThatIllegalArgumentException().isThrownBy(() -> before1970.issue(U1, PURPOSE, MINUTE));
        assertThat(at(Instant.EPOCH).issue(U1, PURPOSE, MINUTE).expiresAt()).isEqualTo(Instant.EPOCH.plus(MINUTE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"invoices", "invoices.rende", "invoices.renderx", "Invoices.render", "invoices:render"})
    void aTicketIsForItsPurposeAndNoOther(String other) {
        assertThat(tickets().open(tickets().issue(U1, PURPOSE, MINUTE).value(), other))
                .isEqualTo(Resolution.rejected("the ticket was issued for another purpose than " + other));
        assertThat(tickets().open(tickets().issue(U1, other, MINUTE).value(), PURPOSE))
                .isInstanceOf(Resolution.Rejected.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", " a", "a ", ".a", "a\n", "a b", "é", "a;b"})
    void whatIsNoPurposeIsRefusedWithoutBeingRepeated(String purpose) {
        TenantTickets tickets = tickets();
        String message =
                "not a purpose of tickets; allowed: 1–128 characters, letters, digits, . _ : / -, first a letter"
                        + " or digit";

        assertThatIllegalArgumentException()
                .isThrownBy(() -> tickets.issue(U1, purpose, MINUTE))
                .withMessage(message);
        assertThatThrownBy(() -> TicketTenantResolver.of(tickets, purpose))
                .isInstanceOfSatisfying(
                        TenancyConfigException.class,
                        bad -> assertThat(bad.faults()).containsExactly(message));
    }

    @Test
    void aPurposeHasAtMost128Characters() {
        String longest = "9" + "/".repeat(127);

        assertThat(tickets().open(tickets().issue(U1, longest, MINUTE).value(), longest))
                .isInstanceOf(Resolution.Resolved.class);
        assertThatIllegalArgumentException().isThrownBy(() -> tickets().issue(U1, longest + "/", MINUTE));
    }

    @Test
    void keysAreChangedWithoutRefusingATicket() {
        TenantTickets old = tickets();
        TenantTickets first = keysAt(NOW).accept("k2", SECRET_2).build();
        TenantTickets second = TenantTickets.builder()
                .signWith("k2", SECRET_2)
                .accept("k1", SECRET_1)
                .clock(Clock.fixed(NOW, ZoneOffset.UTC))
                .build();
        TenantTickets last = TenantTickets.builder()
                .signWith("k2", SECRET_2)
                .clock(Clock.fixed(NOW, ZoneOffset.UTC))
                .build();
        String underOld = first.issue(U1, PURPOSE, MINUTE).value();
        String underNew = second.issue(U1, PURPOSE, MINUTE).value();

        assertThat(underOld).startsWith("tt1.k1.");
        assertThat(underNew).startsWith("tt1.k2.");
        for (TenantTickets opener : Set.of(old, first, second)) {
            assertThat(opener.open(underOld, PURPOSE)).isInstanceOf(Resolution.Resolved.class);
        }
        for (TenantTickets opener : Set.of(first, second, last)) {
            assertThat(opener.open(underNew, PURPOSE)).isInstanceOf(Resolution.Resolved.class);
        }
        Resolution unknown = Resolution.rejected("the ticket names a key that is not accepted");
        assertThat(last.open(underOld, PURPOSE)).isEqualTo(unknown);
        assertThat(old.open(underNew, PURPOSE)).isEqualTo(unknown);
    }

    @Test
    void anotherSecretUnderTheSameIdOpensNothing() {
        TenantTickets other = TenantTickets.builder()
                .signWith("k1", SECRET_2)
                .clock(Clock.fixed(NOW, ZoneOffset.UTC))
                .build();

        assertThat(other.open(tickets().issue(U1, PURPOSE, MINUTE).value(), PURPOSE))
                .isEqualTo(Resolution.rejected("the ticket is forged or damaged"));
    }

    @Test
    void secretsAreCopied() {
        byte[] secret = secret(1);
        byte[] accepted = secret(2);
        TenantTickets tickets = TenantTickets.builder()
                .signWith("k1", secret)
                .accept("k2", accepted)
                .clock(Clock.fixed(NOW, ZoneOffset.UTC))
                .build();
        secret[0] = 99;
        accepted[0] = 99;

        assertThat(tickets().open(tickets.issue(U1, PURPOSE, MINUTE).value(), PURPOSE))
                .isInstanceOf(Resolution.Resolved.class);
        Forge forge = new Forge();
        forge.keyId = "k2";
        forge.secret = SECRET_2;
        assertThat(tickets.open(forge.ticket(), PURPOSE)).isInstanceOf(Resolution.Resolved.class);
    }

    @Test
    void faultsAreNamedAllAtOnceWithoutAByteOfASecret() {
        byte[] tooShort = "sixty-eight-thirty-one-character".substring(1).getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> TenantTickets.builder()
                        .accept("k1", tooShort)
                        .accept("k 2", SECRET_1)
                        .accept("k3", SECRET_1)
                        .accept("k3", SECRET_2)
                        .accept("k4", secret(1))
                        .longestValidity(Duration.ofDays(366).plusNanos(1))
                        .clockSkew(Duration.ofMinutes(5).plusNanos(1))
                        .build())
                .isInstanceOfSatisfying(
                        TenancyConfigException.class,
                        bad -> assertThat(bad.faults())
                                .containsExactly(
                                        "the secret of key 1 has 31 bytes; allowed: at least 32",
                                        "the id of key 2 is malformed; allowed: 1–32 letters, digits, hyphens and underscores",
                                        "keys 3 and 4 have the same id",
                                        "keys 3 and 5 have the same secret",
                                        "longestValidity is PT8784H0.000000001S; allowed: PT0.001S to PT8784H",
                                        "clockSkew is PT5M0.000000001S; allowed: PT0S to PT5M",
                                        "there is no key to sign with; set one with signWith(…)"));
    }

    @Test
    void thereIsOneKeyToSignWith() {
        assertThatThrownBy(() -> TenantTickets.builder()
                        .signWith("k1", SECRET_1)
                        .signWith("k2", SECRET_2)
                        .build())
                .isInstanceOfSatisfying(
                        TenancyConfigException.class,
                        bad -> assertThat(bad.faults()).containsExactly("there are two keys to sign with"));
        assertThatThrownBy(
                        () -> TenantTickets.builder().signWith("", new byte[0]).build())
                .isInstanceOfSatisfying(
                        TenancyConfigException.class,
                        bad -> assertThat(bad.faults())
                                .containsExactly(
                                        "the id of key 1 is malformed; allowed: 1–32 letters, digits, hyphens and underscores"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a.b", "é", "a b", "a\n", "123456789012345678901234567890123"})
    void aMalformedKeyIdIsAFault(String keyId) {
        assertThatThrownBy(() -> keysAt(NOW).accept(keyId, SECRET_2).build())
                .isInstanceOf(TenancyConfigException.class)
                .hasMessageContaining("the id of key 2 is malformed");
    }

    @Test
    void rangesIncludeTheirEnds() {
        assertThat(TenantTickets.builder()
                        .signWith("1_-45678901234567890123456789012", SECRET_1)
                        .longestValidity(Duration.ofDays(366))
                        .clockSkew(Duration.ofMinutes(5))
                        .build()
                        .issue(U1, PURPOSE, Duration.ofDays(366)))
                .isNotNull();
        assertThat(keysAt(NOW)
                        .longestValidity(Duration.ofMillis(1))
                        .clockSkew(Duration.ZERO)
                        .build())
                .isNotNull();
        assertThatThrownBy(() ->
                        keysAt(NOW).longestValidity(Duration.ofNanos(999_999)).build())
                .hasMessageContaining("longestValidity");
        assertThatThrownBy(() -> keysAt(NOW).clockSkew(Duration.ofNanos(-1)).build())
                .hasMessageContaining("clockSkew");
    }

    @Test
    void asManyReadableTenantsAsFitAreCarriedAndOneMoreIsAnError() {
        int most = 0;
        while (tryIssue(most + 1)) {
            most++;
        }
        int fitting = most;

        assertThat(fitting).isGreaterThan(500);
        TenantIdentity identity = reading(fitting);
        assertThat(roundTrip(identity).readableTenants()).isEqualTo(identity.readableTenants());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tickets().issue(reading(fitting + 1), PURPOSE, MINUTE))
                .withMessage("the identity of tenant acme with its " + (fitting + 1)
                        + " further readable tenants does not fit into a ticket; allowed: 6000 bytes");
    }

    @Test
    void theLongestTicketIsOpened() {
        TenantTickets tickets = TenantTickets.builder()
                .signWith("k".repeat(32), SECRET_1)
                .clock(Clock.fixed(NOW, ZoneOffset.UTC))
                .build();
        int most = 6_000;
        while (!issues(tickets, most)) {
            most--;
        }
        String longest = tickets.issue(withSubject(most), PURPOSE, MINUTE).value();

        assertThat(longest).hasSize(4 + 32 + 1 + 8_000 + 1 + 43);
        assertThat(longest.length()).isLessThanOrEqualTo(TenantTickets.MAX_LENGTH);
        assertThat(opened(tickets.open(longest, PURPOSE)).subject()).contains("s".repeat(most));
        for (int length : new int[] {65_535, 65_536, 65_600, 100_000}) {
            assertThat(issues(tickets, length)).isFalse();
        }
    }

    @Test
    void aTextThatIsNotUnicodeIsRefusedAndNotReplaced() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tickets()
                        .issue(
                                TenantIdentity.builder(ACME, "x")
                                        .subject("u\uD800")
                                        .build(),
                                PURPOSE,
                                MINUTE))
                .withMessage("a text of the identity has half a surrogate pair");
    }

    @Test
    void nothingPrintsTicketOrSecret() {
        TenantTicket ticket = tickets().issue(U1, PURPOSE, MINUTE);

        assertThat(ticket).hasToString("TenantTicket[" + ticket.id() + ", expires at 2030-01-01T00:01:00Z]");
        assertThat(keysAt(NOW).accept("k2", SECRET_2).build().toString())
                .matches("TenantTickets\\[signs with k1, accepts \\[(k1, k2|k2, k1)]]");
        assertThat(Set.copyOf(ticket.value().chars().boxed().toList()))
                .allMatch(character -> "._-".indexOf(character) >= 0 || Character.isLetterOrDigit(character));
    }

    private static TenantIdentity roundTrip(TenantIdentity identity) {
        return opened(tickets().open(tickets().issue(identity, PURPOSE, MINUTE).value(), PURPOSE));
    }

    private static boolean tryIssue(int readable) {
        try {
            tickets().issue(reading(readable), PURPOSE, MINUTE);
            return true;
        } catch (IllegalArgumentException tooMany) {
            return false;
        }
    }

    private static boolean issues(TenantTickets tickets, int subjectLength) {
        try {
            tickets.issue(withSubject(subjectLength), PURPOSE, MINUTE);
            return true;
        } catch (IllegalArgumentException tooLong) {
            return false;
        }
    }

    private static TenantIdentity withSubject(int length) {
        return TenantIdentity.builder(ACME, "jwt").subject("s".repeat(length)).build();
    }

    private static TenantIdentity reading(int count) {
        Set<TenantId> readable = new HashSet<>();
        IntStream.range(0, count).forEach(i -> readable.add(TenantId.of("tenant" + i)));
        return TenantIdentity.builder(ACME, "jwt").readableTenants(readable).build();
    }

    private static byte[] bytesFromZero() {
        byte[] bytes = new byte[32];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }
}
