package dev.tenancy.jwt;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The places that key sets are read from. */
final class KeyDocuments {
    private static final String WELL_KNOWN = "/.well-known/openid-configuration";

    private KeyDocuments() {}

    /** A key set on the web. */
    static KeyDocument at(URI uri, Duration timeout) {
        HttpDocument http = new HttpDocument(timeout);
        return () -> http.read(uri);
    }

    /** The key set that the issuer's metadata point to (OpenID Connect Discovery 1.0 section 4). */
    static KeyDocument discoveredAt(String issuer, Duration timeout) {
        HttpDocument http = new HttpDocument(timeout);
        URI metadata = metadataOf(issuer);
        return () -> http.read(keySetIn(http.read(metadata), issuer));
    }

    /** A key set in a file. */
    static KeyDocument in(Path file) {
        return () -> {
            try (InputStream content = Files.newInputStream(file)) {
                byte[] bytes = content.readNBytes(HttpDocument.MAX_BYTES + 1);
                if (bytes.length > HttpDocument.MAX_BYTES) {
                    throw new IOException("it has more than " + HttpDocument.MAX_BYTES + " bytes");
                }
                return StrictJson.object(bytes);
            }
        };
    }

    static URI metadataOf(String issuer) {
        return URI.create((issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer) + WELL_KNOWN);
    }

    /** The key set that metadata point to; not over http if the issuer is not. */
    static URI keySetIn(Map<String, @Nullable Object> metadata, String issuer) throws ParseException {
        if (!issuer.equals(metadata.get("issuer"))) {
            throw new ParseException("the metadata are of another issuer", 0);
        }
        if (!(metadata.get("jwks_uri") instanceof String text)) {
            throw new ParseException("the metadata have no jwks_uri", 0);
        }
        try {
            URI uri = URI.create(text);
            if (TrustedUri.isTrusted(uri) && (!TrustedUri.isHttp(uri) || TrustedUri.isHttp(URI.create(issuer)))) {
                return uri;
            }
        } catch (IllegalArgumentException notAnAddress) {
            // Said below; its message repeats the text.
        }
        throw new ParseException("the jwks_uri of the metadata is bad; allowed: " + TrustedUri.ALLOWED, 0);
    }
}
