package dev.tenancy.jwt;

/** The keys of an issuer cannot be had, so that nothing can be said about its tokens. The message has no URL. */
final class KeysUnavailableException extends Exception {
    private static final long serialVersionUID = 1L;

    KeysUnavailableException(String message) {
        super(message, null, false, false);
    }
}
