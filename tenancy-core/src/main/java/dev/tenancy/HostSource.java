package dev.tenancy;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The host name, in lower case and without port, if it is not one of those that name nobody. */
record HostSource(Set<String> neutral) implements CredentialSource {
    private static final int MAX_AUTHORITY = 300;
    private static final int MAX_NAME = 253;

    private static final String LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
    private static final String NAME = LABEL + "(?:\\." + LABEL + ")*";
    private static final String IPV6 = "\\[[0-9A-Fa-f:.]+\\]";

    private static final Pattern AUTHORITY =
            Pattern.compile("(?:(?<name>" + NAME + ")\\.?|(?<ipv6>" + IPV6 + "))(?::[0-9]{0,5})?");
    private static final Pattern HOST = Pattern.compile(NAME + "|" + IPV6);

    HostSource {
        neutral = Set.copyOf(neutral);
    }

    /** {@return the source to which {@code neutral} hosts name nobody} */
    static HostSource except(Collection<String> neutral) {
        for (String host : neutral) {
            if (host.length() > MAX_NAME || !HOST.matcher(host).matches()) {
                throw new TenancyConfigException(List.of(
                        "a host is bad; allowed: a domain name in ASCII (xn--… for others) or an IP address, IPv6 in"
                                + " square brackets, without port and final dot"));
            }
        }
        return new HostSource(neutral.stream().map(HostSource::lower).collect(Collectors.toUnmodifiableSet()));
    }

    @Override
    public boolean presentIn(TenantRequest request) {
        return !namedIn(request).isEmpty();
    }

    @Override
    public Resolution resolve(TenantRequest request, Function<String, Resolution> verifier) {
        return OneValue.judge(
                namedIn(request),
                "the host",
                authority ->
                        hostOf(authority).map(verifier).orElseGet(() -> Resolution.rejected("the host is malformed")));
    }

    /** What names a host that is not neutral, as it was sent. */
    private List<String> namedIn(TenantRequest request) {
        List<String> fields = OneValue.differing(request.headers("host"));
        List<String> named = fields.size() > 1
                ? fields
                : request.authority()
                        .filter(authority -> !authority.isBlank())
                        .map(List::of)
                        .orElse(fields);
        boolean nobody = named.size() == 1
                && hostOf(named.get(0)).filter(neutral::contains).isPresent();
        return nobody ? List.of() : named;
    }

    /** RFC 3986 section 3.2 without user information, and with names as RFC 1123 section 2.1 has them. */
    private static Optional<String> hostOf(String authority) {
        if (authority.length() > MAX_AUTHORITY) { // before the expression, which needs stack for each label
            return Optional.empty();
        }
        Matcher matcher = AUTHORITY.matcher(authority);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        return Optional.ofNullable(matcher.group("name"))
                .or(() -> Optional.of(matcher.group("ipv6")))
                .filter(host -> host.length() <= MAX_NAME)
                .map(HostSource::lower);
    }

    /** Only of what is known to be ASCII: other characters have ASCII letters for their lower case. */
    private static String lower(String host) {
        return host.toLowerCase(Locale.ROOT);
    }
}
