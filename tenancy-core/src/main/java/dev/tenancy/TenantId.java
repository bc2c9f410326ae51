package dev.tenancy;

import java.util.regex.Pattern;

/**
 * The name of a tenant: 1–128 ASCII characters, case-sensitive.
 *
 * <p>The first character is a letter or a digit; the others may also be one of {@code . _ : @ / + = ~ -} or the
 * vertical bar, so that OpenID Connect {@code sub} values such as {@code auth0|abc} fit. White space around the value
 * is trimmed. Immutable and thread-safe.
 *
 * @param value the name, valid and trimmed
 * @since 0.1
 */
public record TenantId(String value) {

    /** The most characters that a tenant id may have. */
    public static final int MAX_LENGTH = 128;

    private static final Pattern VALID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:@/+=~|-]*");

    /**
     * Makes an id of {@code value}, as {@link #of(String)} does.
     *
     * @throws InvalidTenantIdException if {@code value} is not a valid tenant id
     */
    public TenantId {
        value = valid(value);
    }

    /**
     * {@return the id with the name {@code value}, trimmed}
     *
     * @throws InvalidTenantIdException if {@code value} is not a valid tenant id; the message names the fault and not
     *     the value
     */
    public static TenantId of(String value) {
        return new TenantId(value);
    }

    private static String valid(String raw) {
        String value = raw.strip();
        if (value.isEmpty()) {
            throw new InvalidTenantIdException("it is blank");
        }
        if (value.length() > MAX_LENGTH) {
            throw new InvalidTenantIdException("it has more than " + MAX_LENGTH + " characters");
        }
        if (!VALID.matcher(value).matches()) {
            throw new InvalidTenantIdException(
                    "it has a character that is not allowed (first a letter or digit, then also . _ : @ / + = ~ - |)");
        }
        return value;
    }

    /** {@return the name} */
    @Override
    public String toString() {
        return value;
    }
}
