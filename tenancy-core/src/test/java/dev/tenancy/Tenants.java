package dev.tenancy;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** The 64 tenants of the interleavings. */
final class Tenants {
    private static final List<TenantIdentity> ALL = IntStream.range(0, 64)
            .mapToObj(number -> TenantIdentity.of(TenantId.of("tenant-" + number), "test"))
            .toList();

    private Tenants() {}

    static TenantIdentity any(RandomGenerator random) {
        return ALL.get(random.nextInt(ALL.size()));
    }
}
