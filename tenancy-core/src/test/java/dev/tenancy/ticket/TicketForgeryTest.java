package dev.tenancy.ticket;

import static dev.tenancy.ticket.Forge.base64;
import static dev.tenancy.ticket.Forge.utf8;
import static dev.tenancy.ticket.Keys.MINUTE;
import static dev.tenancy.ticket.Keys.PURPOSE;
import static dev.tenancy.ticket.Keys.SECRET_2;
import static dev.tenancy.ticket.Keys.opened;
import static dev.tenancy.ticket.Keys.tickets;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.tenancy.Resolution;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever lacks the secret makes no ticket, out of whatever; and who has it makes no malformed one. */
class TicketForgeryTest {
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    private static final Resolution FORGED = Resolution.rejected("the ticket is forged or damaged");
    private static final Resolution MALFORMED = Resolution.rejected("the ticket is malformed");
    private static final Resolution UNKNOWN_KEY = Resolution.rejected("the ticket names a key that is not accepted");
    private static final Resolution NOT_OURS = Resolution.rejected("the ticket is signed, and not one of this version");

    private final TenantTickets tickets = tickets();
    private final String ticket = tickets.issue(
                    TenantIdentity.builder(TenantId.of("acme"), "jwt")
                            .subject("u1")
                            .readableTenants(Set.of(TenantId.of("r1"), TenantId.of("r2")))
                            .build(),
                    PURPOSE,
                    MINUTE)
            .value();

    @Test
    void theTicketThatIsTamperedWithBelowIsGood() {
        assertThat(tickets.open(ticket, PURPOSE)).isInstanceOf(Resolution.Resolved.class);
        assertThat(opened(tickets.open(new Forge().ticket(), PURPOSE)).readableTenants())
                .containsExactlyInAnyOrder(TenantId.of("r1"), TenantId.of("r2"));
    }

    @Test
    void everyFlippedBitIsRefused() {
        for (int i = 0; i < ticket.length(); i++) {
            for (int bit = 0; bit < Character.SIZE; bit++) {
                refused(replaced(i, (char) (ticket.charAt(i) ^ 1 << bit)));
            }
        }
    }

    @Test
    void everyOtherCharacterAtEveryPlaceIsRefused() {
        for (int i = 0; i < ticket.length(); i++) {
            for (char other : (ALPHABET + ".=+/ ").toCharArray()) {
                if (other != ticket.charAt(i)) {
                    refused(replaced(i, other));
                }
            }
        }
    }

    @Test
    void everyCutIsRefused() {
        for (int from = 0; from < ticket.length(); from++) {
            for (int to = from; to <= ticket.length(); to++) {
                if (to - from < ticket.length()) {
                    refused(ticket.substring(from, to));
                }
            }
        }
    }

    @Test
    void everyCharacterLeftOutDoubledOrExchangedIsRefused() {
        for (int i = 0; i < ticket.length(); i++) {
            String before = ticket.substring(0, i);
            String after = ticket.substring(i + 1);
            refused(before + after);
            refused(before + ticket.charAt(i) + ticket.charAt(i) + after);
            if (!after.isEmpty() && after.charAt(0) != ticket.charAt(i)) {
                refused(before + after.charAt(0) + ticket.charAt(i) + after.substring(1));
            }
        }
    }

    @Test
    void everythingPutBeforeOrBehindIsRefused() {
        for (char more = 0; more < 0x180; more++) {
            refused(ticket + more);
            refused(more + ticket);
        }
        for (String more : List.of("=", "==", ".", "..", ".A", "\r\n", "AAAA", ticket, "." + ticket, "\uD800", "😀")) {
            refused(ticket + more);
            refused(more + ticket);
        }
    }

