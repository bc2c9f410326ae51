package dev.tenancy;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Lets everything pass, and remembers how each request ended and who was current then. */
final class RecordingGuard implements Guard {
    final List<String> ends = new CopyOnWriteArrayList<>();
    private final Map<String, String> headers;

    RecordingGuard(Map<String, String> headers) {
        this.headers = headers;
    }

    @Override
    public String name() {
        return "recording";
    }

    @Override
    public Decision check(GuardedRequest request) {
        return new Passed() {
            @Override
            public Map<String, String> headers() {
                return headers;
            }

            @Override
            public void undo() {
                ends.add("undone for " + TenantContext.require().tenantId());
            }

            @Override
            public void finished(boolean succeeded) {
                ends.add((succeeded ? "succeeded for " : "failed for ")
                        + TenantContext.require().tenantId());
            }
        };
    }
}
