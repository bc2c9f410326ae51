package dev.tenancy.example.benchmarks.context;

import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import org.jspecify.annotations.Nullable;

/** What one would have without the library: one thread-local, and nobody who sees to it that it is cleared. */
final class BareThreadLocal {
    /** The name of this peer in a report. */
    static final String NAME = "bare-thread-local";

    /** For whom the measured thread works. */
    static final TenantIdentity ACME = TenantIdentity.of(TenantId.of("acme"), "benchmark");

    static final ThreadLocal<@Nullable TenantIdentity> CURRENT = new ThreadLocal<>();

    private BareThreadLocal() {}
}
