package dev.tenancy.jwt;

import java.io.IOException;
import java.text.ParseException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where the key set of an issuer is read from, each time anew. */
@FunctionalInterface
interface KeyDocument {

    /**
     * The key set (RFC 7517 section 5), as far as it is a JSON object.
     *
     * @throws IOException if it cannot be had
     * @throws ParseException if what is there is none
     */
    Map<String, @Nullable Object> read() throws IOException, ParseException;
}
