package dev.tenancy.internal.resolver;

import dev.tenancy.ConfigKey;
import dev.tenancy.CredentialSource;
import dev.tenancy.TenancyConfig;
import dev.tenancy.TenantResolver;
import dev.tenancy.TenantResolverFactory;
import dev.tenancy.ticket.TenantTicket;
import dev.tenancy.ticket.TenantTickets;
import dev.tenancy.ticket.TicketTenantResolver;
import java.time.Duration;
import java.util.Base64;
import java.util.Set;

/** Makes the {@link TicketTenantResolver}. */
public final class TicketResolverFactory implements TenantResolverFactory {
    private static final ConfigKey<TenantTickets.Builder> KEYS = ConfigKey.of(
                    "tenancy.ticket.keys",
                    "a key id, '=', a secret of at least 32 bytes in Base64; several separated by ';', the first signs",
                    TicketResolverFactory::builderOf)
            .asRequired();
    private static final ConfigKey<String> PURPOSE = ConfigKey.of(
                    "tenancy.ticket.purpose",
                    "what tickets must be for: 1–128 letters, digits, . _ : / -, first a letter or digit",
                    TicketResolverFactory::purposeOf)
            .asRequired();
    private static final ConfigKey<CredentialSource> HEADER = ConfigKey.of(
            "tenancy.ticket.header",
            "the name of a header field; " + TenantTicket.HEADER + " if not set",
            CredentialSource::header);
    private static final ConfigKey<Duration> LONGEST_VALIDITY = ConfigKey.of(
            "tenancy.ticket.longest-validity",
            "for how long a ticket may be valid, PT0.001S to PT8784H (ISO 8601); PT24H if not set",
            Duration::parse);

    @Override
    public String name() {
        return TicketTenantResolver.NAME;
    }

    @Override
    public Set<ConfigKey<?>> keys() {
        return Set.of(KEYS, PURPOSE, HEADER, LONGEST_VALIDITY);
    }

    @Override
    public TenantResolver create(TenancyConfig config) {
        TenantTickets.Builder tickets = config.require(KEYS);
        config.get(LONGEST_VALIDITY).ifPresent(tickets::longestValidity);
        return TicketTenantResolver.of(
                tickets.build(),
                config.require(PURPOSE),
                config.get(HEADER).orElseGet(() -> CredentialSource.header(TenantTicket.HEADER)));
    }

    private static String purposeOf(String text) {
        if (!TenantTickets.isPurpose(text)) {
            throw new IllegalArgumentException("not a purpose");
        }
        return text;
    }

    /** The builder names what is wrong with a key; what has no form of a key is a bad value, not to be repeated. */
    private static TenantTickets.Builder builderOf(String text) {
        TenantTickets.Builder builder = TenantTickets.builder();
        boolean first = true;
        for (String entry : text.split(";", -1)) {
            int equals = entry.indexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException("an entry without '='");
            }
            String id = entry.substring(0, equals).strip();
            byte[] secret =
                    Base64.getDecoder().decode(entry.substring(equals + 1).strip());
            if (first) {
                builder.signWith(id, secret);
            } else {
                builder.accept(id, secret);
            }
            first = false;
        }
        return builder;
    }
}
