package dev.tenancy.jdbc;

import dev.tenancy.TenantId;
import java.util.regex.Pattern;

/**
 * The type of the column that says whose a row is.
 *
 * <p>PostgreSQL reads several texts as one number or one UUID ({@code 1}, {@code +1} and {@code 01}; upper and lower
 * case). Here one tenant has one id: the text that PostgreSQL would write.
 *
 * @since 0.1
 */
public enum TenantColumn {
    /** {@code text}: every tenant's id as it is. */
    TEXT("text", Pattern.compile(".*"), "every tenant's id"),

    /** {@code uuid}: ids as PostgreSQL writes them, in lower case with four hyphens. */
    UUID(
            "uuid",
            Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
            "a UUID in lower case with four hyphens (RFC 9562, section 4)"),

    /** {@code bigint}: ids from 0 to 9223372036854775807, without sign and leading zeros. */
    BIGINT("bigint", Pattern.compile("0|[1-9][0-9]{0,18}"), "0 to 9223372036854775807, without leading zeros") {
        @Override
        boolean holds(TenantId tenant) {
            return super.holds(tenant) && Long.parseUnsignedLong(tenant.value()) >= 0;
        }
    };

    private final String sqlType;
    private final Pattern form;
    private final String allowed;

    TenantColumn(String sqlType, Pattern form, String allowed) {
        this.sqlType = sqlType;
        this.form = form;
        this.allowed = allowed;
    }

    /** {@return the name of the type in SQL} */
    public String sqlType() {
        return sqlType;
    }

    /** Whether a tenant's id is the one text that stands for a value of the type. */
    boolean holds(TenantId tenant) {
        return form.matcher(tenant.value()).matches();
    }

    /** What ids there can be. */
    String allowed() {
        return allowed;
    }
}
