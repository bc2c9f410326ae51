package dev.tenancy.jwt;

import static dev.tenancy.jwt.SignatureAlgorithm.ES256;
import static dev.tenancy.jwt.SignatureAlgorithm.PS256;
import static dev.tenancy.jwt.SignatureAlgorithm.RS256;
import static dev.tenancy.jwt.SignatureAlgorithm.RS512;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.NoSuchAlgorithmException;
import java.security.Security;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VerificationKeyTest {
    private static final byte[] TEXT = "header.payload.rest".getBytes(US_ASCII);
    private static final byte[] SIGNED = "header.payload".getBytes(US_ASCII);
    private static final SignatureForm AS_IT_IS = signature -> signature;

    @ParameterizedTest
    @EnumSource
    void knowsWhatItsPrivateKeySignedWithEachAlgorithm(SignatureAlgorithm algorithm) throws GeneralSecurityException {
        KeyPair pair = TestKeys.of(algorithm);
        VerificationKey key = TestKeys.verificationKey("k", pair, algorithm);
        byte[] signature = HandMade.signature(algorithm.name(), SIGNED, pair.getPrivate());

        assertThat(key.verifies(algorithm, TEXT, SIGNED.length, signature)).isTrue();
        assertThat(key.verifies(algorithm, TEXT, SIGNED.length - 1, signature)).isFalse();
        assertThat(key.verifies(algorithm, TEXT, SIGNED.length + 1, signature)).isFalse();
        assertThat(key.verifies(algorithm, new byte[100], SIGNED.length, signature))
                .isFalse();
        signature[signature.length - 1] ^= 1;
        assertThat(key.verifies(algorithm, TEXT, SIGNED.length, signature)).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void takesNoSignatureOfAnotherAlgorithm(SignatureAlgorithm algorithm) throws GeneralSecurityException {
        KeyPair pair = TestKeys.of(algorithm);
        VerificationKey key = TestKeys.verificationKey("k", pair, algorithm);
        for (SignatureAlgorithm other : SignatureAlgorithm.values()) {
            if (other != algorithm && TestKeys.of(other) == pair) {
                byte[] signature = HandMade.signature(other.name(), SIGNED, pair.getPrivate());
                assertThat(key.verifies(algorithm, TEXT, SIGNED.length, signature))
                        .as(other.name())
                        .isFalse();
            }
        }
    }

    @Test
    void asksNoProviderAboutWhatCannotBeASignature() throws GeneralSecurityException {
        VerificationKey key = new VerificationKey(
                new Jca(new NoCryptography()), "k", TestKeys.RSA.getPublic(), Set.of(RS256), signature -> null);

        assertThat(key.verifies(RS256, TEXT, SIGNED.length, new byte[256])).isFalse();
    }

    @Test
    void aSignatureThatAProviderCannotReadIsWrong() throws GeneralSecurityException {
        VerificationKey key =
                new VerificationKey(new Jca(null), "k", TestKeys.P256.getPublic(), Set.of(ES256), AS_IT_IS);

        assertThat(key.verifies(ES256, TEXT, SIGNED.length, new byte[] {0x30, 0x01}))
                .isFalse();
    }

    @Test
    void aProviderThatCannotTellSaysNothingAboutASignature() {
        VerificationKey key = new VerificationKey(
                new Jca(new NoCryptography()), "k", TestKeys.RSA.getPublic(), Set.of(RS256), AS_IT_IS);

        assertThatThrownBy(() -> key.verifies(RS256, TEXT, SIGNED.length, new byte[256]))
                .isInstanceOf(NoSuchAlgorithmException.class);
    }

    @Test
    void isForTheAlgorithmsThatItWasSelectedFor() {
        VerificationKey key = TestKeys.verificationKey("k", TestKeys.RSA, RS256, PS256);

        assertThat(key.isFor(RS256)).isTrue();
        assertThat(key.isFor(PS256)).isTrue();
        assertThat(key.isFor(RS512)).isFalse();
        assertThat(key.isFor(ES256)).isFalse();
        assertThat(key.id()).isEqualTo("k");
    }

    @Test
    void isEqualToTheSameKeyWithTheSameIdAndUse() {
        VerificationKey key = TestKeys.verificationKey("k", TestKeys.RSA, RS256);

        assertThat(key)
                .isEqualTo(TestKeys.verificationKey("k", TestKeys.RSA, RS256))
                .hasSameHashCodeAs(TestKeys.verificationKey("k", TestKeys.RSA, RS256))
                .isNotEqualTo(TestKeys.verificationKey("l", TestKeys.RSA, RS256))
                .isNotEqualTo(TestKeys.verificationKey("k", TestKeys.OTHER_RSA, RS256))
                .isNotEqualTo(TestKeys.verificationKey("k", TestKeys.RSA, RS256, RS512))
                .isNotEqualTo(null)
                .isNotEqualTo("k")
                .doesNotHaveSameHashCodeAs(TestKeys.verificationKey("k", TestKeys.OTHER_RSA, RS256));
    }

    @Test
    void allCryptographyIsThatOfTheProviderThatWasSet() throws GeneralSecurityException {
        assertThat(new Jca(Security.getProvider("SunRsaSign"))
                        .signature(RS256)
                        .getProvider()
                        .getName())
                .isEqualTo("SunRsaSign");
        assertThat(new Jca(Security.getProvider("SUN")).sha256().getProvider().getName())
                .isEqualTo("SUN");
        Jca none = new Jca(new NoCryptography());
        for (SignatureAlgorithm algorithm : SignatureAlgorithm.values()) {
            assertThatThrownBy(() -> none.signature(algorithm)).isInstanceOf(NoSuchAlgorithmException.class);
        }
        assertThatThrownBy(none::sha256).isInstanceOf(NoSuchAlgorithmException.class);
    }
}
