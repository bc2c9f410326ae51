package dev.tenancy.example.benchmarks.jwt;

/** A token signed with ES256, remembered by ours. */
public class Es256Remembered extends Resolve {
    /** Makes issuer and token. */
    public Es256Remembered() {
        super(Issuer.es256(), true);
    }
}