    @Test
    void partsInAnotherOrderOrOfAnotherTicketAreRefused() {
        String[] mine = ticket.split("\\.", 4);
        Forge forge = new Forge();
        forge.tenant = utf8("globex");
        String[] theirs = forge.ticket().split("\\.", 4);

        assertThat(tickets.open("tt1.k1." + theirs[2] + "." + mine[3], PURPOSE)).isEqualTo(FORGED);
        assertThat(tickets.open("tt1.k1." + mine[2] + "." + theirs[3], PURPOSE)).isEqualTo(FORGED);
        assertThat(tickets.open("tt1.k1." + mine[3] + "." + mine[2], PURPOSE)).isEqualTo(FORGED);
        assertThat(tickets.open("tt1." + mine[2] + ".k1." + mine[3], PURPOSE)).isEqualTo(UNKNOWN_KEY);
        assertThat(tickets.open("tt1.k1." + mine[2] + "." + mine[2] + "." + mine[3], PURPOSE))
                .isEqualTo(FORGED);
        assertThat(tickets.open("tt1.k1.k1." + mine[2] + "." + mine[3], PURPOSE))
                .isEqualTo(FORGED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tt1.", "tt1.k1", "tt1.k1.", "tt1..", "tt1.k1.AAAA"})
    void aTicketWithoutAllItsPartsIsRejected(String partial) {
        assertThat(tickets.open(partial, PURPOSE)).isEqualTo(MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tt1.k1..", "tt1.k1...", "tt1.k1.AAAA."})
    void emptyPartsAreRejected(String partial) {
        assertThat(tickets.open(partial, PURPOSE)).isEqualTo(FORGED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "tt1", "tt2.k1.AAAA.AAAA", "TT1.k1.AAAA.AAAA", "eyJhbGciOiJub25lIn0.e30.", " tt1."})
    void whatIsNoTicketIsNotRecognised(String other) {
        assertThat(tickets.open(other, PURPOSE)).isEqualTo(Resolution.unrecognized());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "k2", "K1", "k1 ", "k", "k1\u0000", "../k1", "_", "null"})
    void anUnknownOrEmptyKeyIdIsRejectedWhateverSigned(String keyId) {
        Forge forge = new Forge();
        forge.keyId = keyId;

        assertThat(tickets.open(forge.ticket(), PURPOSE)).isEqualTo(UNKNOWN_KEY);
    }

    static Stream<Consumer<Forge>> changes() {
        return Stream.of(
                forge -> {},
                forge -> forge.id = utf8("another-id"),
                forge -> forge.issuedAt++,
                forge -> forge.expiresAt++,
                forge -> forge.tenant = utf8("globex"),
                forge -> forge.subject = List.of(),
                forge -> forge.subject = utf8(new String[] {"root"}),
                forge -> forge.readable = utf8("globex", "r1"),
                forge -> forge.provenBy = utf8("fixed"));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void everyFieldIsSigned(Consumer<Forge> change) {
        Forge forge = new Forge();
        change.accept(forge);
        assertThat(tickets.open(forge.ticket(), PURPOSE)).isInstanceOf(Resolution.Resolved.class);

        forge.secret = SECRET_2;
        assertThat(tickets.open(forge.ticket(), PURPOSE)).isEqualTo(FORGED);
    }

    @Test
    void thePurposeIsSigned() {
        Forge forge = new Forge();
        forge.purpose = utf8("mail.send");
        assertThat(tickets.open(forge.ticket(), "mail.send")).isInstanceOf(Resolution.Resolved.class);

        forge.secret = SECRET_2;
        assertThat(tickets.open(forge.ticket(), "mail.send")).isEqualTo(FORGED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "dev.tenancy.ticket", "dev.tenancy.seal:"})
    void whatTheSecretSignedForSomethingElseIsNoTicket(String domain) {
        Forge forge = new Forge();
        forge.domain = domain;

        assertThat(tickets.open(forge.ticket(), PURPOSE)).isEqualTo(FORGED);
    }

    @Test
    void aSignatureHasOneSpelling() {
        int dot = ticket.lastIndexOf('.') + 1;
        String signature = ticket.substring(dot);
        byte[] bytes = Base64.getUrlDecoder().decode(signature);
        int last = ALPHABET.indexOf(signature.charAt(42));

        for (int bits = 1; bits < 4; bits++) { // 43 characters hold 258 bits, of which 256 count
            String other = signature.substring(0, 42) + ALPHABET.charAt(last ^ bits);
            assertThat(Base64.getUrlDecoder().decode(other)).isEqualTo(bytes);
            assertThat(tickets.open(ticket.substring(0, dot) + other, PURPOSE)).isEqualTo(FORGED);
        }
        assertThat(tickets.open(ticket + "=", PURPOSE)).isEqualTo(FORGED);
    }

    static Stream<Consumer<Forge>> malformedPayloads() {
        return Stream.of(
                forge -> forge.end = new byte[] {0},
                forge -> forge.end = new byte[] {0, 0},
                forge -> forge.tenant = utf8(""),
                forge -> forge.tenant = utf8(" acme"),
                forge -> forge.tenant = utf8("acme\n"),
                forge -> forge.tenant = utf8("ac me"),
                forge -> forge.tenant = utf8("a".repeat(129)),
                forge -> forge.subject = utf8("u1", "u2"),
                forge -> forge.subject = utf8("u1", "u1"),
                forge -> forge.readable = utf8("r2", "r1"),
                forge -> forge.readable = utf8("r1", "r1"),
                forge -> forge.readable = utf8("acme", "r1"),
                forge -> forge.readable = utf8("r1", " r2"),
                forge -> forge.readable = utf8("r1", "r\u0000"),
                forge -> forge.id = new byte[] {(byte) 0xFF},
                forge -> forge.purpose = new byte[] {(byte) 0xC0, (byte) 0x80},
                forge -> forge.subject = List.of(new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80}),
                forge -> forge.provenBy = new byte[] {(byte) 0xE2, (byte) 0x82},
                forge -> forge.expiresAt = forge.issuedAt,
                forge -> forge.expiresAt = forge.issuedAt - 1,
                forge -> forge.expiresAt = Long.MIN_VALUE,
                forge -> forge.issuedAt = Long.MIN_VALUE,
                forge -> forge.issuedAt = -1,
                forge -> forge.issuedAt = Long.MAX_VALUE);
    }

    @ParameterizedTest
    @MethodSource("malformedPayloads")
    void whoHasTheSecretMakesNoMalformedTicket(Consumer<Forge> change) {
        Forge forge = new Forge();
        change.accept(forge);

        assertThat(tickets.open(forge.ticket(), PURPOSE)).isEqualTo(NOT_OURS);
    }

    @Test
    void timesAtTheEndOfTheirRangeAreNoWayAround() {
        Forge forge = new Forge();
        forge.expiresAt = Long.MAX_VALUE;
        assertThat(tickets.open(forge.ticket(), PURPOSE))
                .isEqualTo(Resolution.rejected("the ticket is valid for longer than PT24H"));

        forge.issuedAt = 0;
        assertThat(tickets.open(forge.ticket(), PURPOSE)).isInstanceOf(Resolution.Rejected.class);

        forge.issuedAt = Long.MAX_VALUE - 1;
        assertThat(tickets.open(forge.ticket(), PURPOSE))
                .isEqualTo(Resolution.rejected("the ticket was issued in the future"));
    }

    @Test
    void aSignedPayloadHasOneSpelling() {
        Forge forge = new Forge();
        String one = base64(new Forge().payload());
        forge.provenBy = utf8("jw" + "t".repeat(1 + (3 - one.length() * 3 / 4 % 3 + 1) % 3));
        String payload = base64(forge.payload());
        assertThat(payload.length() % 4)
                .as("some bits of the last character do not count")
                .isNotZero();
        assertThat(tickets.open(forge.ticket(payload), PURPOSE)).isInstanceOf(Resolution.Resolved.class);

        int end = payload.length() - 1;
        String otherBits = payload.substring(0, end) + ALPHABET.charAt(ALPHABET.indexOf(payload.charAt(end)) ^ 1);
        String padding = "=".repeat(4 - payload.length() % 4);
        assertThat(Base64.getUrlDecoder().decode(otherBits)).isEqualTo(forge.payload());
        assertThat(Base64.getUrlDecoder().decode(payload + padding)).isEqualTo(forge.payload());
        for (String other : List.of(
                otherBits,
                payload + padding,
                payload + "\n",
                " " + payload,
                payload.substring(0, 8) + "\r\n" + payload.substring(8),
                payload + ".",
                payload + "." + payload,
                "." + payload,
                payload + "é",
                "")) {
            assertThat(tickets.open(forge.ticket(other), PURPOSE)).isEqualTo(NOT_OURS);
        }
    }

    @Test
    void everySignedPayloadThatIsCutOrLengthenedIsRejected() {
        byte[] payload = new Forge().payload();
        for (int length = 0; length < payload.length + 40; length++) {
            if (length != payload.length) {
                assertThat(tickets.open(new Forge().ticket(base64(Arrays.copyOf(payload, length))), PURPOSE))
                        .isEqualTo(NOT_OURS);
            }
        }
    }

    @Test
    void aLengthThatIsNotTheRightOneIsRejected() {
        Forge forge = new Forge();
        byte[] payload = forge.payload();
        int purpose = 2 + forge.id.length + 16;
        int tenant = purpose + 2 + forge.purpose.length;
        int subjects = tenant + 2 + forge.tenant.length;
        for (int place : List.of(0, purpose, tenant, subjects, subjects + 2, subjects + 6, subjects + 8)) {
            for (int length = 0; length <= 0xFFFF; length += length < 300 ? 1 : 211) {
                byte[] changed = payload.clone();
                changed[place] = (byte) (length >> 8);
                changed[place + 1] = (byte) length;
                if (!Arrays.equals(changed, payload)) {
                    assertThat(tickets.open(forge.ticket(base64(changed)), PURPOSE))
                            .as("length %d at %d", length, place)
                            .isEqualTo(NOT_OURS);
                }
            }
        }
    }

    @Test
    void aTicketThatIsTooLongIsRejectedBeforeItIsVerified() {
        Forge forge = new Forge();
        String longest = forge.ticket("A".repeat(TenantTickets.MAX_LENGTH - "tt1.k1..".length() - 43));

        assertThat(longest).hasSize(TenantTickets.MAX_LENGTH);
        assertThat(tickets.open(longest, PURPOSE)).isEqualTo(NOT_OURS);
        assertThat(tickets.open(forge.ticket("A".repeat(TenantTickets.MAX_LENGTH - 50)), PURPOSE))
                .isEqualTo(MALFORMED);
        assertThat(tickets.open("tt1." + ".".repeat(10_000_000), PURPOSE)).isEqualTo(MALFORMED);
    }

    @Test
    void aSignedPayloadThatIsTooLongIsRejected() {
        Forge forge = new Forge();
        forge.subject = List.of(new byte[6_000]);

        assertThat(tickets.open(forge.ticket(), PURPOSE)).isEqualTo(NOT_OURS);
    }

    @Test
    void whateverIsPresentedIsRefusedAndNothingIsThrown() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<String> starts = List.of("", "tt1.", "tt1.k1.", "tt1.k1.AA.", "tt1.k2.");
        for (int i = 0; i < 100_000; i++) {
            String start = starts.get(random.nextInt(starts.size()));
            String text = start + (random.nextBoolean() ? randomText(random) : randomBase64(random));
            try {
                refused(text);
            } catch (Throwable failure) {
                fail("seed " + seed + ", try " + i, failure);
            }
        }
    }

    @Test
    void whateverIsSignedIsRefusedOrWhatItSaysAndNothingIsThrown() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Forge forge = new Forge();
        byte[] good = forge.payload();
        for (int i = 0; i < 100_000; i++) {
            byte[] payload = random.nextBoolean() ? changed(good, random) : randomBytes(random);
            try {
                if (tickets.open(forge.ticket(base64(payload)), PURPOSE) instanceof Resolution.Resolved resolved) {
                    assertThat(encoded(resolved.identity(), payload)).isEqualTo(payload);
                }
            } catch (Throwable failure) {
                fail("seed " + seed + ", try " + i, failure);
            }
        }
    }

    /** The payload that says what was opened. */
    private static byte[] encoded(TenantIdentity identity, byte[] payload) {
        Forge forge = new Forge();
        forge.id = utf8(attribute(identity, TicketTenantResolver.TICKET_ID));
        forge.provenBy = utf8(attribute(identity, TicketTenantResolver.PROVEN_BY));
        forge.expiresAt = Long.parseLong(attribute(identity, TicketTenantResolver.EXPIRES_AT));
        forge.issuedAt = ByteBuffer.wrap(payload).getLong(2 + forge.id.length);
        forge.tenant = utf8(identity.tenantId().value());
        forge.subject = identity.subject().map(Forge::utf8).stream().toList();
        forge.readable = identity.readableTenants().stream()
                .map(TenantId::value)
                .sorted()
                .map(Forge::utf8)
                .toList();
        return forge.payload();
    }

    private static String attribute(TenantIdentity identity, String name) {
        return String.valueOf(identity.attributes().get(name));
    }

    private static byte[] changed(byte[] good, Random random) {
        byte[] bytes = good.clone();
        for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return random.nextInt(4) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length + 8)) : bytes;
    }

    private static byte[] randomBytes(Random random) {
        byte[] bytes = new byte[random.nextInt(120)];
        random.nextBytes(bytes);
        for (int i = 0; i < bytes.length; i += 2) { // short lengths, so that more is read before it fails
            bytes[i] = random.nextInt(4) == 0 ? bytes[i] : 0;
        }
        return bytes;
    }

    private static String randomText(Random random) {
        return random.ints(random.nextInt(120), 0, random.nextBoolean() ? 0x80 : 0x10000)
                .collect(StringBuilder::new, (text, c) -> text.append((char) c), StringBuilder::append)
                .toString();
    }

    private static String randomBase64(Random random) {
        return random.ints(random.nextInt(300), 0, 70)
                .mapToObj(i -> i < 64 ? ALPHABET.substring(i, i + 1) : ".")
                .reduce("", String::concat);
    }

    private String replaced(int at, char other) {
        return ticket.substring(0, at) + other + ticket.substring(at + 1);
    }

    /** As a ticket if it begins like one, as something else if it does not. */
    private void refused(String forged) {
        Resolution resolution = tickets.open(forged, PURPOSE);
        if (forged.startsWith("tt1.")) {
            assertThat(resolution).isIn(FORGED, MALFORMED, UNKNOWN_KEY);
        } else {
            assertThat(resolution).isEqualTo(Resolution.unrecognized());
        }
    }
}
