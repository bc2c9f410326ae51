package dev.tenancy;

import java.security.Principal;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Pattern;

/** The name of the principal whom the host has authenticated. */
record PrincipalSource() implements CredentialSource {
    static final PrincipalSource INSTANCE = new PrincipalSource();

    private static final Pattern NAME = Pattern.compile("[^\\p{Cc}\\u2028\\u2029]{1,255}");

    @Override
    public boolean presentIn(TenantRequest request) {
        return request.attribute(Principal.class).isPresent();
    }

    @Override
    public Resolution resolve(TenantRequest request, Function<String, Resolution> verifier) {
        return request.attribute(Principal.class)
                .map(principal -> Objects.toString(principal.getName(), ""))
                .map(name -> NAME.matcher(name).matches() && !name.isBlank()
                        ? verifier.apply(name)
                        : Resolution.rejected(
                                "the principal's name is blank, longer than 255 characters or has a control character"))
                .orElseGet(Resolution::absent);
    }
}
