package dev.tenancy.jdbc.jdbi;

import dev.tenancy.TenantIdentity;
import java.sql.Types;
import java.util.Collection;
import java.util.stream.Collectors;
import org.jdbi.v3.core.argument.Argument;

/** Values that have the type of the column that they are compared with or stored in. */
final class Untyped {
    private Untyped() {}

    static Argument of(String text) {
        return (position, statement, context) -> statement.setObject(position, text, Types.OTHER);
    }

    /** The id of a tenant, for its column. */
    static Argument of(TenantIdentity identity) {
        return of(identity.tenantId().value());
    }

    /** An array, as PostgreSQL reads it (PostgreSQL manual, section 8.15.2). */
    static Argument arrayOf(Collection<String> texts) {
        return of(texts.stream()
                .map(text -> '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"')
                .collect(Collectors.joining(",", "{", "}")));
    }
}
