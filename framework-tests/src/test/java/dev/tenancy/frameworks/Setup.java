package dev.tenancy.frameworks;

import dev.tenancy.jdbc.TenantBinding;
import java.util.stream.Stream;

/**
 * What every test is run with.
 *
 * @param name what the binding is called
 * @param binding how connections are bound
 * @param autoCommit the mode in which the pool hands out connections
 */
record Setup(String name, TenantBinding binding, boolean autoCommit) {

    /** Every binding, on pools of both modes. A binding that is added here is tested with every framework. */
    static Stream<Setup> all() {
        return Stream.of(true, false)
                .flatMap(autoCommit -> Stream.of(
                        new Setup("session", TenantBinding.session(), autoCommit),
                        new Setup("transaction", TenantBinding.transaction(), autoCommit)));
    }

    @Override
    public String toString() {
        return name + ", autoCommit=" + autoCommit;
    }
}
