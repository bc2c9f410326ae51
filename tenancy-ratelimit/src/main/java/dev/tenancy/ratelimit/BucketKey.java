package dev.tenancy.ratelimit;

import dev.tenancy.TenantId;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whose permits: a tenant's, what they are for, and which of its subjects asks. Immutable and thread-safe.
 *
 * @since 0.1
 */
public final class BucketKey {
    /** The name of what has no other. */
    static final String DEFAULT_NAME = "default";

    private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,64}");

    private final TenantId tenant;
    private final String name;
    private final @Nullable String subject;
    private final int hash;

    private BucketKey(TenantId tenant, String name, @Nullable String subject) {
        this.tenant = tenant;
        this.name = name;
        this.subject = subject;
        this.hash = (tenant.hashCode() * 31 + name.hashCode()) * 31 + (subject == null ? 0 : subject.hashCode());
    }

    /** {@return the key of a tenant's permits for what has no name of its own} */
    public static BucketKey of(TenantId tenant) {
        return new BucketKey(tenant, DEFAULT_NAME, null);
    }

    /**
     * {@return the key of a tenant's permits for something}
     *
     * @param name 1–64 of a–z, 0–9 and hyphen
     * @throws IllegalArgumentException if the name is another
     */
    public static BucketKey of(TenantId tenant, String name) {
        return new BucketKey(tenant, validName(name), null);
    }

    static String validName(String name) {
        if (!name.equals(DEFAULT_NAME) && !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("name is bad; allowed: 1 to 64 of a-z, 0-9 and hyphen");
        }
        return name;
    }

    /** {@return this key, asked for by {@code who}, any text} */
    public BucketKey withSubject(String who) {
        return new BucketKey(tenant, name, who);
    }

    /** {@return this key without a subject: what all subjects share} */
    public BucketKey withoutSubject() {
        return subject == null ? this : new BucketKey(tenant, name, null);
    }

    /** {@return the tenant} */
    public TenantId tenant() {
        return tenant;
    }

    /** {@return what the permits are for; {@code default} if nothing was said} */
    public String name() {
        return name;
    }

    /** {@return who asks, if that was said; limits for each subject count those together that have none} */
    public Optional<String> subject() {
        return Optional.ofNullable(subject);
    }

    /** Whether there is nothing in it but the tenant. */
    boolean isTenantOnly() {
        return subject == null && name.equals(DEFAULT_NAME);
    }

    @Override
    public boolean equals(@Nullable Object object) {
        return object instanceof BucketKey other
                && hash == other.hash
                && tenant.equals(other.tenant)
                && name.equals(other.name)
                && (subject == null ? other.subject == null : subject.equals(other.subject));
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** {@return the tenant and the name; a subject may be a person's name, and is not in it} */
    @Override
    public String toString() {
        return tenant + "/" + name;
    }
}
