package dev.tenancy.jwt;

import static dev.tenancy.jwt.SignatureAlgorithm.ES256;
import static dev.tenancy.jwt.SignatureAlgorithm.RS256;
import static dev.tenancy.jwt.StrictJsonTest.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.text.ParseException;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenHeaderTest {
    private static final Set<SignatureAlgorithm> ALLOWED = Set.of(RS256, ES256);

    private static TokenHeader header(String members, boolean accessTokensOnly)
            throws RefusedException, ParseException {
        return TokenHeader.of(read("{\"alg\":\"RS256\"" + members + "}"), ALLOWED, accessTokensOnly);
    }

    private static void assertRefused(String members, boolean accessTokensOnly, String why) {
        assertThatThrownBy(() -> header(members, accessTokensOnly))
                .as(members)
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining(why);
    }

    @ParameterizedTest
    @EnumSource
    void itsAlgorithmIsOneThatIsAllowed(SignatureAlgorithm algorithm) throws RefusedException, ParseException {
        String header = "{\"alg\":\"" + algorithm + "\"}";

        assertThat(TokenHeader.of(read(header), Set.of(algorithm), false).algorithm())
                .isEqualTo(algorithm);
        if (ALLOWED.contains(algorithm)) {
            assertThat(TokenHeader.of(read(header), ALLOWED, false).algorithm()).isEqualTo(algorithm);
        } else {
            assertThatThrownBy(() -> TokenHeader.of(read(header), ALLOWED, false))
                    .hasMessageContaining("algorithm is not allowed");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"alg\":null}",
                "{\"alg\":1}",
                "{\"alg\":[\"RS256\"]}",
                "{\"alg\":\"\"}",
                "{\"alg\":\"none\"}",
                "{\"alg\":\"HS256\"}",
                "{\"alg\":\"rs256\"}",
                "{\"alg\":\"RS256 \"}",
                "{\"ALG\":\"RS256\"}"
            })
    void anythingElseIsNoAlgorithm(String header) {
        assertThatThrownBy(() -> TokenHeader.of(read(header), ALLOWED, false))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("algorithm is not allowed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"jwk", "jku", "x5u", "x5c", "crit", "b64", "zip", "enc", "epk", "apu", "apv"})
    void noParameterBringsAKeyOrChangesTheRulesWhateverItsValue(String parameter) {
        for (String value : new String[] {"null", "false", "\"\"", "[]", "{}"}) {
            assertRefused(",\"" + parameter + "\":" + value, false, "brings a key along");
        }
    }

    @Test
    void otherParametersSayNothing() throws RefusedException, ParseException {
        assertThat(header(",\"x5t\":\"a\",\"x5t#S256\":\"b\",\"iss\":\"c\",\"JKU\":\"d\"", false))
                .isEqualTo(new TokenHeader(RS256, null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"JWT", "jwt", "application/jwt", "Application/JWT", "at+jwt", "AT+JWT", "application/at+jwt"})
    void itsTypeIsThatOfATokenOrOfAnAccessToken(String type) throws RefusedException, ParseException {
        String members = ",\"typ\":\"" + type + "\"";

        assertThat(header(members, false).algorithm()).isEqualTo(RS256);
        if (type.contains("+")) {
            assertThat(header(members, true).algorithm()).isEqualTo(RS256);
        } else {
            assertRefused(members, true, "typ is not at+jwt");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"\"",
                "null",
                "1",
                "[\"JWT\"]",
                "\"logout+jwt\"",
                "\"dpop+jwt\"",
                "\"JWE\"",
                "\"application/\"",
                "\"text/jwt\"",
                "\"application/application/jwt\"",
                "\" jwt\""
            })
    void noOtherTypeIsTaken(String type) {
        assertRefused(",\"typ\":" + type, false, "typ is not one of");
        assertRefused(",\"typ\":" + type, true, "typ is not at+jwt");
    }

    @Test
    void itMayLeaveTheTypeOutUnlessOnlyAccessTokensAreTaken() throws RefusedException, ParseException {
        assertThat(header("", false).algorithm()).isEqualTo(RS256);
        assertRefused("", true, "typ is not at+jwt");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"JWT\"", "\"\"", "null", "1"})
    void itHasNoTokenInside(String contentType) {
        assertRefused(",\"cty\":" + contentType, false, "another token inside");
    }

    @Test
    void itNamesAKeyOrNone() throws RefusedException, ParseException {
        assertThat(header("", false).keyId()).isNull();
        assertThat(header(",\"kid\":\"k1\"", false).keyId()).isEqualTo("k1");
        assertThat(header(",\"kid\":\"\"", false).keyId()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "1", "true", "[\"k1\"]", "{}"})
    void whatIsNoTextNamesNoKeyAndIsNotTheSameAsNone(String keyId) {
        assertRefused(",\"kid\":" + keyId, false, "kid is not a string");
    }
}
