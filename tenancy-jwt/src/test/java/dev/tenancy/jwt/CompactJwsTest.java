package dev.tenancy.jwt;

import static dev.tenancy.jwt.HandMade.base64;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.GeneralSecurityException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CompactJwsTest {

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{", " {", "\t{", "\r{", "\n{", "  {", "   {", "    {", "\r\n\t {", "{\u00ff"})
    void threeOrFivePartsOfWhichTheFirstBeginsAnObjectAreMeantToBeAToken(String start) {
        assertThat(CompactJws.isMeant(base64(start) + ".a.b")).isTrue();
        assertThat(CompactJws.isMeant(base64(start) + "..")).isTrue();
        assertThat(CompactJws.isMeant(base64(start) + ".a.b.c.d")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"e30=.a.b", "ey!.a.b", "e30 .a.b", "eyJ\u00e9.!.?"})
    void howeverWrongTheRestIs(String credential) {
        assertThat(CompactJws.isMeant(credential)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"e30", "e30.", "e30.a", "e30.a.b.c", "e30.a.b.c.d.e", "e30.a.b.c.d.e.f", ""})
    void anotherNumberOfPartsIsSomethingElse(String credential) {
        assertThat(CompactJws.isMeant(credential)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "   ", "    ", "[", "\"", "a", "}", "\u0000{", "\u000b{", " x{", "\ufeff{", "[{"})
    void partsOfWhichTheFirstBeginsNoObjectAreSomethingElse(String start) {
        assertThat(CompactJws.isMeant(base64(start) + ".e30.e30")).isFalse();
        assertThat(CompactJws.isMeant(base64(start) + "..")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"..", "....", "e.e30.e30", "!.a.b", "!e30.a.b", "ICAg!30.a.b", "I!30.a.b", "\u00e9\u00e9.a.b"})
    void partsOfWhichTheFirstBeginsWithNoBase64AreSomethingElse(String credential) {
        assertThat(CompactJws.isMeant(credential)).isFalse();
    }

    @Test
    void aTokenIsTakenApart() throws RefusedException {
        CompactJws jws = CompactJws.parse(HandMade.signed("{\"alg\":\"RS256\"}", "{\"sub\":\"u1\"}", new byte[3]));

        assertThat(jws.header()).isEqualTo(Map.of("alg", "RS256"));
        assertThat(jws.claims()).isEqualTo(Map.of("sub", "u1"));
    }

    @Test
    void itIsSignedIfAKeySignedHeaderAndPayloadAsTheyStandThere() throws GeneralSecurityException, RefusedException {
        VerificationKey key = TestKeys.verificationKey("k", TestKeys.P256, SignatureAlgorithm.ES256);
        String header = " {\"alg\" : \"ES256\"} ";
        String signed = HandMade.es256(header, "{}", TestKeys.P256.getPrivate());
        String other = HandMade.es256("{\"alg\":\"ES256\"}", "{}", TestKeys.P256.getPrivate());
        String exchanged = base64(header) + other.substring(other.indexOf('.'));

        assertThat(CompactJws.parse(signed).isSignedBy(key, SignatureAlgorithm.ES256))
                .isTrue();
        assertThat(CompactJws.parse(exchanged).isSignedBy(key, SignatureAlgorithm.ES256))
                .isFalse();
    }

    @Test
    void anEncryptedTokenIsRefused() {
        assertRefused("e30.a.b.c.d", "encrypted");
        assertRefused("e30....", "encrypted");
    }

    @ParameterizedTest
    @CsvSource({
        "e30=.e30.AAAA, base64url",
        "e31.e30.AAAA, base64url",
        "e30.e31.AAAA, base64url",
        "e30.e30.AAA=, base64url",
        "e30.e30.AAB, base64url",
        "e30.e30.A, base64url",
        "e30.e30.\u00e9, base64url",
        "ew.e30.AAAA, header",
        "e30.ew.AAAA, payload",
        "e30.W10.AAAA, payload",
        "e30..AAAA, payload"
    })
    void aPartThatIsWrongIsNamed(String token, String part) {
        assertRefused(token, part);
    }

    private static void assertRefused(String token, String why) {
        assertThatThrownBy(() -> CompactJws.parse(token))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining(why);
    }
}
