package dev.tenancy.jwt;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrustedUriTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://keys.test",
                "HTTPS://keys.test/a?b=c",
                "https://keys.test:8443/",
                "https://10.0.0.1/",
                "https://localhost/",
                "http://localhost/",
                "HTTP://localhost:8080/keys",
                "http://127.0.0.1/",
                "http://127.1.2.3:80/",
                "http://[::1]/",
                "http://[::1]:8080/"
            })
    void nobodyOnTheWayCanPretendToBeIt(String uri) {
        assertThat(TrustedUri.isTrusted(URI.create(uri))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://keys.test",
                "http://localhost.test/",
                "http://LOCALHOST.test/",
                "http://xlocalhost/",
                "http://127.0.0.1.test/",
                "http://127.0.0/",
                "http://128.0.0.1/",
                "http://10.0.0.1/",
                "http://0.0.0.0/",
                "http://[::2]/",
                "http://[::ffff:127.0.0.1]/",
                "ftp://localhost/",
                "file:///keys.json",
                "httpss://keys.test/",
                "https:keys",
                "https:///keys",
                "//keys.test/",
                "/keys",
                "keys",
                "https://user@keys.test/",
                "https://user:secret@keys.test/",
                "http://user@localhost/",
                "https://keys.test/#part",
                "http://localhost/#"
            })
    void somebodyElseCouldBeThere(String uri) {
        assertThat(TrustedUri.isTrusted(URI.create(uri))).isFalse();
    }
}
