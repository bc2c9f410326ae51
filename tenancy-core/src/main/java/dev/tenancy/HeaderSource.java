package dev.tenancy;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** The value of a header field, whose name is kept in lower case. */
record HeaderSource(String name) implements CredentialSource {

    HeaderSource {
        name = name.toLowerCase(Locale.ROOT);
    }

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
            return Resolution.rejected("several different values of header " + name);
        }
        return verifier.apply(values.get(0));
    }

    private List<String> values(TenantRequest request) {
        return request.headers(name).stream()
                .map(String::strip)
                .filter(value -> !value.isEmpty())
                .distinct()
                .toList();
    }
}
