package dev.tenancy.jwt;

import java.security.Provider;

/** A provider that has nothing. */
final class NoCryptography extends Provider {
    private static final long serialVersionUID = 1L;

    NoCryptography() {
        super("NoCryptography", "1", "a provider that has nothing");
    }
}
