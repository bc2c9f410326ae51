package dev.tenancy.jdbc.attack;

import dev.tenancy.jdbc.TenantColumn;

/** The type of the tenants' column, with two tenants of that type. */
enum Column {
    TEXT(TenantColumn.TEXT, "text", "tenant-a", "tenant-b"),
    UUID(TenantColumn.UUID, "uuid", "0a0a0a0a-0000-4000-8000-00000000000a", "0b0b0b0b-0000-4000-8000-00000000000b"),
    BIGINT(TenantColumn.BIGINT, "bigint", "101", "202");

    final TenantColumn tenantColumn;
    final String type;
    final String attacker;
    final String victim;

    Column(TenantColumn tenantColumn, String type, String attacker, String victim) {
        this.tenantColumn = tenantColumn;
        this.type = type;
        this.attacker = attacker;
        this.victim = victim;
    }
}
