package dev.tenancy.example.benchmarks.jwt;

/** A token signed with ES256, verified each time. */
public class Es256 extends Resolve {
    /** Makes issuer and token. */
    public Es256() {
        super(Issuer.es256(), false);
    }
}
