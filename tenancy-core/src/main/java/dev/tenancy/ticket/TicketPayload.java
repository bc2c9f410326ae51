package dev.tenancy.ticket;

import dev.tenancy.InvalidTenantIdException;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import java.nio.BufferOverflowException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a ticket says, and its one encoding: each text behind its length in two bytes, each list behind its size, times
 * in eight bytes; all of it in base64url without padding (RFC 4648 section 5).
 *
 * @param id a random name of the ticket
 * @param issuedAt in milliseconds since 1970
 * @param expiresAt in milliseconds since 1970, after {@code issuedAt}
 * @param purpose what the ticket is for
 * @param identity who is carried, as the issuer's resolver proved it; its attributes are left out
 */
record TicketPayload(String id, long issuedAt, long expiresAt, String purpose, TenantIdentity identity) {

    /** In base64url 8,000 characters, which leaves room for the rest of {@link TenantTickets#MAX_LENGTH}. */
    private static final int MAX_BYTES = 6_000;

    private static final int TWO_BYTES = 0xFFFF;
    private static final int ID_BYTES = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    TicketPayload {
        if (issuedAt < 0 || expiresAt <= issuedAt) {
            throw new IllegalArgumentException("a ticket expires after it was issued, and is issued after 1970");
        }
    }

    /** 128 bits, so that no two tickets have the same. */
    static String randomId() {
        byte[] bytes = new byte[ID_BYTES];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Who is carried, as the one who opens the ticket sees it. */
    TenantIdentity openedIdentity() {
        TenantIdentity.Builder opened = TenantIdentity.builder(identity.tenantId(), TicketTenantResolver.NAME)
                .readableTenants(identity.readableTenants())
                .attributes(Map.of(
                        TicketTenantResolver.TICKET_ID, id,
                        TicketTenantResolver.PROVEN_BY, identity.resolver(),
                        TicketTenantResolver.EXPIRES_AT, expiresAt));
        identity.subject().ifPresent(opened::subject);
        return opened.build();
    }

    /**
     * The text of this payload.
     *
     * @throws IllegalArgumentException if it is too long, or has a text that UTF-8 cannot represent
     */
    String encode() {
        ByteBuffer buffer = ByteBuffer.allocate(MAX_BYTES);
        try {
            put(buffer, id);
            buffer.putLong(issuedAt).putLong(expiresAt);
            put(buffer, purpose);
            put(buffer, identity.tenantId().value());
            put(buffer, identity.subject().stream().toList());
            put(
                    buffer,
                    identity.readableTenants().stream()
                            .map(TenantId::value)
                            .sorted()
                            .toList());
            put(buffer, identity.resolver());
        } catch (BufferOverflowException tooLong) {
            throw new IllegalArgumentException("the identity of tenant " + identity.tenantId() + " with its "
                    + identity.readableTenants().size()
                    + " further readable tenants does not fit into a ticket; allowed: "
                    + MAX_BYTES + " bytes");
        }
        byte[] bytes = new byte[buffer.position()];
        buffer.flip().get(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** The payload that {@link #encode()} made {@code text} of, or empty if it did not make it. */
    static Optional<TicketPayload> decode(String text) {
        try {
            ByteBuffer buffer = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
            TicketPayload payload =
                    new TicketPayload(text(buffer), buffer.getLong(), buffer.getLong(), text(buffer), identity(buffer));
            // Only one text stands for a payload. This refuses all others at once: bytes at the end, padding, bad
            // UTF-8,
            // lists out of order, an id with white space around it.
            return payload.encode().equals(text) ? Optional.of(payload) : Optional.empty();
        } catch (BufferUnderflowException | InvalidTenantIdException | IllegalArgumentException notMadeByEncode) {
            return Optional.empty();
        }
    }

    private static TenantIdentity identity(ByteBuffer buffer) {
        TenantId tenant = TenantId.of(text(buffer));
        List<String> subject = texts(buffer);
        Set<TenantId> readable = texts(buffer).stream().map(TenantId::of).collect(Collectors.toSet());
        TenantIdentity.Builder builder =
                TenantIdentity.builder(tenant, text(buffer)).readableTenants(readable);
        subject.forEach(builder::subject);
        return builder.build();
    }

    private static void put(ByteBuffer buffer, List<String> texts) {
        buffer.putShort((short) texts.size());
        texts.forEach(text -> put(buffer, text));
    }

    private static void put(ByteBuffer buffer, String text) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new IllegalArgumentException("a text of the identity has half a surrogate pair");
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        buffer.putShort((short) bytes.length).put(bytes);
    }

    private static List<String> texts(ByteBuffer buffer) {
        int size = buffer.getShort() & TWO_BYTES;
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            texts.add(text(buffer));
        }
        return texts;
    }

    private static String text(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.getShort() & TWO_BYTES];
        buffer.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
