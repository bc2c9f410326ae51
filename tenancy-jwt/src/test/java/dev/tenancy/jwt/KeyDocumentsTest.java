package dev.tenancy.jwt;

import static dev.tenancy.jwt.StrictJsonTest.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.text.ParseException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyDocumentsTest {
    private static final String ISSUER = "https://issuer.test";

    @TempDir
    private Path folder;

    @Test
    void aFileIsReadEachTimeAnew() throws IOException, ParseException {
        Path file = Files.writeString(folder.resolve("keys.json"), "{\"keys\":[]}");
        KeyDocument document = KeyDocuments.in(file);

        assertThat(document.read()).containsOnlyKeys("keys");
        Files.writeString(file, "{\"other\":1}");
        assertThat(document.read()).containsOnlyKeys("other");
        Files.writeString(file, "garbage");
        assertThatThrownBy(document::read).isInstanceOf(ParseException.class);
        Files.delete(file);
        assertThatThrownBy(document::read).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void aFileHasAtMost512KiB() throws IOException, ParseException {
        Path file = folder.resolve("keys.json");
        String frame = "{\"a\":\"\"}";
        String most = frame.replace("\"\"", "\"" + "x".repeat(512 * 1024 - frame.length()) + "\"");
        KeyDocument document = KeyDocuments.in(file);

        Files.writeString(file, most);
        assertThat(document.read()).containsOnlyKeys("a");
        Files.writeString(file, most + " ");
        assertThatThrownBy(document::read).isInstanceOf(IOException.class).hasMessageContaining("524288 bytes");
    }

    @ParameterizedTest
    @CsvSource({
        "https://issuer.test, https://issuer.test/.well-known/openid-configuration",
        "https://issuer.test/, https://issuer.test/.well-known/openid-configuration",
        "https://issuer.test/realms/a, https://issuer.test/realms/a/.well-known/openid-configuration",
        "https://issuer.test/realms/a/, https://issuer.test/realms/a/.well-known/openid-configuration"
    })
    void metadataAreBeneathTheIssuer(String issuer, String metadata) {
        assertThat(KeyDocuments.metadataOf(issuer)).isEqualTo(URI.create(metadata));
    }

    private static URI keySetIn(String issuer, String metadata) throws ParseException {
        return KeyDocuments.keySetIn(read("{" + metadata + "}"), issuer);
    }

    private static String metadata(String issuer, String uri) {
        return "\"issuer\":\"" + issuer + "\",\"jwks_uri\":\"" + uri + "\"";
    }

    @ParameterizedTest
    @CsvSource({
        "https://issuer.test, https://keys.test/a",
        "http://localhost, https://keys.test/a",
        "http://localhost, http://127.0.0.1:8080/a"
    })
    void metadataSayWhereTheKeySetIs(String issuer, String uri) throws ParseException {
        assertThat(keySetIn(issuer, metadata(issuer, uri))).isEqualTo(URI.create(uri));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://keys.test/",
                "http://localhost/keys",
                "http://169.254.169.254/latest",
                "file:///etc/passwd",
                "https://user:pass@keys.test/",
                "/keys",
                "",
                "not an address",
                "https://keys.test/{a}"
            })
    void theyPointNowhereElseAndAreNotRepeated(String uri) {
        assertThatThrownBy(() -> keySetIn(ISSUER, metadata(ISSUER, uri)))
                .isInstanceOf(ParseException.class)
                .hasMessageContaining("jwks_uri of the metadata is bad; allowed: https")
                .hasMessageNotContaining("keys.test")
                .hasMessageNotContaining("not an address");
    }

    @Test
    void theyAreOfTheIssuerAndHaveAnAddress() {
        String uri = "https://keys.test/";

        assertThatThrownBy(() -> keySetIn(ISSUER, metadata("https://other.test", uri)))
                .hasMessageContaining("another issuer");
        assertThatThrownBy(() -> keySetIn(ISSUER, metadata(ISSUER + "/", uri))).hasMessageContaining("another issuer");
        assertThatThrownBy(() -> keySetIn(ISSUER, "\"jwks_uri\":\"" + uri + "\""))
                .hasMessageContaining("another issuer");
        assertThatThrownBy(() -> keySetIn(ISSUER, "\"issuer\":\"" + ISSUER + "\""))
                .hasMessageContaining("no jwks_uri");
        assertThatThrownBy(() -> keySetIn(ISSUER, "\"issuer\":\"" + ISSUER + "\",\"jwks_uri\":7"))
                .hasMessageContaining("no jwks_uri");
    }
}
