package dev.tenancy;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * A place in a request where a credential may stand; one notion for all resolvers, so that they agree on what is
 * presented.
 *
 * <p>Immutable and thread-safe. Two sources are equal if they read the same place in the same form.
 *
 * @since 0.1
 */
public sealed interface CredentialSource {

    /** {@return the header field that is read, in lower case} */
    String headerName();

    /** {@return whether anything stands at this place, in whatever form} */
    default boolean presentIn(TenantRequest request) {
        return !request.headers(headerName()).isEmpty();
    }

    /**
     * Reads the credential and lets {@code verifier} judge it.
     *
     * @param verifier called with the credential, if there is one in the form of this source
     * @return what the verifier says; else absent if nothing is there, unrecognized if it is in another form, rejected
     *     if it is malformed or there are several
     */
    Resolution resolve(TenantRequest request, Function<String, Resolution> verifier);

    /** {@return the token of {@code Authorization: Bearer} (RFC 6750 section 2.1)} */
    static CredentialSource bearer() {
        return new Bearer();
    }

    /**
     * {@return the whole value of a header field, trimmed; a blank one counts as absent}
     *
     * @param name the field's name, in any case
     */
    static CredentialSource header(String name) {
        return new Header(name.toLowerCase(Locale.ROOT));
    }

    /**
     * The token behind {@code Bearer} and exactly one space. The scheme may be in any case, the token is taken as it is
     * and must be visible ASCII.
     */
    record Bearer() implements CredentialSource {
        private static final String SCHEME = "bearer";

        @Override
        public String headerName() {
            return "authorization";
        }

        @Override
        public Resolution resolve(TenantRequest request, Function<String, Resolution> verifier) {
            List<String> values = request.headers(headerName());
            if (values.isEmpty()) {
                return Resolution.absent();
            }
            if (values.size() > 1) {
                return Resolution.rejected("more than one Authorization header");
            }
            String value = values.get(0);
            String scheme = value.substring(0, Math.max(value.indexOf(' '), 0));
            if (!scheme.toLowerCase(Locale.ROOT).equals(SCHEME)) {
                return Resolution.unrecognized();
            }
            String token = value.substring(SCHEME.length() + 1);
            if (token.isEmpty() || !token.chars().allMatch(Bearer::isVisibleAscii)) {
                return Resolution.rejected(
                        "the token after Bearer and one space is empty or has a character that is not "
                                + "visible ASCII");
            }
            return verifier.apply(token);
        }

        private static boolean isVisibleAscii(int character) {
            return character > 0x20 && character < 0x7f;
        }
    }

    /**
     * The value of a header field.
     *
     * @param headerName the field's name, in lower case
     */
    record Header(String headerName) implements CredentialSource {

        @Override
        public boolean presentIn(TenantRequest request) {
            return !values(request).isEmpty();
        }

        @Override
        public Resolution resolve(TenantRequest request, Function<String, Resolution> verifier) {
            List<String> values = values(request);
            if (values.isEmpty()) {
                return Resolution.absent();
            }
            if (values.size() > 1) {
                return Resolution.rejected("several different values of header " + headerName);
            }
            return verifier.apply(values.get(0));
        }

        private List<String> values(TenantRequest request) {
            return request.headers(headerName).stream()
                    .map(String::strip)
                    .filter(value -> !value.isEmpty())
                    .distinct()
                    .toList();
        }
    }
}
