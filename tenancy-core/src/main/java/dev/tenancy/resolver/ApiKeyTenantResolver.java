package dev.tenancy.resolver;

import dev.tenancy.CredentialSource;
import dev.tenancy.Resolution;
import dev.tenancy.TenancyConfigException;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.TenantRequest;
import dev.tenancy.TenantResolver;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Knows tenants by API keys, of which it keeps only the SHA-256 digests.
 *
 * <p>A key is compared with every entry in constant time. A key that it does not know is
 * {@link Resolution.Unrecognized}, since an API key has no form of its own: another resolver may look at the same
 * place, and if none does, the request is refused. Keys must be random, 128 bits or more: a digest does not protect a
 * guessable one. Immutable and thread-safe.
 *
 * @since 0.1
 */
public final class ApiKeyTenantResolver implements TenantResolver {

    /** The name of this resolver in {@code tenancy.resolvers}. */
    public static final String NAME = "api-key";

    private static final int DIGEST_BYTES = 32;

    private final CredentialSource source;
    private final List<Entry> entries;

    private ApiKeyTenantResolver(CredentialSource source, List<Entry> entries) {
        this.source = source;
        this.entries = List.copyOf(entries);
    }

    /** {@return a builder of a resolver that looks for {@code Authorization: Bearer}} */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<CredentialSource> sources() {
        return Set.of(source);
    }

    @Override
    public Resolution resolve(TenantRequest request) {
        return source.resolve(request, this::identityOf);
    }

    private Resolution identityOf(String presented) {
        byte[] digest = sha256(presented);
        @Nullable TenantId match = null;
        for (Entry entry : entries) {
            if (entry.has(digest)) {
                match = entry.tenant;
            }
        }
        return match == null ? Resolution.unrecognized() : Resolution.resolved(TenantIdentity.of(match, NAME));
    }

    private static byte[] sha256(String key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    private static final class Entry {
        private final byte[] digest;
        private final TenantId tenant;

        private Entry(byte[] digest, TenantId tenant) {
            this.digest = digest;
            this.tenant = tenant;
        }

        private boolean has(byte[] other) {
            return MessageDigest.isEqual(digest, other);
        }
    }

    /**
     * Collects keys. Not thread-safe.
     *
     * @since 0.1
     */
    public static final class Builder {
        private final List<Entry> entries = new ArrayList<>();
        private final List<String> faults = new ArrayList<>();
        private CredentialSource source = CredentialSource.bearer();

        private Builder() {}

        /** Sets where the key is looked for. */
        public Builder source(CredentialSource place) {
            this.source = place;
            return this;
        }

        /** Adds a key; only its digest is kept. */
        public Builder key(String key, TenantId tenant) {
            if (key.isBlank()) {
                faults.add("the API key of tenant " + tenant + " is blank");
            }
            return add(sha256(key), tenant);
        }

        /**
         * Adds the digest of a key.
         *
         * @param sha256 SHA-256 of the key's UTF-8 bytes, 64 hexadecimal digits
         */
        public Builder digest(String sha256, TenantId tenant) {
            try {
                byte[] digest = HexFormat.of().parseHex(sha256);
                if (digest.length == DIGEST_BYTES) {
                    return add(digest, tenant);
                }
            } catch (IllegalArgumentException notHex) {
                // Its message repeats the text, which may be a key put here by mistake.
            }
            faults.add("the API key digest of tenant " + tenant + " is not 64 hexadecimal digits");
            return this;
        }

        private Builder add(byte[] digest, TenantId tenant) {
            for (Entry entry : entries) {
                if (entry.has(digest)) {
                    faults.add("tenants " + entry.tenant + " and " + tenant + " have the same API key");
                }
            }
            entries.add(new Entry(digest, tenant));
            return this;
        }

        /**
         * {@return the resolver}
         *
         * @throws TenancyConfigException if there is no key, or one is blank, malformed or given twice; names all
         *     faults, and no part of a key
         */
        public ApiKeyTenantResolver build() {
            if (entries.isEmpty() && faults.isEmpty()) {
                faults.add("there is no API key");
            }
            if (!faults.isEmpty()) {
                throw new TenancyConfigException(faults);
            }
            return new ApiKeyTenantResolver(source, entries);
        }
    }
}
