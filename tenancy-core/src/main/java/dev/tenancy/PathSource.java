package dev.tenancy;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** The segment of the path behind a prefix, decoded once. */
record PathSource(List<String> prefix) implements CredentialSource {
    private static final Pattern PREFIX = Pattern.compile("/|(?:/(?!\\.{1,2}(?:/|$))[A-Za-z0-9._~-]+){1,16}");
    private static final Pattern AMBIGUOUS = Pattern.compile("[/\\\\;%\\s]");

    /** {@return the source behind {@code path}, which starts with a slash and ends without one} */
    static PathSource behind(String path) {
        if (!PREFIX.matcher(path).matches()) {
            throw new TenancyConfigException(List.of(
                    "the path prefix is bad; allowed: / alone, or segments of letters, digits and . _ ~ - with a slash"
                            + " before each, such as /t"));
        }
        return new PathSource(
                path.equals("/") ? List.of() : List.of(path.substring(1).split("/")));
    }

    @Override
    public boolean presentIn(TenantRequest request) {
        return !(resolve(request, segment -> Resolution.unrecognized()) instanceof Resolution.Absent);
    }

    @Override
    public Resolution resolve(TenantRequest request, Function<String, Resolution> verifier) {
        RawPath path = new RawPath(request.rawPath());
        if (path.isMalformed()) {
            return Resolution.rejected("the path is malformed");
        }
        if (!path.startsWith(prefix)) {
            return path.couldStartWith(prefix)
                    ? Resolution.rejected("the path could be taken for one that names a tenant")
                    : Resolution.absent();
        }
        List<String> behind =
                path.segments().subList(prefix.size(), path.segments().size());
        if (behind.isEmpty() || behind.equals(List.of(""))) {
            return Resolution.absent();
        }
        Optional<String> segment = PercentEncoding.decode(behind.get(0));
        if (path.hasDotSegment()
                || segment.isEmpty()
                || segment.get().isEmpty()
                || AMBIGUOUS.matcher(segment.get()).find()) {
            return Resolution.rejected("the path can be read in more than one way");
        }
        return verifier.apply(segment.get());
    }
}
