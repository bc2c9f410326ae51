package dev.tenancy.jwt;

import com.nimbusds.jose.jwk.Curve;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * How a token may be signed (RFC 7518 section 3.1). Only algorithms with a public key are here: nobody can allow one
 * that needs a shared secret, or none.
 *
 * @since 0.1
 */
public enum SignatureAlgorithm {
    /** RSASSA-PKCS1-v1_5 with SHA-256; allowed if nothing is said. */
    RS256("SHA256withRSA"),
    /** RSASSA-PKCS1-v1_5 with SHA-384. */
    RS384("SHA384withRSA"),
    /** RSASSA-PKCS1-v1_5 with SHA-512. */
    RS512("SHA512withRSA"),
    /** RSASSA-PSS with SHA-256. */
    PS256("SHA-256", MGF1ParameterSpec.SHA256, 32),
    /** RSASSA-PSS with SHA-384. */
    PS384("SHA-384", MGF1ParameterSpec.SHA384, 48),
    /** RSASSA-PSS with SHA-512. */
    PS512("SHA-512", MGF1ParameterSpec.SHA512, 64),
    /** ECDSA on P-256 with SHA-256; allowed if nothing is said. */
    ES256("SHA256withECDSA", Curve.P_256),
    /** ECDSA on P-384 with SHA-384. */
    ES384("SHA384withECDSA", Curve.P_384),
    /** ECDSA on P-521 with SHA-512. */
    ES512("SHA512withECDSA", Curve.P_521);

    private final String jcaName;
    /** A PSSParameterSpec, which nobody can change. */
    @SuppressWarnings("ImmutableEnumChecker")
    private final @Nullable AlgorithmParameterSpec parameters;

    /** Nobody can change it. */
    @SuppressWarnings("ImmutableEnumChecker")
    private final @Nullable Curve curve;

    SignatureAlgorithm(String jcaName) {
        this.jcaName = jcaName;
        this.parameters = null;
        this.curve = null;
    }

    /** The salt is as long as the hash (RFC 7518 section 3.5). */
    SignatureAlgorithm(String hash, MGF1ParameterSpec mask, int hashBytes) {
        this.jcaName = "RSASSA-PSS";
        this.parameters = new PSSParameterSpec(hash, "MGF1", mask, hashBytes, PSSParameterSpec.TRAILER_FIELD_BC);
        this.curve = null;
    }

    SignatureAlgorithm(String jcaName, Curve curve) {
        this.jcaName = jcaName;
        this.parameters = null;
        this.curve = curve;
    }

    String jcaName() {
        return jcaName;
    }

    @Nullable
    AlgorithmParameterSpec parameters() {
        return parameters;
    }

    /** The one curve that its keys are on, or null if they are RSA keys. */
    @Nullable
    Curve curve() {
        return curve;
    }
}
