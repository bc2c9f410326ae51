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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Knows tenants by API keys, of which it keeps only the SHA-256 digests.
 *
 * <p>A key is proof as long as only its tenant has it. What is presented is compared with every entry, each in constant
 * time. A key that it does not know is {@link Resolution.Unrecognized}, since an API key has no form of its own:
 * another resolver may look at the same place, and if none does, the request is refused. So is one with a character
 * that is not visible ASCII, and keys at two places. Keys must be random, 128 bits or more: a digest does not protect a
 * guessable one. Immutable and thread-safe.
 *
 * @since 0.1
 */
public final class ApiKeyTenantResolver implements TenantResolver {

    /** The name of this resolver in {@code tenancy.resolvers}, and unless another is set. */
    public static final String NAME = "api-key";

    private static final int DIGEST_BYTES = 32;
    private static final Pattern VISIBLE_ASCII = Pattern.compile("[!-~]+");

    private final String name;
    private final Set<CredentialSource> sources;
    private final List<Entry> entries;

    private ApiKeyTenantResolver(Builder builder, Set<CredentialSource> sources) {
        this.name = builder.name;
        this.sources = Set.copyOf(sources);
        this.entries = List.copyOf(builder.entries);
    }

    /** {@return a builder of a resolver that looks for {@code Authorization: Bearer}} */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Set<CredentialSource> sources() {
        return sources;
    }

    @Override
    public Resolution resolve(TenantRequest request) {
        return CredentialSource.resolveOneOf(sources, request, this::identityOf);
    }

    private Resolution identityOf(String presented) {
        if (!VISIBLE_ASCII.matcher(presented).matches()) {
            return Resolution.rejected("the API key has a character that is not visible ASCII");
        }
        byte[] digest = sha256(presented);
        @Nullable TenantId match = null;
        for (Entry entry : entries) { // to the end, so that the time does not tell where in the list a key stands
            if (entry.has(digest)) {
                match = entry.tenant;
            }
        }
        return match == null ? Resolution.unrecognized() : Resolution.resolved(TenantIdentity.of(match, name));
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
        private static final byte[] NOTHING = sha256("");

        private final List<Entry> entries = new ArrayList<>();
        private final List<String> faults = new ArrayList<>();
        private final Set<CredentialSource> sources = new LinkedHashSet<>();
        private String name = NAME;
        private int given;

        private Builder() {}

        /** Adds a place where a key is looked for; {@code Authorization: Bearer} if none is said. */
        public Builder source(CredentialSource place) {
            sources.add(place);
            return this;
        }

        /** Sets the resolver's name, for chains with two of a kind: lower case, with hyphens. */
        public Builder name(String value) {
            this.name = value;
            return this;
        }

        /**
         * Adds a key; only its digest is kept.
         *
         * @param key visible ASCII characters
         */
        public Builder key(String key, TenantId tenant) {
            given++;
            if (!VISIBLE_ASCII.matcher(key).matches()) {
                faults.add("API key " + given + " is empty or has a character that is not visible ASCII");
                return this;
            }
            return add(sha256(key), tenant);
        }

        /**
         * Adds the digest of a key.
         *
         * @param sha256 SHA-256 of the key's bytes, 64 hexadecimal digits
         */
        public Builder digest(String sha256, TenantId tenant) {
            given++;
            try {
                byte[] digest = HexFormat.of().parseHex(sha256);
                if (digest.length == DIGEST_BYTES) {
                    return add(digest, tenant);
                }
            } catch (IllegalArgumentException notHex) {
                // Its message repeats the text, which may be a key put here by mistake.
            }
            faults.add("the digest of API key " + given + " is not 64 hexadecimal digits");
            return this;
        }

        private Builder add(byte[] digest, TenantId tenant) {
            if (MessageDigest.isEqual(digest, NOTHING)) {
                faults.add("the digest of API key " + given + " is that of an empty key");
            }
            if (entries.stream().anyMatch(entry -> entry.has(digest))) {
                faults.add("API key " + given + " is given twice");
            }
            entries.add(new Entry(digest, tenant));
            return this;
        }

        /**
         * {@return the resolver}
         *
         * @throws TenancyConfigException if there is no key, one is empty, malformed or given twice, or the name is
         *     bad; names all faults, keys by their number, and no part of a key or of a tenant's name
         */
        public ApiKeyTenantResolver build() {
            List<String> all = new ArrayList<>(faults);
            all.addAll(ResolverName.faultsOf(name));
            if (given == 0) {
                all.add("there is no API key");
            }
            if (!all.isEmpty()) {
                throw new TenancyConfigException(all);
            }
            return new ApiKeyTenantResolver(this, sources.isEmpty() ? Set.of(CredentialSource.bearer()) : sources);
        }
    }
}
