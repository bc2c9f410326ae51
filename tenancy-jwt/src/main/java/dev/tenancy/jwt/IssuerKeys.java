package dev.tenancy.jwt;

/** The keys of one issuer, as far as they are known now. Thread-safe. */
interface IssuerKeys {

    /**
     * The keys to verify tokens with; the same object until they change.
     *
     * @throws KeysUnavailableException if there are none, or they are too old
     */
    KeySet current() throws KeysUnavailableException;

    /**
     * The keys after somebody looked for one that is not among {@code known}; the same object if that cannot be helped
     * now.
     *
     * @throws KeysUnavailableException if it may be a new key, and new keys cannot be read
     */
    KeySet beyond(KeySet known) throws KeysUnavailableException;

    /** Keys that never change. */
    static IssuerKeys fixed(KeySet keys) {
        return new IssuerKeys() {
            @Override
            public KeySet current() {
                return keys;
            }

            @Override
            public KeySet beyond(KeySet known) {
                return keys;
            }
        };
    }
}
