package dev.tenancy;

import java.util.List;
import java.util.regex.Pattern;

/** The names that header fields and cookies may have: a token (RFC 9110 section 5.6.2). */
final class FieldNames {
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");

    private FieldNames() {}

    /** A name that no request can have would look as if nothing were ever presented. */
    static void require(String name, String what) {
        if (!TOKEN.matcher(name).matches()) {
            throw new TenancyConfigException(List.of(
                    "the name of " + what + " is bad; allowed: letters, digits and ! # $ % & ' * + - . ^ _ ` | ~"));
        }
    }
}
