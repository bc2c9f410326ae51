package dev.tenancy.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.TenantId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One tenant has one id in each type of column. */
class TenantColumnTest {
    @ParameterizedTest
    @CsvSource({
        "TEXT, auth0|abc, true",
        "TEXT, 01, true",
        "UUID, 0a0a0a0a-0000-4000-8000-00000000000a, true",
        "UUID, ffffffff-ffff-ffff-ffff-ffffffffffff, true",
        "UUID, 0A0a0a0a-0000-4000-8000-00000000000a, false",
        "UUID, 0a0a0a0a00004000800000000000000a, false",
        "UUID, 0a0a0a0a-0000-4000-8000-00000000000a0, false",
        "UUID, 0a0a0a0a-0000-4000-8000-00000000000g, false",
        "UUID, acme, false",
        "BIGINT, 0, true",
        "BIGINT, 7, true",
        "BIGINT, 9223372036854775807, true",
        "BIGINT, 9223372036854775808, false",
        "BIGINT, 9999999999999999999, false",
        "BIGINT, 10000000000000000000, false",
        "BIGINT, 01, false",
        "BIGINT, 00, false",
        "BIGINT, 1_0, false",
        "BIGINT, 0x1F, false",
        "BIGINT, 1.0, false",
        "BIGINT, 1e1, false",
        "BIGINT, acme, false"
    })
    void onlyTheTextThatPostgresWritesIsAnId(TenantColumn column, String id, boolean holds) {
        assertThat(column.holds(TenantId.of(id))).isEqualTo(holds);
    }
}
