package dev.tenancy.example.gateway;

/** When tests cut a gateway off from its database. */
final class Outages {
    /**
     * After all others. A pool does not try connections that were used within half a second: so long, one that broke
     * may still be given to a request.
     */
    static final int LAST = Integer.MAX_VALUE;

    private Outages() {}
}
