package dev.tenancy.jwt;

import static dev.tenancy.jwt.HandMade.base64;
import static dev.tenancy.jwt.HandMade.jwk;
import static dev.tenancy.jwt.SignatureAlgorithm.ES256;
import static dev.tenancy.jwt.SignatureAlgorithm.ES384;
import static dev.tenancy.jwt.SignatureAlgorithm.PS256;
import static dev.tenancy.jwt.SignatureAlgorithm.RS256;
import static dev.tenancy.jwt.SignatureAlgorithm.RS512;
import static dev.tenancy.jwt.TestKeys.OTHER_RSA;
import static dev.tenancy.jwt.TestKeys.P256;
import static dev.tenancy.jwt.TestKeys.P384;
import static dev.tenancy.jwt.TestKeys.RSA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import java.math.BigInteger;
import java.security.Provider;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeySelectionTest {
    private static final Set<SignatureAlgorithm> DEFAULT = Set.of(RS256, ES256);

    private static KeySet select(String... keys) {
        return TestKeys.keySet(DEFAULT, keys);
    }

    private static List<String> ids(KeySet keys) {
        return keys.keys().stream().map(VerificationKey::id).toList();
    }

    private static void assertLeftOut(String key, String reason) {
        KeySet selected = select(key, jwk("good", RSA, ""));

        assertThat(ids(selected)).containsExactly("good");
        assertThat(selected.leftOut()).singleElement().asString().isEqualTo(reason);
    }

    /** An RSA key of a modulus and an exponent that nobody has the private key of. */
    private static String rsa(BigInteger modulus, long exponent) {
        byte[] bytes = modulus.toByteArray();
        byte[] unsigned = bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
        return "{\"kty\":\"RSA\",\"kid\":\"k\",\"n\":\"" + base64(unsigned) + "\",\"e\":\""
                + base64(BigInteger.valueOf(exponent).toByteArray()) + "\"}";
    }

    private static BigInteger modulus() {
        return ((RSAPublicKey) RSA.getPublic()).getModulus();
    }

    @Test
    void keysForSignaturesAreSelectedInTheirOrder() {
        KeySet selected = select(
                jwk("e", P256, ",\"use\":\"sig\",\"alg\":\"ES256\""),
                jwk("r", RSA, ",\"key_ops\":[\"verify\"],\"alg\":\"RS256\""),
                jwk("o", OTHER_RSA, ",\"x5t\":\"AAAA\",\"unknown\":{\"a\":[null]}"));

        assertThat(ids(selected)).containsExactly("e", "r", "o");
        assertThat(selected.leftOut()).isEmpty();
        assertThat(selected.isEmpty()).isFalse();
    }

    @Test
    void aKeyIsForTheAllowedAlgorithmsOfItsKindUnlessItSaysForWhichOne() {
        Set<SignatureAlgorithm> allowed = Set.of(RS256, PS256, ES256, ES384);
        KeySet selected = TestKeys.keySet(
                allowed,
                jwk("r", RSA, ""),
                jwk("p", OTHER_RSA, ",\"alg\":\"PS256\""),
                jwk("e", P256, ""),
                jwk("f", P384, ""));

        assertThat(ids(selected)).containsExactly("r", "p", "e", "f");
        assertThat(selected.keys().stream().map(key -> algorithmsOf(key, SignatureAlgorithm.values())))
                .containsExactly(List.of(RS256, PS256), List.of(PS256), List.of(ES256), List.of(ES384));
    }

    private static List<SignatureAlgorithm> algorithmsOf(VerificationKey key, SignatureAlgorithm... all) {
        return Arrays.stream(all).filter(key::isFor).toList();
    }

    @Test
    void candidatesHaveTheIdThatIsNamedOrAnyAndFitTheAlgorithm() {
        KeySet selected = select(jwk("r", RSA, ""), jwk("e", P256, ""), jwk("o", OTHER_RSA, ""));
        List<VerificationKey> keys = selected.keys();

        assertThat(selected.candidates("r", RS256)).containsExactly(keys.get(0));
        assertThat(selected.candidates("r", ES256)).isEmpty();
        assertThat(selected.candidates("R", RS256)).isEmpty();
        assertThat(selected.candidates("", RS256)).isEmpty();
        assertThat(selected.candidates(null, RS256)).containsExactly(keys.get(0), keys.get(2));
        assertThat(selected.candidates(null, ES256)).containsExactly(keys.get(1));
        assertThat(selected.candidates(null, RS512)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            ,"use":"enc"                  ; its use is not sig
            ,"use":"SIG"                  ; its use is not sig
            ,"key_ops":["encrypt"]        ; its key_ops are without verify
            ,"key_ops":["sign"]           ; its key_ops are without verify
            ,"key_ops":[]                 ; its key_ops are without verify
            ,"alg":"RS512"                ; it is for an algorithm that is not allowed
            ,"alg":"PS256"                ; it is for an algorithm that is not allowed
            ,"alg":"ES256"                ; it is for an algorithm that is not allowed
            ,"alg":"RSA-OAEP"             ; it is for an algorithm that is not allowed
            ,"alg":"HS256"                ; it is for an algorithm that is not allowed
            """)
    void keysForSomethingElseAreLeftOut(String members, String reason) {
        assertLeftOut(jwk("k", OTHER_RSA, members), "key k: " + reason);
    }

    @Test
    void keysThatAreSymmetricOrOfAnotherKindAreLeftOut() {
        String reason = "key k: it is symmetric, or of a kind that no allowed algorithm uses";

        assertLeftOut("{\"kty\":\"oct\",\"kid\":\"k\",\"k\":\"" + base64(new byte[32]) + "\"}", reason);
        assertLeftOut(
                "{\"kty\":\"OKP\",\"kid\":\"k\",\"crv\":\"Ed25519\",\"x\":\"" + base64(new byte[32]) + "\"}", reason);
    }

    @Test
    void aPublishedPrivatePartIsKnownToAll() {
        BigInteger d = ((RSAPrivateKey) OTHER_RSA.getPrivate()).getPrivateExponent();
        String key = jwk("k", OTHER_RSA, ",\"d\":\"" + base64(d.toByteArray()) + "\"");

        assertLeftOut(key, "key k: its private part is published: whoever can read it can sign");
    }

    @Test
    void keysInHandMayHaveTheirPrivatePart() throws ParseException {
        BigInteger d = ((RSAPrivateKey) RSA.getPrivate()).getPrivateExponent();
        List<JWK> keys = JWKSet.parse(
                        HandMade.jwks(jwk("k", RSA, ",\"d\":\"" + base64(d.toByteArray()) + "\""), jwk("e", P384, "")))
                .getKeys();
        KeySet selected = KeySelection.inHand(keys, new Jca(null), DEFAULT);

        assertThat(ids(selected)).containsExactly("k");
        assertThat(selected.leftOut()).containsExactly("key e: no allowed algorithm uses its curve");
    }

    @Test
    void anRsaKeyHasAtLeast2048Bits() {
        String reason = "key k: it has less than 2048 bits";
        BigInteger weak = BigInteger.ONE.shiftLeft(2047).subtract(BigInteger.ONE);

        assertLeftOut(rsa(weak, 65_537), reason);
        assertLeftOut(rsa(BigInteger.valueOf(15), 65_537), reason);
        assertThat(ids(select(rsa(weak.shiftLeft(1).add(BigInteger.ONE), 65_537))))
                .containsExactly("k");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 3, 65_535, 65_536, 65_538})
    void theExponentOfAnRsaKeyIsOddAndAtLeast65537(long exponent) {
        assertLeftOut(
                rsa(modulus(), exponent), "key k: its exponent is even or less than 65537, or its modulus is even");
        assertThat(ids(select(rsa(modulus(), 65_537)))).containsExactly("k");
        assertThat(ids(select(rsa(modulus(), 65_539)))).containsExactly("k");
    }

    @Test
    void theModulusOfAnRsaKeyIsOdd() {
        assertLeftOut(
                rsa(modulus().subtract(BigInteger.ONE), 65_537),
                "key k: its exponent is even or less than 65537, or its modulus is even");
    }

    @Test
    void anEcKeyIsOnTheCurveOfAnAllowedAlgorithm() {
        String reason = "key k: no allowed algorithm uses its curve";

        assertLeftOut(jwk("k", P384, ""), reason);
        assertLeftOut(jwk("k", TestKeys.P521, ""), reason);
        assertLeftOut(
                "{\"kty\":\"EC\",\"kid\":\"k\",\"crv\":\"secp256k1\","
                        + "\"x\":\"eb5mfvncu6xVoGKVzocLBwKb_NstzijZWfKBWxb4F5g\","
                        + "\"y\":\"SDradyajxGVdpPv8DhEIqP0XtEimhVQZnEfQj_sQ1Lg\"}",
                reason);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1",
                "null",
                "\"key\"",
                "[]",
                "{}",
                "{\"kty\":\"unknown\"}",
                "{\"kty\":1}",
                "{\"kty\":\"RSA\",\"kid\":\"k\"}",
                "{\"kty\":\"RSA\",\"n\":1,\"e\":\"AQAB\"}",
                "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AQ\",\"y\":\"AQ\"}",
                "{\"kty\":\"EC\",\"crv\":\"P-9\",\"x\":\"AQ\",\"y\":\"AQ\"}"
            })
    void whatIsMalformedIsLeftOutByItsNumber(String key) {
        assertLeftOut(key, "key number 1 is malformed, or of an unknown kind");
        assertThat(select(jwk("good", RSA, ""), key).leftOut())
                .containsExactly("key number 2 is malformed, or of an unknown kind");
    }

    @Test
    void anEcKeyThatIsOffItsCurveIsMalformed() {
        String good = jwk("k", P256, "");
        String x = good.replaceAll(".*\"x\":\"([^\"]*)\".*", "$1");
        String off = good.replaceAll("\"y\":\"[^\"]*\"", "\"y\":\"" + x + "\"");

        assertLeftOut(off, "key number 1 is malformed, or of an unknown kind");
        assertLeftOut(jwk("k", P384, "").replace("P-384", "P-256"), "key number 1 is malformed, or of an unknown kind");
    }

    @Test
    void noneOfTwoKeysOfOneIdIsUsed() {
        KeySet selected = select(jwk("k", RSA, ""), jwk("good", P256, ""), jwk("k", OTHER_RSA, ""));

        assertThat(ids(selected)).containsExactly("good");
        assertThat(selected.leftOut())
                .containsExactly(
                        "key k: another one of its kind has the same kid",
                        "key k: another one of its kind has the same kid");
    }

    @Test
    void keysOfTwoKindsMayShareAnId() {
        KeySet selected = select(jwk("k", RSA, ""), jwk("k", P256, ""));

        assertThat(selected.leftOut()).isEmpty();
        assertThat(selected.candidates("k", RS256))
                .containsExactly(selected.keys().get(0));
        assertThat(selected.candidates("k", ES256))
                .containsExactly(selected.keys().get(1));
    }

    @Test
    void aKeyThatIsListedTwiceIsOne() {
        KeySet selected = select(jwk("k", RSA, ""), jwk("k", RSA, ",\"use\":\"sig\""), jwk("k", RSA, ""));

        assertThat(ids(selected)).containsExactly("k");
        assertThat(selected.leftOut()).isEmpty();
    }

    @Test
    void aKeyThatCannotBeUsedTakesNoIdAway() {
        KeySet selected = select(rsa(BigInteger.valueOf(0x800001), 65_537), jwk("k", RSA, ""));

        assertThat(ids(selected)).containsExactly("k");
        assertThat(selected.leftOut()).containsExactly("key k: it has less than 2048 bits");
    }

    @Test
    void aKeyForSomethingElseTakesNoIdAway() {
        KeySet selected = select(jwk("k", RSA, ""), jwk("k", OTHER_RSA, ",\"use\":\"enc\""));

        assertThat(ids(selected)).containsExactly("k");
        assertThat(selected.leftOut()).containsExactly("key k: its use is not sig");
    }

    @Test
    void keysWithoutAnIdAreNotOfOneId() {
        String unnamed = jwk("k", RSA, "").replace("\"kid\":\"k\",", "");
        String other = jwk("k", OTHER_RSA, "").replace("\"kid\":\"k\",", "");

        assertThat(ids(select(unnamed, other, jwk("null", P256, "")))).containsExactly(null, null, "null");
    }

    @Test
    void anIdThatIsNotPlainIsNotRepeated() {
        String reason = "key with an unusual kid, or none: its use is not sig";
        String forEncryption = jwk("k", OTHER_RSA, ",\"use\":\"enc\"");

        assertLeftOut(forEncryption.replace("\"kid\":\"k\",", ""), reason);
        for (String id : new String[] {"a\\nforged line", "a b", "", "\u00e9", "k".repeat(129)}) {
            assertLeftOut(forEncryption.replace("\"kid\":\"k\"", "\"kid\":\"" + id + "\""), reason);
        }
        String longest = "aZ9._:~+/=-" + "k".repeat(117);
        assertLeftOut(jwk(longest, OTHER_RSA, ",\"use\":\"enc\""), "key " + longest + ": its use is not sig");
    }

    @Test
    void aKeyThatTheProviderRefusesIsLeftOutBeforeAnyTokenNeedsIt() throws ParseException {
        for (Provider provider : List.of(new NoCryptography(), new FailingSignatures(true))) {
            KeySet selected = KeySelection.published(
                    StrictJsonTest.read(HandMade.jwks(jwk("k", RSA, ""), jwk("e", P256, ""))),
                    new Jca(provider),
                    DEFAULT);

            assertThat(selected.isEmpty()).isTrue();
            assertThat(selected.leftOut())
                    .containsExactly(
                            "key k: the cryptographic provider refuses it",
                            "key e: the cryptographic provider refuses it");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"keys\":null}", "{\"keys\":{}}", "{\"keys\":\"\"}", "{\"Keys\":[]}"})
    void aDocumentWithoutAnArrayOfKeysIsNoKeySet(String document) {
        assertThatThrownBy(() -> KeySelection.published(StrictJsonTest.read(document), new Jca(null), DEFAULT))
                .isInstanceOf(ParseException.class)
                .hasMessageContaining("no array");
    }

    @Test
    void aKeySetMayBeEmpty() {
        assertThat(select().isEmpty()).isTrue();
    }
}
