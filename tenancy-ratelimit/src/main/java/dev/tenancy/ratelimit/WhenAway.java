package dev.tenancy.ratelimit;

/**
 * What a limit is worth while the server that counts it cannot be reached. In memory there is no such time.
 *
 * @since 0.1
 */
public enum WhenAway {
    /** Nobody passes: the request is answered with 503. The default. */
    DENY("deny"),
    /** Each replica counts its share of the limit by itself; see the store for how large that is. */
    SHARE("share"),
    /** Everybody passes, and this limit is not counted. */
    ALLOW("allow");

    private final String word;

    WhenAway(String word) {
        this.word = word;
    }

    /** {@return how it is written in the text of a limit} */
    String word() {
        return word;
    }
}
