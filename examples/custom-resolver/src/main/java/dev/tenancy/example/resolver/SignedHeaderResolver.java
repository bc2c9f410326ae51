package dev.tenancy.example.resolver;

import dev.tenancy.CredentialSource;
import dev.tenancy.Resolution;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.TenantRequest;
import dev.tenancy.TenantResolver;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Believes {@code X-Signed-Tenant: acme;9f86…}: a tenant, and HMAC-SHA256 of its name under a secret that the proxy in
 * front knows. Immutable and thread-safe.
 */
public final class SignedHeaderResolver implements TenantResolver {
    /** Its name in {@code tenancy.resolvers}. */
    public static final String NAME = "signed-header";

    private static final CredentialSource SOURCE = CredentialSource.header("X-Signed-Tenant");
    private static final Pattern FORM = Pattern.compile("([^;]+);([0-9a-f]{64})");
    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec secret;

    SignedHeaderResolver(byte[] secret) {
        this.secret = new SecretKeySpec(secret, ALGORITHM);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<CredentialSource> sources() {
        return Set.of(SOURCE);
    }

    @Override
    public Resolution resolve(TenantRequest request) {
        return SOURCE.resolve(request, this::identityOf);
    }

    private Resolution identityOf(String presented) {
        Matcher form = FORM.matcher(presented);
        if (!form.matches()) {
            return Resolution.unrecognized();
        }
        boolean signed =
                MessageDigest.isEqual(signature(form.group(1)), HexFormat.of().parseHex(form.group(2)));
        return signed
                ? Resolution.resolved(TenantIdentity.of(TenantId.of(form.group(1)), NAME))
                : Resolution.rejected("the signature of the header is not of its tenant");
    }

    private byte[] signature(String tenant) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(secret);
            return mac.doFinal(tenant.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, impossible);
        }
    }
}
