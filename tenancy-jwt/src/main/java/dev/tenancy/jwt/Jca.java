package dev.tenancy.jwt;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** All cryptography that tokens are verified with: that of one provider, or of those that are installed. */
final class Jca {
    private static final String SHA_256 = "SHA-256";
    private static final String RSA = "RSA";
    private static final String EC = "EC";

    private final @Nullable Provider provider;

    Jca(@Nullable Provider provider) {
        this.provider = provider;
    }

    /** A new one, with the parameters of the algorithm set. */
    Signature signature(SignatureAlgorithm algorithm) throws GeneralSecurityException {
        Signature signature = provider == null
                ? Signature.getInstance(algorithm.jcaName())
                : Signature.getInstance(algorithm.jcaName(), provider);
        if (algorithm.parameters() != null) {
            signature.setParameter(algorithm.parameters());
        }
        return signature;
    }

    MessageDigest sha256() throws GeneralSecurityException {
        return provider == null ? MessageDigest.getInstance(SHA_256) : MessageDigest.getInstance(SHA_256, provider);
    }

    PublicKey publicKey(RSAKey key) throws GeneralSecurityException {
        return factory(RSA)
                .generatePublic(new RSAPublicKeySpec(
                        key.getModulus().decodeToBigInteger(),
                        key.getPublicExponent().decodeToBigInteger()));
    }

    PublicKey publicKey(ECKey key) throws GeneralSecurityException {
        ECPoint point = new ECPoint(key.getX().decodeToBigInteger(), key.getY().decodeToBigInteger());
        return factory(EC).generatePublic(new ECPublicKeySpec(point, parameters(key.getCurve())));
    }

    ECParameterSpec parameters(Curve curve) throws GeneralSecurityException {
        AlgorithmParameters parameters =
                provider == null ? AlgorithmParameters.getInstance(EC) : AlgorithmParameters.getInstance(EC, provider);
        parameters.init(new ECGenParameterSpec(Objects.requireNonNull(curve.getStdName(), "curve")));
        return parameters.getParameterSpec(ECParameterSpec.class);
    }

    private KeyFactory factory(String kind) throws GeneralSecurityException {
        return provider == null ? KeyFactory.getInstance(kind) : KeyFactory.getInstance(kind, provider);
    }
}
