package dev.tenancy;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** The value of a header field, whose name is kept in lower case. */
record HeaderSource(String name) implements CredentialSource {

    HeaderSource {
        FieldNames.require(name, "a header field");
        name = name.toLowerCase(Locale.ROOT);
    }

    @Override
    public boolean presentIn(TenantRequest request) {
        return !values(request).isEmpty();
    }

    @Override
    public Resolution resolve(TenantRequest request, Function<String, Resolution> verifier) {
        return OneValue.judge(values(request), "header " + name, verifier);
    }

    private List<String> values(TenantRequest request) {
        return OneValue.differing(
                request.headers(name).stream().map(String::strip).toList());
    }
}
