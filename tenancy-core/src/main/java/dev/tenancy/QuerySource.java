package dev.tenancy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The value of a query parameter, on some paths. */
record QuerySource(String name, Set<String> paths) implements CredentialSource {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._~-]+");
    private static final Pattern PATH =
            Pattern.compile("/|/\\*|(?:/(?!\\.{1,2}(?:/|$))[A-Za-z0-9._~-]+){1,16}(?:/\\*)?");
    private static final String BENEATH = "/*";

    QuerySource {
        paths = Set.copyOf(paths);
    }

    /** {@return the source on {@code paths}, each exact, or with {@code /*} at its end} */
    static QuerySource on(Collection<String> paths, String name) {
        List<String> faults = new ArrayList<>();
        if (!NAME.matcher(name).matches()) {
            faults.add("the name of a query parameter is bad; allowed: letters, digits and . _ ~ -");
        }
        if (paths.isEmpty()) {
            faults.add("no path takes the query parameter");
        }
        if (!paths.stream().allMatch(path -> PATH.matcher(path).matches())) {
            faults.add(
                    "a path that takes the query parameter is bad; allowed: segments of letters, digits and . _ ~ -"
                            + " with a slash before each, and /* at the end for all paths beneath, such as /events or /files/*");
        }
        if (!faults.isEmpty()) {
            throw new TenancyConfigException(faults);
        }
        return new QuerySource(name, paths.stream().collect(Collectors.toUnmodifiableSet()));
    }

    @Override
    public boolean presentIn(TenantRequest request) {
        return !valuesIn(request).isEmpty();
    }

    @Override
    public Resolution resolve(TenantRequest request, Function<String, Resolution> verifier) {
        return OneValue.judge(
                valuesIn(request),
                "query parameter " + name,
                value -> decoded(value)
                        .map(verifier)
                        .orElseGet(() ->
                                Resolution.rejected("query parameter " + name + " is not percent-encoded UTF-8")));
    }

    /** The values that differ, not decoded. */
    private List<String> valuesIn(TenantRequest request) {
        Optional<String> query = request.rawQuery();
        if (query.isEmpty() || !takenOn(request.rawPath())) {
            return List.of();
        }
        List<String> values = new ArrayList<>();
        for (String pair : query.get().split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals >= 0 && decoded(pair.substring(0, equals)).equals(Optional.of(name))) {
                values.add(pair.substring(equals + 1));
            }
        }
        return OneValue.differing(values);
    }

    private boolean takenOn(String rawPath) {
        return paths.contains(rawPath) || paths.stream().anyMatch(path -> isBeneath(rawPath, path));
    }

    /** A path that one router could lead elsewhere is not beneath. */
    private static boolean isBeneath(String rawPath, String path) {
        return path.endsWith(BENEATH)
                && rawPath.startsWith(path.substring(0, path.length() - 1))
                && new RawPath(rawPath).isPlain();
    }

    /** As HTML forms are encoded (URL Standard, application/x-www-form-urlencoded). */
    private static Optional<String> decoded(String text) {
        return PercentEncoding.decode(text.replace('+', ' '));
    }
}
