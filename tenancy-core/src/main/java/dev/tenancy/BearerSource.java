package dev.tenancy;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** The token of {@code Authorization: Bearer}. */
record BearerSource() implements CredentialSource {
    static final BearerSource INSTANCE = new BearerSource();

    private static final String FIELD = "authorization";
    private static final String SCHEME = "bearer";

    @Override
    public boolean presentIn(TenantRequest request) {
        return !request.headers(FIELD).isEmpty();
    }

    @Override
    public Resolution resolve(TenantRequest request, Function<String, Resolution> verifier) {
        List<String> values = request.headers(FIELD);
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
        if (token.isEmpty() || !token.chars().allMatch(BearerSource::isVisibleAscii)) {
            return Resolution.rejected(
                    "the token after Bearer and one space is empty or has a character that is not visible ASCII");
        }
        return verifier.apply(token);
    }

    private static boolean isVisibleAscii(int character) {
        return character > 0x20 && character < 0x7f;
    }
}
