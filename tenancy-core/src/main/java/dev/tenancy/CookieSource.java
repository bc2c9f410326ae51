package dev.tenancy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The value of a cookie, read as RFC 6265 section 4.2.1 writes it. */
record CookieSource(String name) implements CredentialSource {
    private static final String FIELD = "cookie";

    CookieSource {
        FieldNames.require(name, "a cookie");
    }

    @Override
    public boolean presentIn(TenantRequest request) {
        return !OneValue.differing(Pairs.in(request, name).values).isEmpty();
    }

    @Override
    public Resolution resolve(TenantRequest request, Function<String, Resolution> verifier) {
        Pairs pairs = Pairs.in(request, name);
        return OneValue.judge(OneValue.differing(pairs.values), "cookie " + name, value -> {
            if (pairs.openQuote) {
                return Resolution.rejected("cookie " + name + " may be part of a quoted value that is not closed");
            }
            return value.chars().allMatch(CookieSource::isCookieOctet)
                    ? verifier.apply(value)
                    : Resolution.rejected("cookie " + name + " has a character that no cookie may have");
        });
    }

    /** RFC 6265 section 4.1.1. */
    private static boolean isCookieOctet(int character) {
        return character > 0x20 && character < 0x7f && "\",;\\".indexOf(character) < 0;
    }

    /**
     * The values of one cookie.
     *
     * <p>Older servers read a quoted value over semicolons, where RFC 6265 splits. So a cookie that stands beside a
     * quote that is not closed is one to some and none to others.
     */
    private record Pairs(List<String> values, boolean openQuote) {

        static Pairs in(TenantRequest request, String name) {
            List<String> values = new ArrayList<>();
            boolean openQuote = false;
            for (String field : request.headers(FIELD)) {
                for (String pair : field.split(";", -1)) {
                    int equals = pair.indexOf('=');
                    String value = pair.substring(equals + 1).strip();
                    if (equals >= 0 && pair.substring(0, equals).strip().equals(name)) {
                        values.add(unquoted(value));
                    }
                    openQuote |= value.startsWith("\"") && !isQuoted(value);
                }
            }
            return new Pairs(values, openQuote);
        }

        private static String unquoted(String value) {
            return isQuoted(value) ? value.substring(1, value.length() - 1) : value;
        }

        private static boolean isQuoted(String value) {
            return value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
        }
    }
}
